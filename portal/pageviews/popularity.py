"""Which listings are viewed most these days: what the ``popular`` sort goes by.

Worked out once a day from what was counted, whole days only, so that a number changes when views
come in or go out of date and not with each of them: whatever changes is indexed anew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.db import write_transaction
from portal.pageviews.kinds import ViewClass
from portal.pageviews.models import DailyPageView
from portal.pageviews.popularity_models import ListingPopularity

DAYS = 90
"""Whole days before the one on which it is worked out."""

BATCH = 500
"""Listings written in one transaction: saves and page views wait for no more than that."""


def refresh(sessions: sessionmaker[Session], *, today: date, now: datetime) -> int:
    """Work the numbers out anew, and tell the change log of each listing whose number is another;
    returns how many.

    Killed half-way it has done the first of them, each with its row of the change log, and the
    next time does the others.
    """
    with sessions() as session:
        before, wanted = views_of(session), _counted(session, today)
    changed = [id_ for id_ in sorted(before.keys() | wanted) if before.get(id_) != wanted.get(id_)]
    for batch in _batches(changed):
        with write_transaction(sessions) as session:
            _write(session, batch, wanted)
            change_log.record_changes(session, batch, now=now)
    return len(changed)


def views_of(session: Session, listing_ids: Collection[int] | None = None) -> dict[int, int]:
    """The views of some listings by row id, or of all; who is missing has none."""
    known = select(ListingPopularity.listing_id, ListingPopularity.views)
    if listing_ids is None:
        return dict(session.execute(known).all())
    found: dict[int, int] = {}
    for batch in _batches(sorted(listing_ids)):
        found |= dict(session.execute(known.where(ListingPopularity.listing_id.in_(batch))).all())
    return found


def _batches(listing_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (listing_ids[start : start + BATCH] for start in range(0, len(listing_ids), BATCH))


def _counted(session: Session, today: date) -> dict[int, int]:
    rows = session.execute(
        select(DailyPageView.listing_id, func.sum(DailyPageView.views))
        .where(
            DailyPageView.view_class == ViewClass.HUMAN,
            DailyPageView.viewed_on >= today - timedelta(days=DAYS),
            DailyPageView.viewed_on < today,
            DailyPageView.listing_id > 0,
        )
        .group_by(DailyPageView.listing_id)
    )
    return {listing_id: int(views) for listing_id, views in rows}


def _write(session: Session, listing_ids: Sequence[int], wanted: Mapping[int, int]) -> None:
    session.execute(
        delete(ListingPopularity).where(ListingPopularity.listing_id.in_(listing_ids)),
        execution_options={"synchronize_session": False},
    )
    rows = [{"listing_id": id_, "views": wanted[id_]} for id_ in listing_ids if id_ in wanted]
    if rows:
        session.execute(insert(ListingPopularity), rows)
