"""Events as administrators read them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from portal.audit.detail_words import name_of, value_of
from portal.audit.export import action_label
from portal.audit.models import AuditEvent
from portal.audit.names import GONE, USER, Names, Subject, actor_in, name_now, target_in
from portal.clock import in_japan

AGENCY = "agency"
SYNONYM_GROUP = "synonym_group"
VOCABULARY_LABEL = "vocabulary_label"
SITE_NOTICE = "site_notice"
LISTING = "listing"

TARGET_TYPES = {
    USER: "利用者",
    "users": "利用者の一覧",
    "invitation": "招待",
    AGENCY: "実施機関",
    "agencies": "実施機関の一覧",
    LISTING: "支援情報",
    "listing_counts": "実施機関ごとの件数",
    SYNONYM_GROUP: "言いかえの組",
    "synonym_groups": "言いかえの一覧",
    VOCABULARY_LABEL: "表示名",
    "vocabulary_labels": "表示名の一覧",
    SITE_NOTICE: "お知らせ",
    "message": "お問い合わせ",
    "fiscal_year": "年度",
    "imported_page_view": "前のサイトの閲覧数",
    "audit": "監査記録",
    "job": "定期の仕事",
}


@dataclass(frozen=True, slots=True)
class SubjectNow:
    """What is known today of somebody or something that an event speaks of."""

    name: str | None
    address: str | None
    """Of its page."""
    number: str | None = None
    """Of a user."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the list."""

    seq: int
    at: str
    action: str
    actor: str
    actor_role: str
    actor_now: SubjectNow | None
    agency: str | None
    agency_address: str | None
    target: str | None
    target_now: SubjectNow | None
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called, and where what they stand for is looked after; ``called`` has the
    codes in details, by field."""

    roles: Mapping[str, str]
    agencies: Mapping[str, str]
    called: Mapping[str, Mapping[str, str]]
    names: Names
    address_of: Callable[[Subject], str | None]

    def now(self, subject: Subject | None) -> SubjectNow | None:
        """What is known today of a subject; None where nothing could be."""
        name = name_now(subject, self.names)
        if subject is None or name is None:
            return None
        kind, number = subject
        address = None if name == GONE else self.address_of(subject)
        return SubjectNow(name, address, number if kind == USER else None)


def rows(events: Iterable[AuditEvent], words: Words) -> tuple[EventRow, ...]:
    """Events of a page."""
    return tuple(_row(event, words) for event in events)


def _row(event: AuditEvent, words: Words) -> EventRow:
    is_own_act = actor_in(event) == target_in(event)
    agency = event.agency_code or ""
    is_known = agency in words.agencies
    return EventRow(
        seq=event.seq,
        at=in_japan(event.at).strftime("%Y-%m-%d %H:%M:%S"),
        action=action_label(event.action),
        actor=event.actor_label or "分かりません",
        actor_role=words.roles.get(event.actor_role, event.actor_role),
        actor_now=words.now(actor_in(event)),
        agency=words.agencies.get(agency, event.agency_code),
        agency_address=words.address_of((AGENCY, agency)) if is_known else None,
        target=f"{_target(event)}（本人）" if is_own_act and event.target_type else _target(event),
        target_now=None if is_own_act else words.now(target_in(event)),
        detail=_detail(
            event.detail, {"role": words.roles, "agency": words.agencies, **words.called}
        ),
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
