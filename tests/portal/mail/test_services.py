"""What may be put into the outbox, and that nothing in a mail becomes another part of it."""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.db import write_transaction
from portal.mail import services
from portal.mail.delivery import Delivered
from portal.mail.services import Mail, UnusableAddressError
from tests.conftest import NOW
from tests.portal.mail.conftest import SENDER, Outbox, SendTo
from tests.portal.test_mail_address import UNUSUAL
from tests.smtp_server import RunningServer

LINE_ENDS = ("\r\n", "\n", "\r", "\0", "\u2028", "\u2029", "\x85", "\v", "\f", "\x1c")
INJECTED = ("Bcc: thief@example.com", "\r\n.\r\nRCPT TO:<thief@example.com>")
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("mime-version", "content-type"),
}


@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_nothing_adds_a_header_or_a_recipient(
    outbox: Outbox, server: RunningServer, send_to: SendTo, line_end: str
) -> None:
    send_to(server.port)
    parts = ("subject", "text", "html")
    for part, injected in product(parts, INJECTED):
        outbox.write(**{part: f"青森{line_end}{injected}{line_end}{line_end}あと"})
    assert outbox.deliver() == Delivered(sent=len(parts) * len(INJECTED))
    for taken in server.sink.taken:
        assert taken.recipients == ("owner@shop.example.jp",)
        assert taken.sender == SENDER
        assert {name.lower() for name in taken.message} == HEADERS
        assert len(taken.message["Subject"].splitlines()) == 1
        shown = taken.message["Subject"] + taken.text() + taken.text("html")
        assert "thief@example.com" in shown


@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_address_that_would_add_a_header_is_refused(
    database: sessionmaker[Session], line_end: str
) -> None:
    for address in (f"a@example.jp{line_end}Bcc: thief@example.com", f"a@example.jp{line_end}"):
        with write_transaction(database) as session, pytest.raises(UnusableAddressError):
            services.enqueue(session, Mail(address, "件名", "本文", "<p>本文</p>"), now=NOW)


@pytest.mark.parametrize("line_end", [*LINE_ENDS, " ", ">", "あ"])
def test_only_an_address_of_the_web_goes_into_the_header_to_unsubscribe(
    outbox: Outbox, server: RunningServer, send_to: SendTo, line_end: str
) -> None:
    for wrong in (
        f"https://a.jp/{line_end}Bcc: b@a.jp",
        f"https://a.jp/{line_end}",
        "mailto:a@a.jp",
    ):
        with pytest.raises(UnusableAddressError):
            outbox.write(unsubscribe_url=wrong)
    send_to(server.port)
    url = f"https://portal.example.jp/alerts/stop/{'A-_9' * 25}"
    outbox.write(unsubscribe_url=url)
    assert outbox.deliver() == Delivered(sent=1)
    (taken,) = server.sink.taken
    assert {name.lower() for name in taken.message} == HEADERS | {
        *("list-unsubscribe", "list-unsubscribe-post")
    }
    # On one line and as it is: broken and encoded, no mail program would read it.
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in server.sink.raw[0]
    assert taken.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert outbox.row().unsubscribe_url is None


def test_unusual_addresses_arrive_as_they_are(
    outbox: Outbox, server: RunningServer, send_to: SendTo
) -> None:
    send_to(server.port)
    for address in UNUSUAL:
        outbox.write(to=address)
    assert outbox.deliver() == Delivered(sent=len(UNUSUAL))
    assert [taken.recipients for taken in server.sink.taken] == [(address,) for address in UNUSUAL]
    assert [taken.message["To"] for taken in server.sink.taken] == list(UNUSUAL)


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
    assert outbox.deliver() == Delivered(sent=1)
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
        (
            "state = 'failed', text = '', html = '', unsubscribe_url = 'https://a.jp/'",
            "unsubscribe_url_emptied",
        ),
        ("state = 'sent', text = '', html = ''", "sent_has_time"),
        ("sent_at = created_at", "sent_has_time"),
        ("attempts = -1", "attempts_count_up"),
        ("recipient = ''", "recipient_given"),
    ],
)
def test_database_keeps_rows_to_their_rules(written: Session, change: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=f"ck_outgoing_mail_{constraint}"):
        written.execute(text(f"UPDATE outgoing_mail SET {change}"))  # noqa: S608
