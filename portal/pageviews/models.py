"""What was counted, by day; and how far the files of raw lines were read."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, one_of
from portal.pageviews.kinds import ClickKind, Device, PageKind, ViewClass
from portal.pageviews.lines import LONGEST_CONDITIONS

HASH_LENGTH = 64


class DailyPageView(Base):
    """Requests for public pages of one day in Japan, alike in all that is told of them.

    ``listing_id`` and ``version_id`` are 0 on pages that are of no listing. They are no foreign
    keys: a line of raw text speaks of what was there when it was written.
    """

    __tablename__ = "daily_page_view"
    __table_args__ = (
        CheckConstraint(one_of("page_kind", PageKind), name="page_kind_known"),
        CheckConstraint(one_of("view_class", ViewClass), name="view_class_known"),
        CheckConstraint(one_of("device", Device), name="device_known"),
        CheckConstraint("views >= 1", name="views_counted"),
        CheckConstraint("(listing_id = 0) = (version_id = 0)", name="version_of_listing"),
        Index("ix_daily_page_view_listing_id_viewed_on", "listing_id", "viewed_on"),
    )

    viewed_on: Mapped[date] = mapped_column(primary_key=True)
    view_class: Mapped[str] = mapped_column(String(10), primary_key=True)
    page_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    listing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The version that was shown: what the listing was for at that moment."""
    device: Mapped[str] = mapped_column(String(10), primary_key=True)
    is_sample: Mapped[bool] = mapped_column(primary_key=True, default=False, server_default=false())
    """Whether a demo made them up."""
    views: Mapped[int]


class SearchCondition(Base):
    """A search as people made it: the query string without its order and page."""

    __tablename__ = "search_condition"

    id: Mapped[int] = mapped_column(primary_key=True)
    conditions: Mapped[str] = mapped_column(String(LONGEST_CONDITIONS), unique=True)


class DailySearch(Base):
    """How often people made a search on a day in Japan, and how often it found little."""

    __tablename__ = "daily_search"
    __table_args__ = (
        CheckConstraint("searches >= 1", name="searches_counted"),
        CheckConstraint(
            "without_hits >= 0 AND with_few_hits >= 0 AND without_hits + with_few_hits <= searches",
            name="little_is_part_of_all",
        ),
    )

    searched_on: Mapped[date] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey("search_condition.id"), primary_key=True)
    searches: Mapped[int]
    without_hits: Mapped[int]
    with_few_hits: Mapped[int]
    """Some, but not more than ``FEW_HITS``."""


class DailySearchVisit(Base):
    """How often people came to a listing from the results of a search, on a day in Japan."""

    __tablename__ = "daily_search_visit"
    __table_args__ = (
        CheckConstraint("visits >= 1", name="visits_counted"),
        Index("ix_daily_search_visit_listing_id_visited_on", "listing_id", "visited_on"),
    )

    visited_on: Mapped[date] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    condition_id: Mapped[int] = mapped_column(ForeignKey("search_condition.id"), primary_key=True)
    visits: Mapped[int]


class DailyClick(Base):
    """Clicks of people on the page of a listing, on a day in Japan."""

    __tablename__ = "daily_click"
    __table_args__ = (
        CheckConstraint(one_of("click_kind", ClickKind), name="click_kind_known"),
        CheckConstraint("clicks >= 1", name="clicks_counted"),
        Index("ix_daily_click_listing_id_clicked_on", "listing_id", "clicked_on"),
    )

    clicked_on: Mapped[date] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    click_kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    clicks: Mapped[int]


class SpoolFile(Base):
    """A file of raw lines, and how far it was counted: written in one transaction with what was
    counted, so that no line is lost and none is counted twice."""

    __tablename__ = "spool_file"
    __table_args__ = (
        CheckConstraint("consumed_bytes >= 0", name="consumed_from_start"),
        CheckConstraint("(sha256 IS NULL) = (archived_at IS NULL)", name="archive_is_summed"),
        CheckConstraint(f"length(sha256) = {HASH_LENGTH}", name="sum_is_hash"),
    )

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    place: Mapped[str] = mapped_column(String(200), index=True)
    """The data folder it lies in, as ``Folders.place`` calls it."""
    consumed_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    lines: Mapped[int] = mapped_column(default=0)
    """Of pages and clicks that were counted."""
    damaged_lines: Mapped[int] = mapped_column(default=0)
    """Whole lines that nothing could be read from."""
    cut_bytes: Mapped[int] = mapped_column(default=0)
    """At the end of a file that nobody writes any more, without the end of a line."""
    last_on: Mapped[date | None]
    """The latest day in Japan that a line of it speaks of."""
    bot_list: Mapped[str] = mapped_column(String(60), default="")
    """The list of bots by which its lines were judged last."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    """Of the compressed file in the archive."""


class SpooledLine(Base):
    """Raw lines that could not be written to a file, kept here instead."""

    __tablename__ = "spooled_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    """A line of an agent and one that names it, each with its end."""
    is_counted: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)


class SpoolPlace(Base):
    """A data folder of a host that writes raw lines, and until when all of them are counted."""

    __tablename__ = "spool_place"

    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    counted_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """What was written there before this instant is counted."""
    bot_list: Mapped[str] = mapped_column(String(60), default="")


class ImportedPageView(Base):
    """Page views of a predecessor of this portal, by fiscal year or by month."""

    __tablename__ = "imported_page_view"
    __table_args__ = (
        CheckConstraint("month BETWEEN 0 AND 12", name="month_of_year"),
        CheckConstraint("fiscal_year BETWEEN 2000 AND 2100", name="fiscal_year_plausible"),
        CheckConstraint("views >= 0", name="views_not_negative"),
    )

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The calendar month; 0 for the whole year."""
    views: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
