"""Puts the statistics of an agency together from what was counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.fiscal_year import FiscalYear
from portal.listings.models import ListingState, public_id_of
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import standing
from portal.pageviews.queries import first_counted_on
from portal.reports import statistics_queries as queries
from portal.reports.agency_statistics import (
    AgencyStatistics,
    LedSearch,
    ListingFigures,
    Measure,
    MonthFigures,
    Numbers,
)
from portal.reports.search_visits import ToldVisits, told_visits
from portal.reports.searched import SearchReader
from portal.reports.statistics_queries import Counted, OwnListing

_MONTHS = (*range(4, 13), *range(1, 4))
_UNKNOWN: Numbers = dict.fromkeys(Measure)
_COUNTED_ONE_BY_ONE = (Measure.VIEWS, Measure.APPLY, Measure.CONTACT, Measure.SITE)


def counted_years(session: Session, today: date) -> tuple[FiscalYear, ...]:
    """The fiscal years that there are statistics of, this one first."""
    current = FiscalYear.containing(today)
    first_day = first_counted_on(session)
    first = min(FiscalYear.containing(first_day), current) if first_day else current
    return tuple(FiscalYear(year) for year in range(current.year, first.year - 1, -1))


def agency_statistics(
    session: Session, agency: Agency, year: FiscalYear, vocabulary: Vocabulary, *, today: date
) -> AgencyStatistics:
    """What was counted of the listings that an agency leads, in a fiscal year and the one before.

    :param today: months that begin later are not known.
    """
    before = FiscalYear(year.year - 1)
    days = (before.starts_on, year.ends_on)
    counted = [
        *queries.list_views(session, agency.id, *days),
        *queries.list_clicks(session, agency.id, *days),
    ]
    known = _Known(first_counted_on(session), today)
    sums = _Sums(counted)
    visits, visits_before = (
        told_visits(queries.list_visits(session, agency.id, asked)) for asked in (year, before)
    )
    own = {listing.id: listing for listing in queries.list_own(session, agency.id)}
    favorites = queries.count_favorites(session, agency.id)
    listings = [
        ListingFigures(
            public_id=public_id_of(listing.id),
            title=listing.title,
            is_public=listing.state == ListingState.PUBLISHED,
            numbers=sums.of_listing(year, listing.id, visits),
            previous_views=sums.views(before, listing.id) if known.has(before) else None,
            favorites=favorites.get(listing.id, 0),
        )
        for listing in own.values()
    ]
    has_before = known.has(before)
    return AgencyStatistics(
        agency_code=agency.code,
        agency_name=agency.name,
        fiscal_year=year,
        counted_until=standing.counted_until(session),
        is_sample=any(one.is_sample for one in counted),
        total=sums.of_year(year, visits),
        previous_total=sums.of_year(before, visits_before) if has_before else _UNKNOWN,
        favorites=sum(favorites.values()),
        months=tuple(_month(year, month, sums, visits, known) for month in _MONTHS),
        listings=tuple(sorted((row for row in listings if _is_told(row)), key=_order)),
        searches=_searches(session, agency.id, year, own, SearchReader(session, vocabulary)),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Of which months anything is known: from the first day that was counted until today."""

    first_day: date | None
    today: date

    def has_month(self, year: int, month: int) -> bool:
        if self.first_day is None:
            return False
        first = (self.first_day.year, self.first_day.month)
        return first <= (year, month) <= (self.today.year, self.today.month)

    def has(self, year: FiscalYear) -> bool:
        return self.first_day is not None and self.first_day <= year.ends_on


class _Sums:
    """What was counted, added up by fiscal year, by listing of a fiscal year, and by month."""

    def __init__(self, counted: Iterable[Counted]) -> None:
        self._by_year: Counter[tuple[Measure, FiscalYear]] = Counter()
        self._by_listing: Counter[tuple[Measure, FiscalYear, int]] = Counter()
        self._by_month: Counter[tuple[Measure, int, int]] = Counter()
        for one in counted:
            year = one.fiscal_year
            self._by_year[one.measure, year] += one.number
            self._by_listing[one.measure, year, one.listing_id] += one.number
            self._by_month[one.measure, one.year, one.month] += one.number

    def of_year(self, year: FiscalYear, visits: ToldVisits) -> Numbers:
        found = {measure: self._by_year[measure, year] for measure in _COUNTED_ONE_BY_ONE}
        return _in_order(found | {Measure.VISITS: visits.total})

    def of_listing(self, year: FiscalYear, listing_id: int, visits: ToldVisits) -> Numbers:
        found = {
            measure: self._by_listing[measure, year, listing_id] for measure in _COUNTED_ONE_BY_ONE
        }
        return _in_order(found | {Measure.VISITS: visits.by_listing.get(listing_id)})

    def of_month(self, year: int, month: int, visits: ToldVisits) -> Numbers:
        found = {measure: self._by_month[measure, year, month] for measure in _COUNTED_ONE_BY_ONE}
        return _in_order(found | {Measure.VISITS: visits.by_month.get(month)})

    def views(self, year: FiscalYear, listing_id: int) -> int:
        return self._by_listing[Measure.VIEWS, year, listing_id]

    def views_of_month(self, year: int, month: int) -> int:
        return self._by_month[Measure.VIEWS, year, month]


def _in_order(numbers: Numbers) -> Numbers:
    return {measure: numbers[measure] for measure in Measure}


def _month(
    fiscal_year: FiscalYear, month: int, sums: _Sums, visits: ToldVisits, known: _Known
) -> MonthFigures:
    year = fiscal_year.year if month >= 4 else fiscal_year.year + 1
    has_before = known.has_month(year - 1, month)
    return MonthFigures(
        year=year,
        month=month,
        numbers=sums.of_month(year, month, visits) if known.has_month(year, month) else _UNKNOWN,
        previous_views=sums.views_of_month(year - 1, month) if has_before else None,
    )


def _is_told(row: ListingFigures) -> bool:
    """Whether there is a line of it: what is public, and whatever anything was counted of."""
    return row.is_public or any((*row.numbers.values(), row.previous_views, row.favorites))


def _order(row: ListingFigures) -> tuple[int, int, str]:
    return (-(row.numbers[Measure.VIEWS] or 0), -(row.previous_views or 0), row.public_id)


def _searches(
    session: Session,
    agency_id: int,
    year: FiscalYear,
    own: dict[int, OwnListing],
    reader: SearchReader,
) -> tuple[LedSearch, ...]:
    found: list[LedSearch] = []
    for pair in queries.list_told_pairs(session, agency_id, year):
        told = reader.read(pair.conditions)
        found.append(
            LedSearch(
                public_id=public_id_of(pair.listing_id),
                title=own[pair.listing_id].title,
                label=told.label,
                address=told.address,
                visits=pair.visits,
                days=pair.days,
            )
        )
    return tuple(found)
