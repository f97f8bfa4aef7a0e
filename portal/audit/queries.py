"""Reading the record, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.audit.actions import AuditAction
from portal.audit.chain import canonical_json
from portal.audit.models import AuditEvent
from portal.audit.names import USER

BATCH = 500
"""How many events are in memory while many are read."""

_MOVES = (AuditAction.USER_MOVED.value, AuditAction.ROLE_CHANGED.value)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted: those that match all that is given."""

    since: datetime | None = None
    before: datetime | None = None
    """Events at this instant are out already."""
    action: AuditAction | None = None
    actor: str = ""
    """Part of what the actor is called; small and capital letters are the same."""
    user_id: int | None = None
    """Who acted or was acted on."""
    agency_code: str | None = None
    """The agency that was concerned, or that somebody left."""
    target_type: str | None = None
    target_id: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and where those before them are to be found."""

    events: tuple[AuditEvent, ...]
    next_below: int | None
    """For the next page: events with a smaller ``seq``. None on the last page."""


def find_page(
    session: Session, wanted: EventFilter, *, below: int | None = None, size: int = 50
) -> EventPage:
    """The newest events that are wanted, or the next ones.

    Pages by number of event stay the same while new events come in.

    :param below: only events with a smaller ``seq``.
    """
    conditions = _conditions(wanted)
    if below is not None:
        conditions.append(AuditEvent.seq < below)
    found = list(
        session.scalars(
            select(AuditEvent).where(*conditions).order_by(AuditEvent.seq.desc()).limit(size + 1)
        )
    )
    events = tuple(found[:size])
    return EventPage(events, events[-1].seq if len(found) > size else None)


def iterate(session: Session, wanted: EventFilter) -> Iterator[tuple[AuditEvent, ...]]:
    """All events that are wanted, newest first, some at a time."""
    below: int | None = None
    while True:
        page = find_page(session, wanted, below=below, size=BATCH)
        if page.events:
            yield page.events
        _let_go(session, page.events)
        if page.next_below is None:
            return
        below = page.next_below


def iterate_in_order(
    session: Session, *, above: int | None = None, batch: int = BATCH
) -> Iterator[AuditEvent]:
    """The record from the first event on, or those above a ``seq``, without holding it all in
    memory."""
    last = above
    while True:
        following = [] if last is None else [AuditEvent.seq > last]
        events = session.scalars(
            select(AuditEvent).where(*following).order_by(AuditEvent.seq).limit(batch)
        ).all()
        if not events:
            return
        yield from events
        last = events[-1].seq
        _let_go(session, events)


def _let_go(session: Session, events: Iterable[AuditEvent]) -> None:
    for event in events:
        session.expunge(event)


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(AuditEvent.at >= wanted.since)
    if wanted.before is not None:
        conditions.append(AuditEvent.at < wanted.before)
    if wanted.action is not None:
        conditions.append(AuditEvent.action == wanted.action.value)
    if wanted.actor:
        conditions.append(AuditEvent.actor_label.icontains(wanted.actor, autoescape=True))
    if wanted.user_id is not None:
        is_target = (AuditEvent.target_type == USER) & (AuditEvent.target_id == str(wanted.user_id))
        conditions.append(or_(AuditEvent.actor_id == wanted.user_id, is_target))
    if wanted.agency_code is not None:
        is_concerned = AuditEvent.agency_code == wanted.agency_code
        conditions.append(or_(is_concerned, _is_move_away(wanted.agency_code)))
    if wanted.target_type is not None:
        conditions.append(AuditEvent.target_type == wanted.target_type)
    if wanted.target_id is not None:
        conditions.append(AuditEvent.target_id == wanted.target_id)
    return conditions


def _is_move_away(agency_code: str) -> ColumnElement[bool]:
    """An event concerns one agency, and a move the one that somebody went to; the one they left is
    in the detail."""
    left = canonical_json({"agency_before": agency_code})[1:-1]
    return AuditEvent.action.in_(_MOVES) & AuditEvent.detail.contains(left, autoescape=True)
