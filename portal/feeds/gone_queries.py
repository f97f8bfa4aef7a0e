"""Reads of days that were public and are no longer."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session

from portal.feeds.entries import EarlierDay, EntryKind, deadline_part, event_part
from portal.listings.models import DateState, Listing, ListingState, ListingVersion
from portal.listings.schedule_models import ApplicationRound, ListingEvent
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act

MOST_WITHDRAWN = 500
"""Listings withdrawn last that calendars of searches still tell of."""

_FIRST = -1
"""The place of the deadline that stands before those of further rounds, which count from 0."""


def withdrawn_since(session: Session, since: datetime) -> list[tuple[int, int]]:
    """Row id and revision of what was withdrawn from an instant on, the latest first."""
    rows = session.execute(
        select(Listing.id, Listing.revision)
        .where(Listing.state == ListingState.WITHDRAWN, Listing.withdrawn_at >= since)
        .order_by(Listing.withdrawn_at.desc(), Listing.id)
        .limit(MOST_WITHDRAWN)
    )
    return [(row.id, row.revision) for row in rows]


def days_of(session: Session, listing_id: int) -> tuple[EarlierDay, ...]:
    """Every day that the public saw with a listing before what it says now, the latest last."""
    return tuple(days_among(session, [listing_id]).get(listing_id, ()))


def days_among(
    session: Session, listing_ids: Collection[int]
) -> Mapping[int, Sequence[EarlierDay]]:
    """The same of each of some listings, by row id, where there are any."""
    return _replaced(session, ListingAct.listing_id.in_(listing_ids))


def days_since(
    session: Session, since: datetime, *, from_on: date
) -> dict[int, tuple[EarlierDay, ...]]:
    """The same of all listings, by row id, of what was replaced from an instant on.

    :param from_on: days before it are left out.
    """
    found = _replaced(session, ListingAct.at >= since)
    kept = {id_: tuple(day for day in days if day.day >= from_on) for id_, days in found.items()}
    return {id_: days for id_, days in kept.items() if days}


def _replaced(session: Session, which: ColumnElement[bool]) -> dict[int, list[EarlierDay]]:
    """What the versions said that others took the place of. A publication that was taken back is
    none of them: what it had replaced is public again."""
    act = (ListingAct.id, ListingAct.listing_id)
    version = (ListingVersion, ListingVersion.id == ListingAct.replaced_version_id)
    of_replaced = (ListingAct.act == Act.PUBLISH, which)
    of_window = (*of_replaced, ListingVersion.date_state == DateState.WINDOW)
    first = select(*act, ListingVersion.closes_on, literal(_FIRST)).join(*version).where(*of_window)
    further = (
        select(*act, ApplicationRound.closes_on, ApplicationRound.position)
        .join(*version)
        .join(ApplicationRound, ApplicationRound.version_id == ListingVersion.id)
        .where(*of_window)
    )
    events = (
        select(*act, ListingEvent.held_on, ListingEvent.position)
        .join(ListingEvent, ListingEvent.version_id == ListingAct.replaced_version_id)
        .where(*of_replaced)
    )
    rows = [
        *_days(session, first, EntryKind.DEADLINE, _deadline_part),
        *_days(session, further, EntryKind.DEADLINE, _deadline_part),
        *_days(session, events, EntryKind.EVENT, event_part),
    ]
    return _by_listing(sorted(rows, key=lambda row: row[:2]))


def _days(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    kind: EntryKind,
    to_part: Callable[[int], str],
) -> Iterator[tuple[int, int, EarlierDay]]:
    for act_id, listing_id, day, position in session.execute(statement):
        if day is not None:
            yield act_id, listing_id, EarlierDay(kind, to_part(position), day)


def _deadline_part(position: int) -> str:
    return deadline_part(position - _FIRST + 1)


def _by_listing(rows: Sequence[tuple[int, int, EarlierDay]]) -> dict[int, list[EarlierDay]]:
    found: defaultdict[int, list[EarlierDay]] = defaultdict(list)
    for _, listing_id, day in rows:
        found[listing_id].append(day)
    return found
