"""Many processes send at once, and every mail is taken once."""

from collections import Counter
from threading import Event

import pytest

from portal.mail.delivery import Round
from portal.mail.models import MailState
from tests.portal.mail.conftest import SENDER, Outbox, SendTo
from tests.processes import run_at_once
from tests.smtp_server import RunningServer

SENDERS = 8
MAILS = 120

_SENDER = """
import sys
from portal.clock import Clock
from portal.db import make_engine, make_session_factory
from portal.mail.delivery import Mailer, make_transport
from portal.mail_url import parse_mail_url

url, server, sender = sys.argv[1:]
mailer = Mailer(
    make_session_factory(make_engine(url)),
    make_transport(parse_mail_url(server), sender=sender),
    Clock(),
    sender=sender,
    sender_name="portal",
)
print("ready", flush=True)
sys.stdin.readline()
print(mailer.deliver_due().sent)
"""


def test_each_mail_is_sent_once_by_many_processes(outbox: Outbox, server: RunningServer) -> None:
    for number in range(MAILS):
        outbox.write(to=f"owner{number}@shop.example.jp")
    url = outbox.sessions.kw["bind"].url.render_as_string(hide_password=False)
    arguments = (url, f"smtp://127.0.0.1:{server.port}", SENDER)
    sent = [int(printed) for printed in run_at_once(_SENDER, [arguments] * SENDERS)]
    assert sum(sent) == MAILS
    assert sum(count > 0 for count in sent) > 1
    recipients = Counter(taken.recipients[0] for taken in server.sink.taken)
    assert recipients == {f"owner{number}@shop.example.jp": 1 for number in range(MAILS)}
    assert {row.state for row in outbox.rows()} == {MailState.SENT.value}


def test_mail_that_is_being_sent_is_left_alone(outbox: Outbox, server: RunningServer) -> None:
    outbox.write()
    assert outbox.mailer()._claim() is not None
    assert outbox.mailer()._claim() is None
    assert outbox.deliver() == Round()


def test_soon_means_without_waiting_and_including_what_comes_meanwhile(
    outbox: Outbox, server: RunningServer, send_to: SendTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_to(server.port)
    mailer = outbox.mailer()
    first_round, go_on = Event(), Event()
    deliver = mailer.deliver_due

    def deliver_slowly() -> Round:
        done = deliver()
        first_round.set()
        go_on.wait(timeout=30)
        return done

    monkeypatch.setattr(mailer, "deliver_due", deliver_slowly)
    outbox.write(to="first@shop.example.jp")
    thread = mailer.deliver_soon()
    assert thread is not None
    assert first_round.wait(timeout=30)
    outbox.write(to="second@shop.example.jp")
    assert mailer.deliver_soon() is None
    go_on.set()
    thread.join()
    assert [taken.recipients[0] for taken in server.sink.taken] == [
        "first@shop.example.jp",
        "second@shop.example.jp",
    ]


def test_thread_that_failed_does_not_keep_later_ones_from_starting(
    outbox: Outbox, server: RunningServer, send_to: SendTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_to(server.port)
    mailer = outbox.mailer()
    outbox.write()

    def fail() -> Round:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(mailer, "deliver_due", fail)
        thread = mailer.deliver_soon()
        assert thread is not None
        thread.join()
    thread = mailer.deliver_soon()
    assert thread is not None
    thread.join()
    assert len(server.sink.taken) == 1
