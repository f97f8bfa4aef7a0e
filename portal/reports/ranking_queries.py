"""Reads of which listings were viewed most, and of what a predecessor published of that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.fiscal_year import FiscalYear
from portal.listings.models import Listing, ListingState
from portal.pageviews.kinds import ViewClass
from portal.pageviews.models import DailyPageView, ImportedPageView
from portal.reports.models import TakenOverTitle


@dataclass(frozen=True, slots=True)
class Viewed:
    """Human page views of a listing in some days, by its row id."""

    listing_id: int
    views: int
    is_sample: bool
    """Whether a demo made any of them up."""


def most_viewed(session: Session, first: date, last: date, *, limit: int) -> tuple[Viewed, ...]:
    """The listings viewed most from one day to another, both included; among equals the older
    listing comes first. A view is of a listing on every page that is about it."""
    views = func.sum(DailyPageView.views)
    made_up = func.sum(case((DailyPageView.is_sample, 1), else_=0))
    rows = session.execute(
        select(DailyPageView.listing_id, views, made_up)
        .where(_of_people(), DailyPageView.viewed_on.between(first, last))
        .group_by(DailyPageView.listing_id)
        .order_by(views.desc(), DailyPageView.listing_id)
        .limit(limit)
    )
    return tuple(Viewed(id_, int(views), is_sample=made_up > 0) for id_, views, made_up in rows)


def first_day(session: Session) -> date | None:
    """The day of the first view of a listing that is counted here."""
    days = select(DailyPageView.viewed_on).where(_of_people())
    return session.scalar(days.order_by(DailyPageView.viewed_on).limit(1))


def counted_years(session: Session) -> set[FiscalYear]:
    """The fiscal years in which people viewed listings here."""
    days = select(DailyPageView.viewed_on).where(_of_people())
    first = first_day(session)
    last = session.scalar(days.order_by(DailyPageView.viewed_on.desc()).limit(1))
    if first is None or last is None:
        return set()
    from_year, to_year = FiscalYear.containing(first).year, FiscalYear.containing(last).year
    years = map(FiscalYear, range(from_year, to_year + 1))
    return {
        year
        for year in years
        if session.scalar(
            days.where(DailyPageView.viewed_on.between(year.starts_on, year.ends_on)).limit(1)
        )
    }


def taken_over_years(session: Session) -> set[FiscalYear]:
    """The fiscal years of which something is known from a predecessor."""
    years = {
        *session.scalars(select(TakenOverTitle.fiscal_year).distinct()),
        *session.scalars(select(ImportedPageView.fiscal_year).distinct()),
    }
    return set(map(FiscalYear, years))


def taken_over_titles(session: Session, year: FiscalYear) -> list[str]:
    """What a predecessor published as viewed most, in its order."""
    wanted = select(TakenOverTitle.title).where(TakenOverTitle.fiscal_year == year.year)
    return list(session.scalars(wanted.order_by(TakenOverTitle.position)))


def taken_over_views(session: Session, year: FiscalYear) -> int | None:
    """All page views that a predecessor counted in a year, or in some of its months; None if
    nothing is known."""
    views = select(func.sum(ImportedPageView.views))
    found = session.scalar(views.where(ImportedPageView.fiscal_year == year.year))
    return None if found is None else int(found)


def agencies_of_gone(session: Session, listing_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and name of the agency of those of some listings that were taken off the public pages:
    what the answer in their place tells, too."""
    rows = session.execute(
        select(Listing.id, Agency.code, Agency.name)
        .join(Listing.agency)
        .where(
            Listing.id.in_(listing_ids),
            Listing.state.in_((ListingState.WITHDRAWN, ListingState.ARCHIVED)),
            Listing.public_version_id.is_not(None),
        )
    )
    return {listing_id: (code, name) for listing_id, code, name in rows}


def _of_people() -> ColumnElement[bool]:
    return and_(DailyPageView.view_class == ViewClass.HUMAN, DailyPageView.listing_id > 0)
