"""Reads of published listings by when something happens to them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from portal.feeds.entries import EntryKind
from portal.listings.models import DateState, Listing, ListingState, ListingVersion
from portal.listings.schedule_models import ApplicationRound, ListingEvent

_BATCH = 500

_OF_PUBLIC = (
    Listing.id.in_(bindparam("ids", expanding=True)),
    Listing.state == ListingState.PUBLISHED,
)
_FIRST_DEADLINES = (
    select(Listing.id, ListingVersion.closes_on)
    .join(Listing.public_version)
    .where(
        *_OF_PUBLIC,
        ListingVersion.date_state == DateState.WINDOW,
        ListingVersion.closes_on.is_not(None),
    )
)
_FURTHER_DEADLINES = (
    select(Listing.id, ApplicationRound.closes_on)
    .join(Listing.public_version)
    .join(ApplicationRound, ApplicationRound.version_id == ListingVersion.id)
    .where(
        *_OF_PUBLIC,
        ListingVersion.date_state == DateState.WINDOW,
        ApplicationRound.closes_on.is_not(None),
    )
)
_EVENTS = (
    select(Listing.id, ListingEvent.held_on)
    .join(ListingEvent, ListingEvent.version_id == Listing.public_version_id)
    .where(*_OF_PUBLIC)
)
_DAYS: dict[EntryKind, tuple[Select[*tuple[Any, ...]], ...]] = {
    EntryKind.DEADLINE: (_FIRST_DEADLINES, _FURTHER_DEADLINES),
    EntryKind.EVENT: (_EVENTS,),
}
_CHANGED = select(Listing.id, Listing.updated_at).where(*_OF_PUBLIC)
_ADDRESSES = (
    select(Listing.id, Listing.updated_at)
    .where(Listing.state == ListingState.PUBLISHED)
    .order_by(Listing.id)
)


def days(session: Session, listing_ids: Sequence[int], kind: EntryKind) -> list[tuple[date, int]]:
    """The days of a kind that published listings among some row ids have, each with its id."""
    return [
        (row[1], row[0])
        for statement in _DAYS[kind]
        for row in _in_batches(session, statement, listing_ids)
    ]


def changes(session: Session, listing_ids: Sequence[int]) -> list[tuple[datetime, int]]:
    """When what the public sees of published listings among some row ids last changed."""
    return [(row[1], row[0]) for row in _in_batches(session, _CHANGED, listing_ids)]


def list_addresses(session: Session) -> Sequence[Row[int, datetime]]:
    """Every published listing by row id, with when it last changed."""
    return session.execute(_ADDRESSES).all()


def _in_batches(
    session: Session, statement: Select[*tuple[Any, ...]], ids: Sequence[int]
) -> Iterator[Row[*tuple[Any, ...]]]:
    for start in range(0, len(ids), _BATCH):
        yield from session.execute(statement, {"ids": ids[start : start + _BATCH]})
