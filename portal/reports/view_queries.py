"""Page views of people as the desks show them in passing: by agency, and of the last days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.fiscal_year import FiscalYear
from portal.listings.models import Listing, ListingVersion, public_id_of
from portal.pageviews.kinds import ViewClass
from portal.pageviews.models import DailyPageView

RECENT_DAYS = 30
"""Today is the last of them."""

_VIEWS = func.sum(DailyPageView.views)
_MADE_UP = func.max(case((DailyPageView.is_sample, 1), else_=0))
_IS_HUMAN = DailyPageView.view_class == ViewClass.HUMAN.value


@dataclass(frozen=True, slots=True)
class Views:
    """A number of page views, and whether a demo made any of them up."""

    number: int = 0
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class AgencyViews:
    """Page views of the listings that an agency leads."""

    code: str
    name: str
    views: Views


@dataclass(frozen=True, slots=True)
class ViewedListing:
    """A listing by the title that it has in public."""

    public_id: str
    title: str
    views: Views


@dataclass(frozen=True, slots=True)
class RecentViews:
    """Page views of the last days: of all listings, and of those that were viewed most."""

    views: Views
    most_viewed: tuple[ViewedListing, ...]


def views_by_agency(session: Session, year: FiscalYear) -> Sequence[AgencyViews]:
    """All agencies with their page views in a fiscal year, the most viewed first; those without
    any in the official order."""
    of_year = (
        select(Listing.agency_id, _VIEWS.label("views"), _MADE_UP.label("made_up"))
        .join(DailyPageView, DailyPageView.listing_id == Listing.id)
        .where(_IS_HUMAN, DailyPageView.viewed_on.between(year.starts_on, year.ends_on))
        .group_by(Listing.agency_id)
        .subquery()
    )
    number = func.coalesce(of_year.c.views, 0)
    rows = session.execute(
        select(Agency.code, Agency.name, number, func.coalesce(of_year.c.made_up, 0))
        .outerjoin(of_year, of_year.c.agency_id == Agency.id)
        .order_by(number.desc(), Agency.id)
    )
    return [
        AgencyViews(code, name, Views(int(views), bool(made_up)))
        for code, name, views, made_up in rows
    ]


def recent_views(session: Session, *, agency_id: int | None, today: date, most: int) -> RecentViews:
    """What was viewed in the last days.

    :param agency_id: None for all agencies.
    :param most: how many of the listings that were viewed most are named.
    """
    wanted = (
        select(DailyPageView.listing_id, _VIEWS, _MADE_UP)
        .where(_IS_HUMAN, DailyPageView.listing_id > 0, _is_recent(today))
        .group_by(DailyPageView.listing_id)
        .order_by(_VIEWS.desc(), DailyPageView.listing_id)
    )
    if agency_id is not None:
        wanted = wanted.join(Listing, Listing.id == DailyPageView.listing_id)
        wanted = wanted.where(Listing.agency_id == agency_id)
    rows = [
        (listing_id, Views(int(views), bool(made_up)))
        for listing_id, views, made_up in session.execute(wanted)
    ]
    titles = _public_titles(session, [listing_id for listing_id, _ in rows[:most]])
    return RecentViews(
        views=Views(
            sum(views.number for _, views in rows), any(views.is_sample for _, views in rows)
        ),
        most_viewed=tuple(
            ViewedListing(public_id_of(listing_id), titles[listing_id], views)
            for listing_id, views in rows[:most]
            if listing_id in titles
        ),
    )


def recent_views_of(
    session: Session, listing_ids: Collection[int], *, today: date
) -> Mapping[str, Views]:
    """How often each of some listings was viewed in the last days, by public id; one statement."""
    rows = session.execute(
        select(DailyPageView.listing_id, _VIEWS, _MADE_UP)
        .where(DailyPageView.listing_id.in_(listing_ids), _IS_HUMAN, _is_recent(today))
        .group_by(DailyPageView.listing_id)
    )
    none = dict.fromkeys(map(public_id_of, listing_ids), Views())
    return none | {
        public_id_of(listing_id): Views(int(views), bool(made_up))
        for listing_id, views, made_up in rows
    }


def _is_recent(today: date) -> ColumnElement[bool]:
    return DailyPageView.viewed_on.between(today - timedelta(days=RECENT_DAYS - 1), today)


def _public_titles(session: Session, listing_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(
        select(Listing.id, ListingVersion.title)
        .join(ListingVersion, ListingVersion.id == Listing.public_version_id)
        .where(Listing.id.in_(listing_ids))
    )
    return dict(rows.all())
