"""Reads of what was counted of an agency's listings, by month and listing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, extract, func, select
from sqlalchemy.orm import Session, aliased

from portal.favorites.models import Favorite
from portal.fiscal_year import FiscalYear
from portal.listings.models import Listing, ListingVersion
from portal.pageviews.kinds import ViewClass
from portal.pageviews.models import (
    DailyClick,
    DailyPageView,
    DailySearchVisit,
    SearchCondition,
)
from portal.reports.agency_statistics import Measure
from portal.reports.search_visits import DayOfVisits
from portal.reports.searched import LEAST_DAYS, LEAST_SEARCHES


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was counted of a listing in a calendar month."""

    measure: Measure
    listing_id: int
    year: int
    month: int
    number: int
    is_sample: bool = False

    @property
    def fiscal_year(self) -> FiscalYear:
        """The one that the month is of."""
        return FiscalYear.containing(date(self.year, self.month, 1))


@dataclass(frozen=True, slots=True)
class OwnListing:
    """A listing of the agency; ``title`` is the public one, if it ever was public."""

    id: int
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ToldPair:
    """A search that led to a listing often enough to be told."""

    listing_id: int
    conditions: str
    visits: int
    days: int


def list_views(session: Session, agency_id: int, first: date, last: date) -> Sequence[Counted]:
    """Page views of people, of days from the first to the last."""
    day = DailyPageView.viewed_on
    wanted = _of_agency(DailyPageView.listing_id, day, func.sum(DailyPageView.views), agency_id)
    made_up = func.max(case((DailyPageView.is_sample, 1), else_=0))
    rows = session.execute(
        wanted.add_columns(made_up).where(
            DailyPageView.view_class == ViewClass.HUMAN.value, day.between(first, last)
        )
    )
    return [
        Counted(Measure.VIEWS, listing_id, int(year), int(month), int(number), bool(is_sample))
        for listing_id, year, month, number, is_sample in rows
    ]


def list_clicks(session: Session, agency_id: int, first: date, last: date) -> Sequence[Counted]:
    """Clicks of people, of days from the first to the last."""
    day, kind = DailyClick.clicked_on, DailyClick.click_kind
    wanted = _of_agency(DailyClick.listing_id, day, func.sum(DailyClick.clicks), agency_id)
    rows = session.execute(wanted.add_columns(kind).where(day.between(first, last)).group_by(kind))
    return [
        Counted(Measure(kind), listing_id, int(year), int(month), int(number))
        for listing_id, year, month, number, kind in rows
    ]


def list_told_pairs(session: Session, agency_id: int, year: FiscalYear) -> Sequence[ToldPair]:
    """Searches with the listings that they led to often enough, the most visits first."""
    told = _told_pairs(agency_id, year).subquery()
    rows = session.execute(
        select(told.c.listing_id, SearchCondition.conditions, told.c.visits, told.c.days)
        .join(SearchCondition, SearchCondition.id == told.c.condition_id)
        .order_by(told.c.visits.desc(), SearchCondition.conditions, told.c.listing_id)
    )
    return [ToldPair(row.listing_id, row.conditions, int(row.visits), row.days) for row in rows]


def list_visits(session: Session, agency_id: int, year: FiscalYear) -> Sequence[DayOfVisits]:
    """Visits of each day to each listing, those by searches that are told apart from others."""
    told = _told_pairs(agency_id, year).subquery()
    is_told = told.c.condition_id.is_not(None)
    visits = DailySearchVisit.visits
    rows = session.execute(
        select(
            DailySearchVisit.visited_on,
            DailySearchVisit.listing_id,
            func.sum(case((is_told, visits), else_=0)),
            func.sum(case((is_told, 0), else_=visits)),
        )
        .join(Listing, Listing.id == DailySearchVisit.listing_id)
        .outerjoin(
            told,
            (told.c.listing_id == DailySearchVisit.listing_id)
            & (told.c.condition_id == DailySearchVisit.condition_id),
        )
        .where(*_visits_of(agency_id, year))
        .group_by(DailySearchVisit.visited_on, DailySearchVisit.listing_id)
    )
    return [
        DayOfVisits(day, listing_id, int(told_number), int(others))
        for day, listing_id, told_number, others in rows
    ]


def count_favorites(session: Session, agency_id: int) -> Mapping[int, int]:
    """How many members keep each listing now, by row id."""
    rows = session.execute(
        select(Favorite.listing_id, func.count())
        .join(Listing, Listing.id == Favorite.listing_id)
        .where(Listing.agency_id == agency_id)
        .group_by(Favorite.listing_id)
    )
    return dict(rows.all())


def list_own(session: Session, agency_id: int) -> Sequence[OwnListing]:
    """All listings that an agency leads, drafts included."""
    public = aliased(ListingVersion)
    newest = (
        select(ListingVersion.title)
        .where(ListingVersion.listing_id == Listing.id)
        .order_by(ListingVersion.number.desc())
        .limit(1)
        .correlate(Listing)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Listing.id, func.coalesce(public.title, newest), Listing.state)
        .outerjoin(public, public.id == Listing.public_version_id)
        .where(Listing.agency_id == agency_id)
    )
    return [OwnListing(listing_id, title, state) for listing_id, title, state in rows]


def _of_agency(
    listing_id: SQLColumnExpression[int],
    day: SQLColumnExpression[date],
    number: SQLColumnExpression[int],
    agency_id: int,
) -> Select[int, int, int, int]:
    year, month = extract("year", day), extract("month", day)
    return (
        select(listing_id, year, month, number)
        .join(Listing, Listing.id == listing_id)
        .where(Listing.agency_id == agency_id)
        .group_by(listing_id, year, month)
    )


def _told_pairs(agency_id: int, year: FiscalYear) -> Select[int, int, int, int]:
    visits = func.sum(DailySearchVisit.visits)
    # A search that led to a listing has one row for each day.
    days = func.count()
    return (
        select(
            DailySearchVisit.listing_id,
            DailySearchVisit.condition_id,
            visits.label("visits"),
            days.label("days"),
        )
        .join(Listing, Listing.id == DailySearchVisit.listing_id)
        .where(*_visits_of(agency_id, year))
        .group_by(DailySearchVisit.listing_id, DailySearchVisit.condition_id)
        .having(visits >= LEAST_SEARCHES, days >= LEAST_DAYS)
    )


def _visits_of(agency_id: int, year: FiscalYear) -> tuple[ColumnElement[bool], ...]:
    day = DailySearchVisit.visited_on
    return (Listing.agency_id == agency_id, day.between(year.starts_on, year.ends_on))
