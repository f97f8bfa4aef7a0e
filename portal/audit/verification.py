"""Going through the whole record to see whether anybody changed it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from portal.audit import queries
from portal.audit.anchors import Anchor, distinct
from portal.audit.chain import NO_EVENT_HASH, hash_of
from portal.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event that is not as it was recorded. Those before it are; of those after it
    nothing is known."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What going through the record found."""

    events: int
    """How many are as they were recorded, which is the number of the last of them."""
    head_hash: str
    """The hash of that one."""
    anchors: int
    """How many anchors agree."""
    fault: Fault | None


def verify(session: Session, anchors: Iterable[Anchor] = ()) -> Verification:
    """Follow the chain from the first event to the last, or to the first that breaks it.

    Without anchors an end that was cut off, or a record written anew as a whole, cannot be seen.
    """
    walk = _Walk(distinct(anchors))
    fault = _first_fault(session, walk) or walk.missing_end()
    return Verification(walk.seq, walk.hash, walk.agreeing, fault)


@dataclass(slots=True)
class _Walk:
    """How far the record was found to be whole."""

    awaited: list[Anchor]
    """Anchors of events that are still to come."""
    seq: int = 0
    hash: str = NO_EVENT_HASH
    agreeing: int = 0

    def step(self, event: AuditEvent) -> Fault | None:
        """Go on to the next event, unless something is wrong with it."""
        if event.seq != self.seq + 1:
            return Fault(self.seq + 1, f"it is missing: the next one has the number {event.seq}")
        if not _says_what_was_recorded(event):
            return Fault(event.seq, "what it says does not match its hash")
        if event.previous_hash != self.hash:
            return Fault(event.seq, "it does not follow the event before it")
        while self.awaited and self.awaited[0].seq == event.seq:
            anchor = self.awaited.pop(0)
            if anchor.hash != event.hash:
                return Fault(event.seq, f"it is not the one that was anchored on {anchor.day}")
            self.agreeing += 1
        self.seq, self.hash = event.seq, event.hash
        return None

    def missing_end(self) -> Fault | None:
        """What anchors tell of events that are not there."""
        if not self.awaited:
            return None
        anchor = self.awaited[-1]
        reason = f"it is missing: on {anchor.day} there were events up to {anchor.seq}"
        return Fault(self.seq + 1, reason)


def _first_fault(session: Session, walk: _Walk) -> Fault | None:
    for batch in (queries.BATCH, 1):
        try:
            for event in queries.iterate_in_order(session, above=walk.seq or None, batch=batch):
                if fault := walk.step(event):
                    return fault
        except (ValueError, DataError):
            # Something in one of the next rows is not even a time: look at them one by one.
            session.rollback()
            continue
        return None
    return Fault(walk.seq + 1, "it cannot be read")


def _says_what_was_recorded(event: AuditEvent) -> bool:
    try:
        return event.hash == hash_of(event)
    except (TypeError, ValueError):
        # Of a kind that was never recorded, such as bytes in place of a text.
        return False
