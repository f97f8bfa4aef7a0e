"""Tables of when: rounds of applications, and the days of seminars and fairs."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, plausible_day


class ApplicationRound(Base):
    """A further window of applications, after the one in the version's own dates."""

    __tablename__ = "application_round"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="opens_before_closing"),
        CheckConstraint(plausible_day("opens_on"), name="opens_on_plausible"),
        CheckConstraint(plausible_day("closes_on"), name="closes_on_plausible"),
        CheckConstraint("opens_on IS NOT NULL OR closes_on IS NOT NULL", name="has_date"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str | None] = mapped_column(String(60))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]


class ListingEvent(Base):
    """A day on which a seminar or fair is held, in Japan's time."""

    __tablename__ = "listing_event"
    __table_args__ = (
        CheckConstraint(plausible_day("held_on"), name="held_on_plausible"),
        CheckConstraint("starts_at <= ends_at", name="starts_before_end"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    venue: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(200))
    capacity: Mapped[int | None]
