"""What may be put into the outbox, and that nothing in a mail becomes another part of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.db import write_transaction
from portal.mail import services
from portal.mail.delivery import Round
from portal.mail.services import Mail, UnusableAddressError
from tests.conftest import NOW
from tests.portal.mail.conftest import SENDER, Outbox, SendTo
from tests.smtp_server import RunningServer

LINE_ENDS = ("\r\n", "\n", "\r", "\0", "\u2028", "\u2029", "\x85", "\v", "\f", "\x1c")
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("mime-version", "content-type"),
}


@pytest.mark.parametrize("part", ["subject", "text", "html"])
@pytest.mark.parametrize("line_end", LINE_ENDS)
@pytest.mark.parametrize(
    "injected", ["Bcc: thief@example.com", "\r\n.\r\nRCPT TO:<thief@example.com>"]
)
def test_nothing_adds_a_header_or_a_recipient(
    outbox: Outbox, server: RunningServer, send_to: SendTo, part: str, line_end: str, injected: str
) -> None:
    send_to(server.port)
    outbox.write(**{part: f"青森{line_end}{injected}{line_end}{line_end}あと"})
    assert outbox.deliver() == Round(sent=1)
    (taken,) = server.sink.taken
    assert taken.recipients == ("owner@shop.example.jp",)
    assert taken.sender == SENDER
    assert {name.lower() for name in taken.message} == HEADERS
    assert len(taken.message["Subject"].splitlines()) == 1
    assert "thief@example.com" in taken.message["Subject"] + taken.text() + taken.text("html")


@pytest.mark.parametrize(
    "address",
    [
        *(f"owner@shop.example.jp{line_end}Bcc: thief@example.com" for line_end in LINE_ENDS),
        *(f"owner@shop.example.jp{line_end}" for line_end in LINE_ENDS),
        *("a@example.jp,b@example.jp", "a@example.jp;b@example.jp", "a@example.jp b@example.jp"),
        *("A <a@example.jp>", "<a@example.jp>", '"a b"@example.jp', "a@b@example.jp"),
        *("", "@example.jp", "a", "a@", "a@-example.jp", "a@example..jp", "a@example.jp."),
        *("=?utf-8?q?x?=@example.jp", "=?x?q?=40example.com=3ecollab?=foo@example.jp"),
        *("青森@example.jp", "a@青森.jp", "a@[127.0.0.1]", "a@example.jp>\r\nDATA"),
        *("a" * 65 + "@example.jp", "a@" + "b" * 64 + ".jp", "a@" + "b." * 130 + "jp"),
    ],
)
def test_address_that_is_none_or_several_is_refused(
    database: sessionmaker[Session], address: str
) -> None:
    with write_transaction(database) as session, pytest.raises(UnusableAddressError):
        services.enqueue(session, Mail(address, "件名", "本文", "<p>本文</p>"), now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        *("owner@shop.example.jp", "A.B+c_d-e@EXAMPLE.jp", "a@localhost"),
        *("two..dots@docomo.example.jp", "dot.@docomo.example.jp"),
    ],
)
def test_address_arrives_as_it_is(
    outbox: Outbox, server: RunningServer, send_to: SendTo, address: str
) -> None:
    send_to(server.port)
    outbox.write(to=address)
    assert outbox.deliver() == Round(sent=1)
    (taken,) = server.sink.taken
    assert taken.recipients == (address,)


def test_rolled_back_mail_is_never_sent(outbox: Outbox) -> None:
    def fail_after_writing() -> None:
        with write_transaction(outbox.sessions) as session:
            services.enqueue(session, Mail("a@example.jp", "件名", "本文", "<p></p>"), now=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_writing()
    assert outbox.rows() == []


def test_each_mail_has_a_message_id_of_its_own(outbox: Outbox) -> None:
    for _ in range(3):
        outbox.write()
    assert len({row.message_id for row in outbox.rows()}) == 3


def test_any_text_can_be_stored_and_sent(
    outbox: Outbox, server: RunningServer, send_to: SendTo
) -> None:
    send_to(server.port)
    odd = "髙﨑①㈱😀\ud800\0\x07\tおわり\n.\n..\nFrom a\n" + "長" * 5_000
    outbox.write(subject=odd, text=odd, html=odd)
    assert outbox.deliver() == Round(sent=1)
    (taken,) = server.sink.taken
    kept = odd.replace("\ud800", "?").replace("\0", " ").replace("\x07", " ")
    assert taken.text().splitlines() == kept.splitlines()
    assert taken.message["Subject"] == " ".join(kept.split())[:200]


@pytest.fixture
def written(outbox: Outbox) -> Iterator[Session]:
    """A transaction on an outbox with a mail in it."""
    outbox.write()
    with outbox.sessions() as session:
        yield session


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'lost', text = '', html = ''", "state_known"),
        ("state = 'failed'", "bodies_emptied"),
        ("state = 'sent', text = '', html = ''", "sent_has_time"),
        ("sent_at = created_at", "sent_has_time"),
        ("attempts = -1", "attempts_count_up"),
        ("recipient = ''", "recipient_given"),
    ],
)
def test_database_keeps_rows_to_their_rules(written: Session, change: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=f"ck_outgoing_mail_{constraint}"):
        written.execute(text(f"UPDATE outgoing_mail SET {change}"))  # noqa: S608
