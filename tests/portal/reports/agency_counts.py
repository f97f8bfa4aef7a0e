"""What is counted of listings, as rows of days."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.listings.models import Listing
from portal.pageviews.kinds import ClickKind
from portal.pageviews.models import DailyClick, DailySearchVisit, SearchCondition


def make_clicks(
    session: Session, listing: Listing, *, on: date, clicks: int = 1, kind: ClickKind
) -> None:
    """Count clicks of a day on the page of a listing."""
    row = DailyClick(clicked_on=on, listing_id=listing.id, click_kind=kind, clicks=clicks)
    session.add(row)
    session.commit()


def make_visits(
    session: Session, listing: Listing, conditions: str, *, on: Iterable[date], visits: int = 1
) -> None:
    """Count visits of some days to a listing from the results of a search."""
    asked = SearchCondition.conditions == conditions
    condition = session.scalar(select(SearchCondition).where(asked))
    condition = condition or SearchCondition(conditions=conditions)
    session.add(condition)
    session.flush()
    for day in on:
        row = DailySearchVisit(visited_on=day, listing_id=listing.id, condition_id=condition.id)
        row.visits = visits
        session.add(row)
    session.commit()
