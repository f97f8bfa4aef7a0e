"""All sums of a fiscal year, of one reading of the database: so whatever is told of them agrees."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from portal.fiscal_year import FiscalYear
from portal.pageviews.queries import first_counted_on
from portal.reports import queries
from portal.reports.queries import WHOLE_YEAR, AgencyFacts, VersionFacts, ViewSum
from portal.reports.yearly import LeftOut

Counts = Counter[str]


@dataclass(frozen=True, slots=True)
class ViewParts:
    """Counted page views by each of what they are told by."""

    months: Counter[int] = field(default_factory=Counter)
    listings: Counter[int] = field(default_factory=Counter)
    without_listing: int = 0
    page_kinds: Counts = field(default_factory=Counter)
    devices: Counts = field(default_factory=Counter)
    agencies: Counts = field(default_factory=Counter)
    kinds: Counts = field(default_factory=Counter)
    purposes: Counts = field(default_factory=Counter)
    industries: Counts = field(default_factory=Counter)
    regions: Counts = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class YearSums:
    """What is known of the page views of a year.

    ``parts`` is None where this portal did not count; ``months`` has None for a month of which
    nothing is known.
    """

    year: FiscalYear
    parts: ViewParts | None
    imported: Mapping[int, int]
    months: Mapping[int, int | None]
    titles: Mapping[int, str]
    """What each listing was called when it was shown last."""
    agencies: Mapping[int, AgencyFacts]
    left_out: LeftOut
    has_samples: bool

    @property
    def counted(self) -> int:
        """Page views that this portal counted."""
        return self.parts.months.total() if self.parts else 0

    @property
    def taken_over(self) -> int:
        """Page views that a predecessor counted."""
        return sum(self.imported.values())

    @property
    def is_known_in_part(self) -> bool:
        """Whether months that lie before known ones are not known themselves."""
        known = [self.months[month] is not None for _, month in months_of(self.year)]
        return any(earlier < later for earlier, later in pairwise(known))

    @property
    def total(self) -> int | None:
        """All page views; None if nothing is known."""
        is_known = self.parts is not None or self.imported
        return self.counted + self.taken_over if is_known else None


def read(session: Session, year: FiscalYear, *, today: date) -> YearSums:
    """Sum up a year."""
    views = queries.sum_views(session, year)
    classes = queries.sum_classes(session, year)
    imported = queries.imported_views(session, year)
    facts = queries.version_facts(session, (row.version_id for row in views if row.version_id))
    agencies = queries.agencies_of(session, (row.listing_id for row in views if row.listing_id))
    began_on = first_counted_on(session)
    is_current = year == FiscalYear.containing(today)
    has_begun = began_on is not None and began_on <= year.ends_on
    is_counted = is_current or (has_begun and year.starts_on <= today)
    parts = _parts(views, facts, agencies) if is_counted else None
    return YearSums(
        year=year,
        parts=parts,
        imported=imported,
        months=_months(year, parts, imported, began_on=began_on or today, today=today),
        titles=_titles(views, facts),
        agencies=agencies,
        left_out=_left_out(classes.requests),
        has_samples=classes.has_samples,
    )


def months_of(year: FiscalYear) -> list[tuple[int, int]]:
    """Calendar year and month from April to March."""
    return [(year.year + (month < 4), month) for month in (*range(4, 13), 1, 2, 3)]


def _months(
    year: FiscalYear,
    parts: ViewParts | None,
    imported: Mapping[int, int],
    *,
    began_on: date,
    today: date,
) -> Mapping[int, int | None]:
    if WHOLE_YEAR in imported:
        return dict.fromkeys((month for _, month in months_of(year)))
    first, last = (began_on.year, began_on.month), (today.year, today.month)
    months: dict[int, int | None] = {}
    for calendar_year, month in months_of(year):
        is_counted = parts is not None and first <= (calendar_year, month) <= last
        counted = parts.months[month] if parts else 0
        is_known = is_counted or counted or month in imported
        months[month] = counted + imported.get(month, 0) if is_known else None
    return months


def _parts(
    views: list[ViewSum],
    facts: Mapping[int, VersionFacts],
    agencies: Mapping[int, AgencyFacts],
) -> ViewParts:
    parts, without_listing = ViewParts(), 0
    for row in views:
        parts.months[row.month] += row.views
        parts.page_kinds[row.page_kind] += row.views
        parts.devices[row.device] += row.views
        if not row.listing_id:
            without_listing += row.views
            continue
        parts.listings[row.listing_id] += row.views
        if row.listing_id in agencies:
            parts.agencies[agencies[row.listing_id].code] += row.views
        shown = facts.get(row.version_id)
        if shown is not None:
            parts.kinds[shown.kind] += row.views
            _add(parts.purposes, shown.purposes, row.views)
            _add(parts.industries, shown.industries, row.views)
            _add(parts.regions, shown.regions, row.views)
    return replace(parts, without_listing=without_listing)


def _add(counts: Counts, codes: tuple[str, ...], views: int) -> None:
    for code in codes:
        counts[code] += views


def _titles(views: list[ViewSum], facts: Mapping[int, VersionFacts]) -> Mapping[int, str]:
    last: dict[int, int] = {}
    for row in views:
        if row.version_id in facts:
            last[row.listing_id] = max(last.get(row.listing_id, 0), row.version_id)
    return {listing_id: facts[version_id].title for listing_id, version_id in last.items()}


def _left_out(requests: Mapping[str, int]) -> LeftOut:
    return LeftOut(**{field.name: requests.get(field.name, 0) for field in fields(LeftOut)})
