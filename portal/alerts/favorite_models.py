"""Tables of what members were told of their favourites, and whether they want to be."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class AlertSetting(Base):
    """Which mails about their favourites a member wants; without a row, all of them."""

    __tablename__ = "alert_setting"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    has_deadline_mails: Mapped[bool] = mapped_column(default=True)
    deadline_mails_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they were turned on again: what was due before is not made up for."""
    has_change_mails: Mapped[bool] = mapped_column(default=True)


class DeadlineNotice(Base):
    """A member was told of a deadline so many days before; never twice of the same."""

    __tablename__ = "deadline_notice"
    __table_args__ = (CheckConstraint("days_before > 0", name="days_before_positive"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id"), primary_key=True, autoincrement=False
    )
    closes_on: Mapped[date] = mapped_column(primary_key=True, index=True)
    days_before: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChangeNotice(Base):
    """Up to which public version of a favourite a member was told what matters of it."""

    __tablename__ = "change_notice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_change_notice_version",
        ),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id"), primary_key=True, autoincrement=False
    )
    version_id: Mapped[int]
    is_withdrawn: Mapped[bool]
    """Whether the listing was no longer public then."""
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Also of what did not matter, so that nothing was mailed. It counts for a favourite that was
    saved before."""
