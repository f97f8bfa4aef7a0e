"""Events as administrators read them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.audit.detail_words import name_of, value_of
from portal.audit.export import action_label
from portal.audit.models import AuditEvent
from portal.clock import in_japan

TARGET_TYPES = {
    "user": "利用者",
    "users": "利用者の一覧",
    "invitation": "招待",
    "agency": "実施機関",
    "agencies": "実施機関の一覧",
    "synonym_group": "言いかえの組",
    "synonym_groups": "言いかえの一覧",
    "audit": "監査記録",
    "job": "定期の仕事",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the list."""

    seq: int
    at: str
    action: str
    actor: str
    actor_role: str
    agency: str | None
    target: str | None
    detail: tuple[tuple[str, str], ...]


def rows(
    events: Iterable[AuditEvent], *, agencies: Mapping[str, str], roles: Mapping[str, str]
) -> tuple[EventRow, ...]:
    """Events of a page; the maps go from code to what it is called."""
    called = {"role": roles, "agency": agencies}
    return tuple(
        EventRow(
            seq=event.seq,
            at=in_japan(event.at).strftime("%Y-%m-%d %H:%M:%S"),
            action=action_label(event.action),
            actor=event.actor_label or "分かりません",
            actor_role=roles.get(event.actor_role, event.actor_role),
            agency=agencies.get(event.agency_code or "", event.agency_code),
            target=_target(event),
            detail=_detail(event.detail, called),
        )
        for event in events
    )


def _target(event: AuditEvent) -> str | None:
    if event.target_type is None:
        return None
    kind = TARGET_TYPES.get(event.target_type, event.target_type)
    return f"{kind} {event.target_id or ''}".strip()


def _detail(text: str, called: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    try:
        fields = json.loads(text)
    except ValueError:
        # Somebody tampered with it, which is the very row one wants to see.
        return (("", text),)
    if not isinstance(fields, dict):
        return (("", text),)
    return tuple((name_of(name), _value(name, value, called)) for name, value in fields.items())


def _value(name: str, value: object, called: Mapping[str, Mapping[str, str]]) -> str:
    names = called.get(name.removesuffix("_before"), {})
    return names.get(str(value)) or value_of(name, value)
