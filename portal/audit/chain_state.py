"""How the record of events ends, and whether that is what was noted outside the database."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.anchors import Anchor, AnchorsUnreadableError, read_anchors
from portal.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class ChainState:
    """What can be told at once; going through the whole record is the work of a job."""

    last_seq: int
    last_hash: str
    anchor: Anchor | None
    """The last one of this host."""
    is_anchor_met: bool
    """Whether the event it names is there and is the same."""
    are_anchors_readable: bool = True


def chain_state(session: Session, anchors: Path) -> ChainState:
    """The state of the record beside the anchors in a file."""
    last = session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    last_seq, last_hash = (last.seq, last.hash) if last else (0, "")
    try:
        known = read_anchors(anchors)
    except AnchorsUnreadableError:
        return ChainState(last_seq, last_hash, None, False, are_anchors_readable=False)
    if not known:
        return ChainState(last_seq, last_hash, None, True)
    anchored = session.get(AuditEvent, known[-1].seq)
    is_met = anchored is not None and anchored.hash == known[-1].hash
    return ChainState(last_seq, last_hash, known[-1], is_met)
