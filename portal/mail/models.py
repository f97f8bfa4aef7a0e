"""The table of outgoing mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, one_of
from portal.mail_address import LONGEST_ADDRESS

LONGEST_SUBJECT = 200
LONGEST_ERROR = 500
LONGEST_UNSUBSCRIBE_URL = 500


class MailState(StrEnum):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Base):
    """A mail to one recipient. Its bodies are emptied once it is sent or given up: links in them
    open doors."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state_known"),
        CheckConstraint("state = 'waiting' OR (text = '' AND html = '')", name="bodies_emptied"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("attempts >= 0", name="attempts_count_up"),
        CheckConstraint("recipient <> ''", name="recipient_given"),
        Index("ix_outgoing_mail_state_not_before", "state", "not_before"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(32), unique=True)
    """The part before the @ of the Message-ID, the same in all attempts: by it mail systems know
    two copies for one mail."""
    recipient: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    owner_id: Mapped[int | None]
    """The number of the account that a mail is about where the recipient does not tell: its
    address was another one then, or is to be."""
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next attempt is due. Whoever is about to send moves it on first, which keeps others
    away meanwhile and lets them try if this one dies."""
    good_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the link in it stops working; it is not sent from then on. None if it has none."""
    # Rules of columns that came later stand with them, one each: SQLite adds no others to a table.
    unsubscribe_url: Mapped[str | None] = mapped_column(
        String(LONGEST_UNSUBSCRIBE_URL),
        CheckConstraint(
            "unsubscribe_url IS NULL OR state = 'waiting'", name="unsubscribe_url_emptied"
        ),
    )
    """Where one ends mails of this kind by a single POST; it goes into the headers, and goes from
    here when the bodies do."""
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default=MailState.WAITING.value)
    last_error: Mapped[str | None] = mapped_column(String(LONGEST_ERROR))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
