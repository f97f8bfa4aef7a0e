"""The table of messages of visitors."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agencies.models import Agency
from portal.db import Base, UtcDateTime, one_of
from portal.listings.models import Listing
from portal.mail_address import LONGEST_ADDRESS

LONGEST_TEXT = 2_000


class Topic(StrEnum):
    """What a message is about; of a listing, what is wrong in it."""

    DATES = "dates"
    CONDITIONS = "conditions"
    CONTACT = "contact"
    LINK = "link"
    OVER = "over"
    USE = "use"
    ACCOUNT = "account"
    ACCESS = "access"
    """The portal is hard to see or to operate."""
    PRIVACY = "privacy"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What it is called on pages and in mails."""
        return _TOPIC_LABELS[self]


_TOPIC_LABELS = {
    Topic.DATES: "締切や日程が違う",
    Topic.CONDITIONS: "金額や条件が違う",
    Topic.CONTACT: "電話番号や問い合わせ先が違う",
    Topic.LINK: "リンクが開かない",
    Topic.OVER: "もう終わっている",
    Topic.USE: "このサイトの使い方",
    Topic.ACCOUNT: "ログインや登録",
    Topic.ACCESS: "見づらい・使いにくい",
    Topic.PRIVACY: "個人情報の取扱い",
    Topic.OTHER: "そのほか",
}

TOPICS_OF_LISTING: Sequence[Topic] = (
    *(Topic.DATES, Topic.CONDITIONS, Topic.CONTACT, Topic.LINK, Topic.OVER),
    Topic.OTHER,
)
TOPICS_OF_PORTAL: Sequence[Topic] = (
    *(Topic.USE, Topic.ACCOUNT, Topic.ACCESS, Topic.PRIVACY),
    Topic.OTHER,
)


class MessageState(StrEnum):
    """What became of a message."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Message(Base):
    """A message of a visitor: about a listing, then it is for the agency that leads it; or about
    the portal, then it is for the prefecture.

    It can hold what tells of a person, so the row goes some time after it was dealt with, and is
    told by its number alone wherever it must not be forgotten.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(one_of("topic", Topic), name="topic_known"),
        CheckConstraint(one_of("state", MessageState), name="state_known"),
        CheckConstraint(
            "(listing_id IS NULL) = (agency_id IS NULL)", name="about_listing_of_agency"
        ),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_length"),
        CheckConstraint("reply_to <> ''", name="reply_to_given"),
        CheckConstraint("(state = 'open') = (handled_at IS NULL)", name="handled_has_time"),
        CheckConstraint(f"length(answer) <= {LONGEST_TEXT}", name="answer_length"),
        CheckConstraint("(state = 'answered') = (answer <> '')", name="answered_has_answer"),
        Index("ix_message_agency_id_state", "agency_id", "state"),
        # The record of events names messages by number, which must not become another one's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(12))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    """Which agency led the listing when the message came."""
    text: Mapped[str] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    """Where an answer is wanted, if one is."""
    state: Mapped[str] = mapped_column(String(10), default=MessageState.OPEN.value)
    answer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was answered or closed."""

    listing: Mapped[Listing | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
