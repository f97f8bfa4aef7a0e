"""Every mail is sent once, whatever the mail server does, and one never keeps others back."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from portal.mail import delivery
from portal.mail.delivery import (
    CLAIMED_FOR,
    GIVEN_UP_AFTER,
    PAUSES,
    Delivered,
)
from portal.mail.message import build_message
from portal.mail.models import OutgoingMail
from portal.mail.smtp_transport import Patience
from tests.conftest import NOW
from tests.portal.mail.conftest import SENDER, Outbox, SendTo
from tests.smtp_server import RunningServer, closed_port, dripping_server, mail_server

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def chosen_server(request: pytest.FixtureRequest, send_to: SendTo) -> None:
    """Send to the server of the test, if it has one."""
    if "server" in request.fixturenames:
        send_to(request.getfixturevalue("server").port)


def test_mail_arrives_with_all_its_parts(outbox: Outbox, server: RunningServer) -> None:
    outbox.write(
        subject="【あおビズサーチ】ご招待", text="こちらから。\n", html="<p>こちらから。</p>"
    )
    assert outbox.deliver() == Delivered(sent=1)
    (taken,) = server.sink.taken
    assert (taken.sender, taken.recipients) == (SENDER, ("owner@shop.example.jp",))
    message = taken.message
    assert message["Subject"] == "【あおビズサーチ】ご招待"
    assert message["From"] == f"あおビズサーチ <{SENDER}>"
    assert message["To"] == "owner@shop.example.jp"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Fri, 20 Nov 2026 12:00:00 +0900"
    assert message["Message-ID"] == f"<{outbox.row().message_id}@portal.example.jp>"
    assert taken.text().splitlines() == ["こちらから。"]
    assert taken.text("html").splitlines() == ["<p>こちらから。</p>"]


def test_sent_mail_is_written_down_and_its_bodies_are_gone(
    outbox: Outbox, server: RunningServer
) -> None:
    outbox.write()
    outbox.deliver()
    row = outbox.row()
    assert (row.state, row.sent_at, row.attempts, row.last_error) == ("sent", NOW, 1, None)
    assert (row.text, row.html) == ("", "")
    assert outbox.deliver(after=timedelta(days=3)) == Delivered()
    assert len(server.sink.taken) == 1


def test_one_connection_serves_several_mails(outbox: Outbox, server: RunningServer) -> None:
    for number in range(60):
        outbox.write(to=f"owner{number}@shop.example.jp")
    assert outbox.deliver() == Delivered(sent=60)
    assert server.sink.connections == 2
    assert [taken.recipients[0] for taken in server.sink.taken] == [
        f"owner{number}@shop.example.jp" for number in range(60)
    ]


def test_server_that_is_down_gets_the_mail_when_it_is_back(outbox: Outbox, send_to: SendTo) -> None:
    outbox.write()
    with closed_port() as (listener, port):
        send_to(port)
        assert outbox.deliver() == Delivered(postponed=1)
        row = outbox.row()
        assert (row.state, row.attempts) == ("waiting", 1)
        assert row.not_before == NOW + MINUTE
        assert str(row.last_error).startswith("no way to the mail server: ")
        assert outbox.deliver(after=MINUTE / 2) == Delivered()
        with mail_server(listener=listener) as server:
            assert outbox.deliver(after=MINUTE / 2) == Delivered(sent=1)
            assert len(server.sink.taken) == 1


def test_server_that_is_down_is_not_asked_for_each_mail(outbox: Outbox, send_to: SendTo) -> None:
    for _ in range(5):
        outbox.write()
    with closed_port() as (_, port):
        send_to(port)
        assert outbox.deliver() == Delivered(postponed=2)
    assert [row.attempts for row in outbox.rows()] == [1, 1, 0, 0, 0]


def next_pause(outbox: Outbox) -> timedelta:
    """Try when it is due, and tell how long it is until the next time."""
    outbox.now = outbox.row().not_before
    assert outbox.deliver() == Delivered(postponed=1)
    return outbox.row().not_before - outbox.now


def is_given_up(outbox: Outbox) -> bool:
    row = outbox.row()
    if row.state == "failed":
        assert (row.text, row.html, row.sent_at) == ("", "", None)
        assert row.last_error
    return row.state == "failed"


def test_pauses_grow_until_the_mail_is_given_up(outbox: Outbox, server: RunningServer) -> None:
    server.sink.recipient_answers["owner@shop.example.jp"] = ["450 later"] * 100
    outbox.write()
    assert [next_pause(outbox) for _ in range(7)] == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    while outbox.row().not_before + PAUSES[-1] <= NOW + GIVEN_UP_AFTER:
        assert next_pause(outbox) == PAUSES[-1]
    assert not is_given_up(outbox)
    outbox.now = outbox.row().not_before
    assert outbox.deliver() == Delivered(failed=1)
    assert is_given_up(outbox)


def test_mail_does_not_wait_long_for_a_server_that_may_be_back(
    outbox: Outbox, send_to: SendTo
) -> None:
    outbox.write()
    with closed_port() as (_, port):
        send_to(port)
        assert [next_pause(outbox) for _ in range(7)] == [MINUTE] + [5 * MINUTE] * 6
        outbox.now = NOW + GIVEN_UP_AFTER
        assert outbox.deliver() == Delivered(failed=1)
    assert is_given_up(outbox)


def test_mail_is_tried_for_as_long_as_its_link_works(outbox: Outbox, server: RunningServer) -> None:
    server.sink.recipient_answers["owner@shop.example.jp"] = ["450 later"] * 100
    outbox.write(good_until=NOW + timedelta(minutes=21) + PAUSES[3])
    assert [next_pause(outbox) for _ in range(3)] == list(PAUSES[:3])
    outbox.now = outbox.row().not_before
    assert outbox.deliver() == Delivered(failed=1)
    assert is_given_up(outbox)
    assert outbox.row().last_error == "450 later"


def test_mail_whose_link_stopped_working_is_not_sent(outbox: Outbox, server: RunningServer) -> None:
    hour = timedelta(hours=1)
    outbox.write(to="late@shop.example.jp", good_until=NOW + hour)
    outbox.write(to="just@shop.example.jp", good_until=NOW + hour + timedelta(seconds=1))
    assert outbox.deliver(after=hour) == Delivered(sent=1, failed=1)
    assert [taken.recipients for taken in server.sink.taken] == [("just@shop.example.jp",)]
    late = outbox.rows()[0]
    assert (late.state, late.text, late.html) == ("failed", "", "")
    assert "stopped working" in str(late.last_error)


@pytest.mark.parametrize(
    "first",
    [b"", b"220", b"220 hello\r\n25", b"220-hello\r\n220-"],
    ids=["silent", "greeting", "first answer", "endless greeting"],
)
def test_slow_server_is_left_in_time(outbox: Outbox, send_to: SendTo, first: bytes) -> None:
    outbox.write()
    with dripping_server(first) as port:
        send_to(port, patience=Patience(answer_s=0.5, taking_s=0.5))
        assert outbox.deliver() == Delivered(postponed=1)
    assert outbox.row().state == "waiting"


@pytest.mark.parametrize(
    "answer", ["450 mailbox busy", "451 greylisted", "421 too many connections"]
)
def test_temporary_refusal_of_a_recipient_is_tried_again(
    outbox: Outbox, server: RunningServer, answer: str
) -> None:
    server.sink.recipient_answers["owner@shop.example.jp"] = [answer]
    outbox.write()
    assert outbox.deliver() == Delivered(postponed=1)
    assert outbox.row().last_error == answer
    assert outbox.deliver(after=MINUTE) == Delivered(sent=1)
    assert len(server.sink.taken) == 1


def test_permanent_refusal_of_a_recipient_fails_at_once(
    outbox: Outbox, server: RunningServer
) -> None:
    server.sink.recipient_answers["owner@shop.example.jp"] = ["550 no such user"]
    outbox.write()
    assert outbox.deliver() == Delivered(failed=1)
    row = outbox.row()
    assert (row.state, row.last_error) == ("failed", "550 no such user")
    assert (row.text, row.html) == ("", "")
    assert outbox.deliver(after=timedelta(days=1)) == Delivered()
    assert server.sink.taken == []


@pytest.mark.parametrize(
    ("answer", "done"),
    [("554 looks like spam", Delivered(failed=1)), ("452 disk full", Delivered(postponed=1))],
)
def test_refusal_of_the_whole_mail_is_understood(
    outbox: Outbox, server: RunningServer, answer: str, done: Delivered
) -> None:
    server.sink.mail_answers = [answer]
    outbox.write()
    assert outbox.deliver() == done


def test_refused_sender_is_no_fault_of_the_recipient(outbox: Outbox, server: RunningServer) -> None:
    server.sink.sender_answer = "553 unknown sender"
    outbox.write()
    assert outbox.deliver() == Delivered(postponed=1)
    server.sink.sender_answer = None
    assert outbox.deliver(after=MINUTE) == Delivered(sent=1)


@pytest.mark.parametrize("answer", ["550 no such user", "450 later", "421 goodbye"])
def test_refused_address_keeps_no_other_mail_back(
    outbox: Outbox, server: RunningServer, answer: str
) -> None:
    server.sink.recipient_answers["gone@shop.example.jp"] = [answer]
    for to in ("first@shop.example.jp", "gone@shop.example.jp", "last@shop.example.jp"):
        outbox.write(to=to)
    assert outbox.deliver().sent == 2
    assert [taken.recipients[0] for taken in server.sink.taken] == [
        "first@shop.example.jp",
        "last@shop.example.jp",
    ]


def test_attempt_that_outlived_its_claim_does_not_undo_what_another_did(
    outbox: Outbox, server: RunningServer
) -> None:
    outbox.write()
    slow = outbox.mailer()
    mail = slow._claim()
    assert mail is not None
    assert outbox.deliver(after=CLAIMED_FOR) == Delivered(sent=1)
    assert slow._write_down(mail, TimeoutError()) is None
    assert outbox.row().state == "sent"


def test_mail_that_cannot_be_built_keeps_no_other_back(
    outbox: Outbox, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = outbox.write()
    outbox.write(to="other@shop.example.jp")

    def fail_for_one(mail: OutgoingMail, **names: str) -> EmailMessage:
        if mail.id == broken:
            raise LookupError("unknown encoding")
        return build_message(mail, **names)

    monkeypatch.setattr(delivery, "build_message", fail_for_one)
    assert outbox.deliver() == Delivered(sent=1, postponed=1)
    assert outbox.rows()[0].last_error == "unknown encoding"
