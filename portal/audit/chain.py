"""What holds events together: each carries the hash of the one before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC

from portal.audit.models import HASH_LENGTH, AuditEvent

NO_EVENT_HASH = "0" * HASH_LENGTH
"""What the first event has in place of the hash of a previous one."""


def canonical_json(fields: Mapping[str, str | int | bool | None]) -> str:
    """JSON that is the same for the same fields, whatever wrote them."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(event: AuditEvent) -> str:
    """SHA-256, in hexadecimal, over all an event says and the hash of the one before it."""
    fields: dict[str, str | int | bool | None] = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": event.actor_id,
        "actor_label": event.actor_label,
        "actor_role": event.actor_role,
        "agency_code": event.agency_code,
        "action": event.action,
        "target_type": event.target_type,
        "target_id": event.target_id,
        "detail": event.detail,
        "previous_hash": event.previous_hash,
    }
    return hashlib.sha256(canonical_json(fields).encode()).hexdigest()
