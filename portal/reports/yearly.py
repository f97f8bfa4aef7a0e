"""The yearly report as one value: what its page and its four files tell, and nothing else does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.fiscal_year import FiscalYear


class ReportFormat(StrEnum):
    """A file that the report can be taken as."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Page views of a calendar month; None where nothing is known by month."""

    year: int
    month: int
    views: int | None
    previous: int | None
    """A year before."""

    @property
    def label(self) -> str:
        """What tables and the chart call it."""
        return f"{self.month}月"


@dataclass(frozen=True, slots=True)
class ValueRow:
    """Page views of what has one value of an agency, a kind, a purpose, …"""

    code: str
    label: str
    views: int
    previous: int | None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """Page views of a listing. A title that was taken over has neither id nor number."""

    public_id: str | None
    title: str
    agency: str
    views: int | None
    previous: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name: 「新しく公開した支援情報」 12 「件」."""

    code: str
    label: str
    value: int
    previous: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class SearchedRow:
    """A search that was made often enough to be told; ``address`` makes it again."""

    label: str
    address: str
    searches: int
    days: int
    without_hits: int
    with_few_hits: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Requests for pages that are no page views."""

    bot: int
    staff: int
    prefetch: int
    monitor: int
    other: int


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """Page views of a fiscal year with what is needed to explain them. None is 「わからない」.

    ``total_page_views`` = the sum of ``by_month`` (where months are known) = the sum of
    ``by_listing`` + ``views_without_listing`` + ``taken_over_page_views``. ``by_purpose``,
    ``by_industry`` and ``by_region`` count a view once for each value that the listing had when it
    was shown.
    """

    fiscal_year: FiscalYear
    portal_name: str
    programme: str
    total_page_views: int | None
    previous_total_page_views: int | None
    change_percent: float | None
    """Against the year before, to one decimal place."""
    cost_yen: int | None
    previous_cost_yen: int | None
    yen_per_view: float | None
    """To one decimal place."""
    previous_yen_per_view: float | None
    counted_until: datetime | None
    """None for a year that was taken over whole."""
    is_taken_over: bool
    """Whether any of the year's views were counted by a predecessor."""
    is_previous_taken_over: bool
    is_sample: bool
    """Whether a demo made any of what is told up."""
    by_month: tuple[MonthRow, ...]
    by_listing: tuple[ListingRow, ...]
    views_without_listing: int
    by_page_kind: tuple[ValueRow, ...]
    by_agency: tuple[ValueRow, ...]
    by_kind: tuple[ValueRow, ...]
    by_purpose: tuple[ValueRow, ...]
    by_industry: tuple[ValueRow, ...]
    by_region: tuple[ValueRow, ...]
    by_device: tuple[ValueRow, ...]
    left_out: LeftOut
    activity: tuple[Figure, ...]
    """Listings posted, updated, confirmed; favourites and alerts."""
    clicks: tuple[Figure, ...]
    top_searches: tuple[SearchedRow, ...]
    searches_with_little: tuple[SearchedRow, ...]
    notes: tuple[str, ...]
    """What holds for this year alone: taken over, made up, months that are not known."""
    definitions: tuple[str, ...]
    """What a page view is and what is left out, in sentences."""
    made_at: datetime
    made_by: str
    closed_at: datetime | None
    taken_over_page_views: int = 0
    """What a predecessor counted; of these nothing is known but the year, or the month."""
