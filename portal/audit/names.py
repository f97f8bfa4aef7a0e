"""What those are called now of whom events speak. The record itself holds numbers and codes alone:
members leave with all that is known of them, and a name in it could never be taken out."""

from collections.abc import Iterable, Mapping

from portal.audit.models import AuditEvent
from portal.db import LARGEST_NUMBER

USER = "user"

Subject = tuple[str, str]
"""The type of a target, and its number or code; who acted is a ``USER``."""

Names = Mapping[Subject, str]
"""What subjects are called that there still are."""

GONE = "（削除済み）"


def actor_in(event: AuditEvent) -> Subject | None:
    """Who acted, if that was a user."""
    return None if event.actor_id is None else (USER, str(event.actor_id))


def target_in(event: AuditEvent) -> Subject | None:
    """What was acted on."""
    return (event.target_type, event.target_id or "") if event.target_type else None


def subjects_in(events: Iterable[AuditEvent]) -> set[Subject]:
    """All that some events speak of."""
    found = (subject for event in events for subject in (actor_in(event), target_in(event)))
    return {subject for subject in found if subject}


def numbers_in(subjects: Iterable[Subject], kind: str) -> list[int]:
    """The numbers of subjects of a type that has numbers; what is none is left out."""
    found = (id_ for type_, id_ in subjects if type_ == kind)
    numbers = (int(id_) for id_ in found if id_.isascii() and id_.isdecimal())
    return sorted(number for number in numbers if number <= LARGEST_NUMBER)


def name_now(subject: Subject | None, names: Names) -> str | None:
    """What a subject is called; that it is gone, of a user who is; None if it has no name."""
    if subject is None:
        return None
    return names.get(subject, GONE if subject[0] == USER else None)
