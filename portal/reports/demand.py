"""Unmet demand: searches that found nothing or little, by place and month.

What is told of a search follows one rule, so that nothing can be worked out that may not be told.
The months of a year are parted into groups, each of which may be told by itself: a month that was
searched often enough stands alone, all others stand together as one. If these are too few, the
weakest of the told months joins them; if none is left, only the year is told. Every figure is the
sum of such groups, so whatever is left when some are taken from others is a sum of them, too. And
figures of different searches are never added up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from portal.fiscal_year import FiscalYear
from portal.pageviews.models import DailySearch, SearchCondition
from portal.reports.searched import SearchReader, ToldSearch, has_little, is_told, searched_in
from portal.search.params import SearchParams
from portal.search.places import PlaceNames

MONTHS = (*range(4, 13), *range(1, 4))
"""Calendar months in the order of a fiscal year."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a search was made in some time, on how many days, and how often it found nothing,
    or some but few."""

    searches: int
    days: int
    without_hits: int
    with_few_hits: int

    @property
    def with_little(self) -> int:
        """How often it found nothing or few."""
        return self.without_hits + self.with_few_hits


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Figures of a calendar month; without one, of all other months of the year together."""

    month: int | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Demand:
    """A search that found little. ``places`` are the regions it was made for, chosen or named in
    its text; none if it was made for no place. ``months`` add up to ``year``; there are none where
    only the year is told."""

    search: ToldSearch
    places: frozenset[str]
    year: Figures
    months: tuple[MonthFigures, ...]

    def of_month(self, month: int | None) -> Figures | None:
        """The figures of a month, or without one of the year; None if they are not told."""
        if month is None:
            return self.year
        return next((each.figures for each in self.months if each.month == month), None)


def list_demands(
    session: Session, year: FiscalYear, *, reader: SearchReader, place_names: PlaceNames
) -> list[Demand]:
    """All unmet demand of a fiscal year, what most often found little first."""
    demands = []
    for conditions, by_month in _figures(session, year):
        search = reader.read(conditions)
        places = places_of(search.params, place_names)
        demands.append(Demand(search, places, _sum(by_month.values()), parted(by_month)))
    # Sorting is stable: equals stay in the order of their conditions.
    return sorted(demands, key=lambda demand: -demand.year.with_little)


def places_of(params: SearchParams, place_names: PlaceNames) -> frozenset[str]:
    """The regions that a search was made for, chosen or named; all that a name can mean."""
    named = place_names.find(params.q)
    meant = [code for choice in named.choices for code in choice] if named else []
    return frozenset([*params.choices.get("region", ()), *meant])


def parted(by_month: Mapping[int, Figures]) -> tuple[MonthFigures, ...]:
    """The months of a search that may be told, then all others together; none if only their sum
    may be.

    :param by_month: of all months in which it was made; their sum may be told.
    """
    told = [month for month in MONTHS if month in by_month and _may_tell(by_month[month])]
    others = [month for month in by_month if month not in told]
    if others and told and not _may_tell(_sum(by_month[month] for month in others)):
        weakest = min(told, key=lambda month: by_month[month].searches)
        told.remove(weakest)
        others.append(weakest)
    if not told:
        return ()
    groups = [MonthFigures(month, by_month[month]) for month in told]
    if others:
        groups.append(MonthFigures(None, _sum(by_month[month] for month in others)))
    return tuple(groups)


def first_year(session: Session) -> FiscalYear | None:
    """The first year in which searches were counted."""
    first_day = session.scalar(select(func.min(DailySearch.searched_on)))
    return FiscalYear.containing(first_day) if first_day else None


def _figures(session: Session, year: FiscalYear) -> Iterator[tuple[str, Mapping[int, Figures]]]:
    """The searches that found little often enough, each with its figures by month."""
    told = (
        select(DailySearch.condition_id)
        .where(searched_in(year))
        .group_by(DailySearch.condition_id)
        .having(*has_little())
    )
    month = extract("month", DailySearch.searched_on)
    statement = (
        select(
            SearchCondition.conditions,
            month.label("month"),
            func.sum(DailySearch.searches).label("searches"),
            func.count().label("days"),
            func.sum(DailySearch.without_hits).label("without_hits"),
            func.sum(DailySearch.with_few_hits).label("with_few_hits"),
        )
        .join(DailySearch, DailySearch.condition_id == SearchCondition.id)
        .where(searched_in(year), DailySearch.condition_id.in_(told))
        .group_by(SearchCondition.conditions, month)
        .order_by(SearchCondition.conditions)
    )
    for conditions, rows in groupby(session.execute(statement), key=lambda row: row.conditions):
        # Databases give sums and months in number types of their own.
        yield (
            conditions,
            {int(row.month): Figures(*(int(number) for number in row[2:])) for row in rows},
        )


def _may_tell(figures: Figures) -> bool:
    return is_told(figures.searches, figures.days)


def _sum(all_figures: Iterable[Figures]) -> Figures:
    held = list(all_figures)
    return Figures(
        sum(each.searches for each in held),
        sum(each.days for each in held),
        sum(each.without_hits for each in held),
        sum(each.with_few_hits for each in held),
    )
