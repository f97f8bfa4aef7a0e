"""Tables of site notices."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, one_of

LONGEST_TITLE = 60
LONGEST_TEXT = 1_000


class NoticeLevel(StrEnum):
    """How urgent a notice is; pages show the most urgent first."""

    EMERGENCY = "emergency"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The word before its title, so that its colour says nothing alone."""
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    NoticeLevel.EMERGENCY: "緊急",
    NoticeLevel.WARNING: "注意",
    NoticeLevel.INFO: "お知らせ",
}


class SiteNotice(Base):
    """A notice for all visitors; the public sees it from ``starts_at`` until ``ends_at``. Drafts
    are seen by administrators alone and may lack both."""

    __tablename__ = "site_notice"
    __table_args__ = (
        CheckConstraint(one_of("level", NoticeLevel), name="level_known"),
        CheckConstraint(f"length(title) BETWEEN 1 AND {LONGEST_TITLE}", name="title_length"),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text_length"),
        CheckConstraint(
            "NOT is_published OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)",
            name="published_has_times",
        ),
        CheckConstraint("ends_at >= starts_at", name="ends_later"),
        # The record of events names notices by number, which must not become another one's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(Text)
    is_published: Mapped[bool]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeRevision(Base):
    """The one row that counts changes, so that a process sees for little whether its copy of the
    published notices is still good."""

    __tablename__ = "site_notice_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
