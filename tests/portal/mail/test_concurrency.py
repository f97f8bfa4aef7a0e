"""Many processes send at once, and every mail is taken once."""

import signal
from collections import Counter
from threading import Event, Thread

import pytest

from portal.mail.delivery import CLAIMED_FOR, Delivered
from portal.mail.models import MailState
from tests.portal.mail.conftest import SENDER, Outbox, SendTo
from tests.processes import run_at_once, start
from tests.smtp_server import LOOPBACK, RunningServer

SENDERS = 8
MAILS = 80

_SENDER = """
import sys
from datetime import datetime
from portal.clock import Clock
from portal.db import make_engine, make_session_factory
from portal.mail.delivery import Mailer, make_transport
from portal.mail_url import parse_mail_url

url, now, server, sender = sys.argv[1:]
mailer = Mailer(
    make_session_factory(make_engine(url)),
    make_transport(parse_mail_url(server), sender=sender),
    Clock(datetime.fromisoformat(now)),
    sender=sender,
    sender_name="portal",
)
print("ready", flush=True)
sys.stdin.readline()
print(mailer.deliver_due().sent)
"""


def arguments_of(outbox: Outbox, server: RunningServer) -> tuple[str, ...]:
    url = outbox.sessions.kw["bind"].url.render_as_string(hide_password=False)
    return (url, outbox.now.isoformat(), f"smtp://{LOOPBACK}:{server.port}", SENDER)


def test_each_mail_is_sent_once_by_many_processes(outbox: Outbox, server: RunningServer) -> None:
    for number in range(MAILS):
        outbox.write(to=f"owner{number}@shop.example.jp")
    arguments = arguments_of(outbox, server)
    sent = [int(printed) for printed in run_at_once(_SENDER, [arguments] * SENDERS)]
    assert sum(sent) == MAILS
    assert sum(count > 0 for count in sent) > 1
    recipients = Counter(taken.recipients[0] for taken in server.sink.taken)
    assert recipients == {f"owner{number}@shop.example.jp": 1 for number in range(MAILS)}
    assert {row.state for row in outbox.rows()} == {MailState.SENT.value}


def test_mail_whose_sender_is_killed_is_sent_again_under_the_same_id(
    outbox: Outbox, server: RunningServer, send_to: SendTo
) -> None:
    send_to(server.port)
    outbox.write()
    process = start(_SENDER, *arguments_of(outbox, server))
    server.sink.on_taken = process.kill
    process.communicate("go\n")
    assert process.returncode == -signal.SIGKILL
    server.sink.on_taken = lambda: None
    assert (outbox.row().state, outbox.row().attempts) == ("waiting", 1)
    assert outbox.deliver() == Delivered()
    assert outbox.deliver(after=CLAIMED_FOR) == Delivered(sent=1)
    first, second = server.sink.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.message["Date"] == second.message["Date"]


def test_mail_that_is_being_sent_is_left_alone(outbox: Outbox, server: RunningServer) -> None:
    outbox.write()
    assert outbox.mailer()._claim() is not None
    assert outbox.mailer()._claim() is None
    assert outbox.deliver() == Delivered()


def test_soon_means_without_waiting_and_including_what_comes_meanwhile(
    outbox: Outbox, server: RunningServer, send_to: SendTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_to(server.port)
    mailer = outbox.mailer()
    first_round, go_on = Event(), Event()
    deliver = mailer.deliver_due

    def deliver_slowly() -> Delivered:
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

    def fail() -> Delivered:
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


def test_waiting_sees_threads_through_that_have_barely_begun(
    outbox: Outbox, server: RunningServer, send_to: SendTo
) -> None:
    send_to(server.port)
    mailer = outbox.mailer()
    for number in range(1, 21):
        outbox.write()
        mailer.deliver_soon()
        assert mailer.wait_until_idle(timeout_s=30)
        assert len(server.sink.taken) == number


def test_machine_without_another_thread_leaves_mail_to_the_next_who_asks(
    outbox: Outbox, server: RunningServer, send_to: SendTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_to(server.port)
    mailer = outbox.mailer()
    outbox.write()

    def fail(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(Thread, "start", fail)
        assert mailer.deliver_soon() is None
    assert mailer.wait_until_idle(timeout_s=0)
    assert server.sink.taken == []
    mailer.deliver_soon()
    assert mailer.wait_until_idle(timeout_s=30)
    assert len(server.sink.taken) == 1
