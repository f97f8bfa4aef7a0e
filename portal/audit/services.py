"""Adding to the record. Callers commit: an event and what it tells of are one transaction."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import AuditAction
from portal.audit.chain import NO_EVENT_HASH, canonical_json, hash_of
from portal.audit.models import LONGEST_LABEL, LONGEST_TARGET_ID, AuditEvent
from portal.audit.types import Actor, Target
from portal.db import take_turn

LONGEST_VALUE = 500
"""Characters of a text in the detail; the rest of a longer one is left out."""

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4A9

_NOTHING: Mapping[str, str | int | bool | None] = MappingProxyType({})
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SECRET_PARTS = {"password", "passphrase", "token", "secret", "totp", "otp", "code", "cookie"}
_IDEOGRAPHIC_SPACE = "\u3000"


def record(
    session: Session,
    action: AuditAction,
    *,
    actor: Actor | None,
    target: Target | None = None,
    detail: Mapping[str, str | int | bool | None] = _NOTHING,
    now: datetime,
) -> AuditEvent:
    """Add one event in the running transaction, which ``db.write_transaction`` began.

    Record last: from here to the end of the transaction others that record wait, so that each
    event follows the one before it and numbers have no gaps. Texts are told on one line and cut
    where they are too long. An agency is told under ``agency``, by its code.

    :param actor: None if it is not known who acts, as when signing in fails.
    :raises ValueError: the detail has a key that is no name, or names a secret.
    """
    _refuse_bad_keys(detail)
    take_turn(session.connection(), _TURN)
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
    ).one_or_none()
    concerned = target.concerned_agency if target else None
    if concerned is None and actor:
        concerned = actor.agency_code
    event = AuditEvent(
        seq=last.seq + 1 if last else 1,
        at=now,
        actor_id=actor.id if actor else None,
        actor_label=_told(actor.label, LONGEST_LABEL) if actor else "",
        actor_role=actor.role if actor else "",
        agency_code=concerned,
        action=action.value,
        target_type=target.type if target else None,
        target_id=_told(target.id, LONGEST_TARGET_ID) if target else None,
        detail=canonical_json(
            {
                key: _told(value, LONGEST_VALUE) if isinstance(value, str) else value
                for key, value in detail.items()
            }
        ),
        previous_hash=last.hash if last else NO_EVENT_HASH,
    )
    event.hash = hash_of(event)
    session.add(event)
    session.flush()
    return event


def _refuse_bad_keys(detail: Mapping[str, object]) -> None:
    for key in detail:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no name for a detail: use small letters, digits and _")
        if not _SECRET_PARTS.isdisjoint(key.split("_")):
            raise ValueError(f"{key!r} names a secret, which must not be recorded")


def _told(text: str, longest: int) -> str:
    """A text on one line, without characters that would hide or move others where it is shown."""
    shown = "".join(
        character
        if character.isprintable() or character == _IDEOGRAPHIC_SPACE
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
