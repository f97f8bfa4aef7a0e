"""The statistics of an agency as one value: what their page and files tell, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.fiscal_year import FiscalYear
from portal.pageviews.kinds import ClickKind


class Measure(StrEnum):
    """What is counted of a listing, in the order in which it is told."""

    VIEWS = "views"
    """Page views of people: of its page, and of what belongs to it."""
    VISITS = "visits"
    """Those of them that came from the results of a search, as far as that is told."""
    APPLY = ClickKind.APPLY.value
    CONTACT = ClickKind.CONTACT.value
    SITE = ClickKind.SITE.value

    @property
    def label(self) -> str:
        """What tables call it."""
        return _LABELS[self]


_LABELS = {
    Measure.VIEWS: "閲覧",
    Measure.VISITS: "検索からの訪問",
    Measure.APPLY: "申込ページのクリック",
    Measure.CONTACT: "電話・メールのクリック",
    Measure.SITE: "公式ページのクリック",
}

Numbers = Mapping[Measure, int | None]
"""A number of each measure; None for what is not known, or is too little to be told."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A calendar month, and the same a year before."""

    year: int
    month: int
    numbers: Numbers
    previous_views: int | None

    @property
    def label(self) -> str:
        """What tables call it."""
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True, slots=True)
class ListingFigures:
    """A listing of the agency. ``favorites`` are those that members keep now."""

    public_id: str
    title: str
    is_public: bool
    numbers: Numbers
    previous_views: int | None
    favorites: int


@dataclass(frozen=True, slots=True)
class LedSearch:
    """A search from whose results people came to a listing often enough to be told."""

    public_id: str
    title: str
    label: str
    address: str
    visits: int
    days: int


@dataclass(frozen=True, slots=True)
class AgencyStatistics:
    """What was counted of an agency's listings in a fiscal year.

    ``total`` is the sum of ``listings`` for every measure, and of ``months`` but for visits: months
    with too few are not told one by one.
    """

    agency_code: str
    agency_name: str
    fiscal_year: FiscalYear
    counted_until: datetime | None
    """None where nothing was counted yet."""
    is_sample: bool
    """Whether a demo made any of it up."""
    total: Numbers
    previous_total: Numbers
    """All None where nothing was counted a year before."""
    favorites: int
    months: tuple[MonthFigures, ...]
    listings: tuple[ListingFigures, ...]
    """The most viewed first."""
    searches: tuple[LedSearch, ...]
    """The most visits first."""
