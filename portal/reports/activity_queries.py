"""What became of listings in a fiscal year, and what members keep."""

from datetime import datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.alerts.models import AlertState, SavedSearch
from portal.clock import JAPAN
from portal.favorites.models import Favorite
from portal.fiscal_year import FiscalYear
from portal.listings.models import Listing
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act

CONFIRMED_WITHIN = timedelta(days=90)


def begins_at(year: FiscalYear) -> datetime:
    """The first instant of a year: midnight in Japan."""
    return datetime.combine(year.starts_on, time(), JAPAN)


def ends_at(year: FiscalYear) -> datetime:
    """The first instant after a year."""
    return begins_at(FiscalYear(year.year + 1))


def count_posted(session: Session, year: FiscalYear) -> int:
    """Listings that the public saw for the first time."""
    at = Listing.published_at
    asked = select(func.count()).where(at >= begins_at(year), at < ends_at(year))
    return session.scalar(asked) or 0


def count_updated(session: Session, year: FiscalYear) -> int:
    """Listings of which the public was shown another version in place of one before."""
    act = ListingAct
    asked = select(func.count(act.listing_id.distinct())).where(
        act.act == Act.PUBLISH.value,
        act.replaced_version_id.is_not(None),
        act.replaced_version_id != act.version_id,
        act.at >= begins_at(year),
        act.at < ends_at(year),
    )
    return session.scalar(asked) or 0


def count_confirmed(session: Session, *, at: datetime) -> int:
    """Listings that were public at an instant and vouched for in the 90 days before it."""
    since = at - CONFIRMED_WITHIN
    act = ListingAct
    vouched = (
        select(act.id)
        .where(
            act.listing_id == Listing.id,
            act.act.in_((Act.PUBLISH.value, Act.CONFIRM.value)),
            act.at >= since,
            act.at < at,
        )
        .exists()
    )
    day, until = since.astimezone(JAPAN).date(), at.astimezone(JAPAN).date()
    asked = select(func.count()).where(
        Listing.published_at < at,
        or_(Listing.withdrawn_at.is_(None), Listing.withdrawn_at >= at),
        or_(and_(Listing.confirmed_on >= day, Listing.confirmed_on <= until), vouched),
    )
    return session.scalar(asked) or 0


def count_favorites(session: Session) -> int:
    """What members keep now, each listing once for each of them."""
    return session.scalar(select(func.count()).select_from(Favorite)) or 0


def count_saved_searches(session: Session) -> int:
    """Saved searches whose news are mailed now."""
    asked = select(func.count()).where(SavedSearch.state == AlertState.ACTIVE.value)
    return session.scalar(asked) or 0
