"""An outbox on a database of each kind, and a mail server beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import Clock
from portal.db import write_transaction
from portal.mail import services
from portal.mail.delivery import Delivered, Mailer, make_transport
from portal.mail.models import OutgoingMail
from portal.mail.services import Mail
from portal.mail.smtp_transport import Patience, SmtpTransport
from portal.mail.transports import MailTransport
from portal.mail_url import MailServer, parse_mail_url
from tests.conftest import NOW
from tests.smtp_server import LOOPBACK, RunningServer, mail_server

SENDER = "no-reply@portal.example.jp"


@dataclass
class Outbox:
    """Sends the mail of one database, at times of its own."""

    sessions: sessionmaker[Session]
    now: datetime = NOW
    transport: MailTransport = field(
        default_factory=lambda: make_transport(parse_mail_url("file:/nowhere"), sender=SENDER)
    )

    def write(
        self,
        to: str = "owner@shop.example.jp",
        *,
        good_until: datetime | None = None,
        **parts: str,
    ) -> int:
        """Put a mail in, committed; returns its id."""
        content = {
            "subject": "お知らせ",
            "text": "本文です。\n",
            "html": "<p>本文です。</p>",
        } | parts
        with write_transaction(self.sessions) as session:
            return services.enqueue(
                session, Mail(to=to, good_until=good_until, **content), now=self.now
            ).id

    def mailer(self) -> Mailer:
        return Mailer(
            self.sessions,
            self.transport,
            Clock(self.now),
            sender=SENDER,
            sender_name="あおビズサーチ",
        )

    def deliver(self, *, after: timedelta = timedelta(0)) -> Delivered:
        """Let time pass, then send what is due."""
        self.now += after
        return self.mailer().deliver_due()

    def rows(self) -> list[OutgoingMail]:
        with self.sessions() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    def row(self) -> OutgoingMail:
        (row,) = self.rows()
        return row


@pytest.fixture
def outbox(database: sessionmaker[Session]) -> Outbox:
    """An empty outbox."""
    return Outbox(database)


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """A mail server that takes everything unless told otherwise."""
    with mail_server() as running:
        yield running


class SendTo(Protocol):
    """Lets the outbox send to a port of this machine."""

    def __call__(self, port: int, query: str = "", *, patience: Patience | None = None) -> None: ...


@pytest.fixture
def send_to(outbox: Outbox) -> SendTo:
    """Chooses the server."""

    def choose(port: int, query: str = "", *, patience: Patience | None = None) -> None:
        destination = parse_mail_url(f"smtp://{LOOPBACK}:{port}{query}")
        assert isinstance(destination, MailServer)
        outbox.transport = SmtpTransport(destination, sender=SENDER, patience=patience)

    return choose
