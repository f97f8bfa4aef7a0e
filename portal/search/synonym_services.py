"""What may be done to synonyms. Callers commit; searches follow with their next request."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, InvalidInputError, NotFoundError
from portal.search.models import SynonymGroup, SynonymMember, SynonymRevision
from portal.search.synonym_content import SynonymContent, content_of, find_problems, mark_of

Detail = Mapping[str, str | bool]


def add_group(
    session: Session, content: SynonymContent, *, actor: Actor, now: datetime
) -> SynonymGroup:
    """A new group.

    :raises InvalidInputError: the content breaks a rule.
    """
    group = SynonymGroup()
    store(session, group, content, now=now)
    detail = {"members": "、".join(group.texts), "category": group.category}
    if group.added:
        detail["added"] = "、".join(group.added)
    _conclude(session, AuditAction.SYNONYM_ADDED, group, detail, actor=actor, now=now)
    return group


def change_group(
    session: Session,
    group: SynonymGroup,
    content: SynonymContent,
    *,
    actor: Actor,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Give a group another content; returns False if it is the one it has. A default one is from
    then on left alone by new defaults.

    :param seen: ``synonym_content.mark_of`` of what whoever asks had before them.
    :raises InvalidInputError: the content breaks a rule.
    :raises ChangedMeanwhileError: the group is not as it was seen.
    """
    _hold(session, group)
    before, wanted = content_of(group), content.tidied()
    if wanted == before:
        return False
    if seen is not None and seen != mark_of(before):
        raise ChangedMeanwhileError(f"synonym group {group.id} was changed meanwhile")
    store(session, group, wanted, now=now)
    group.is_edited = True
    detail = _first_word(group) | _differences(before, wanted)
    _conclude(session, AuditAction.SYNONYM_CHANGED, group, detail, actor=actor, now=now)
    return True


def disable_group(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> bool:
    """Leave a group out of searches; it stays in the list. Returns False if it was left out."""
    action = AuditAction.SYNONYM_DISABLED
    return _switch(session, group, action, is_enabled=False, actor=actor, now=now)


def enable_group(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> bool:
    """Let searches use a group again; returns False if they may already."""
    action = AuditAction.SYNONYM_ENABLED
    return _switch(session, group, action, is_enabled=True, actor=actor, now=now)


def remove_group(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> bool:
    """Take a group out of the list; it can be restored. Returns False if it was out of it."""
    action = AuditAction.SYNONYM_REMOVED
    return _switch(session, group, action, is_removed=True, actor=actor, now=now)


def restore_group(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> bool:
    """Bring a removed group back as it was; returns False if it was not removed."""
    action = AuditAction.SYNONYM_RESTORED
    return _switch(session, group, action, is_removed=False, actor=actor, now=now)


def reset_group(
    session: Session, group: SynonymGroup, shipped: SynonymContent, *, actor: Actor, now: datetime
) -> bool:
    """Make a default group what ships, in the list and in force, and let it follow new defaults;
    returns False if it is and does."""
    _hold(session, group)
    before, was_removed = content_of(group), group.removed_at is not None
    if group.is_enabled and not group.is_edited and not was_removed and before == shipped:
        return False
    store(session, group, shipped, now=now)
    group.removed_at = None
    group.is_edited = False
    group.is_enabled = True
    action = AuditAction.SYNONYM_RESTORED if was_removed else AuditAction.SYNONYM_CHANGED
    detail = _first_word(group) | {"as_shipped": True} | _differences(before, shipped)
    _conclude(session, action, group, detail, actor=actor, now=now)
    return True


def store(session: Session, group: SynonymGroup, content: SynonymContent, *, now: datetime) -> None:
    """Put a content into a new or present group. The change has yet to be counted and recorded.

    :raises InvalidInputError: the content breaks a rule.
    """
    content = content.tidied()
    if problems := find_problems(content):
        raise InvalidInputError(problems)
    group.category = content.category
    group.note = content.note
    group.updated_at = now
    session.add(group)
    if (group.texts, group.added) == (content.members, content.added):
        return
    if group.members:
        group.members.clear()
        # Rows of the same keys must be gone before others take their places.
        session.flush()
    words = [(text, False) for text in content.members] + [(text, True) for text in content.added]
    group.members.extend(
        SynonymMember(position=position, text=text, is_added=is_added)
        for position, (text, is_added) in enumerate(words)
    )


def count_change(session: Session) -> None:
    """Raise the revision, by which processes notice that their copy is old.

    Transactions that change synonyms wait here for each other.
    """
    session.flush()
    session.execute(
        update(SynonymRevision).values(revision=SynonymRevision.revision + 1),
        execution_options={"synchronize_session": False},
    )


def _hold(session: Session, group: SynonymGroup) -> None:
    """See a group as it is now, and keep others from changing it until the transaction ends."""
    held = select(SynonymGroup.id).where(SynonymGroup.id == group.id).with_for_update()
    if session.scalar(held) is None:
        raise NotFoundError(f"there is no synonym group {group.id} any more")
    session.expire(group)


def _switch(
    session: Session,
    group: SynonymGroup,
    action: AuditAction,
    *,
    is_enabled: bool | None = None,
    is_removed: bool | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Bring a group into a state, of which what is None stays; returns False if it is in it."""
    _hold(session, group)
    if is_enabled in (None, group.is_enabled) and is_removed in (
        None,
        group.removed_at is not None,
    ):
        return False
    if is_enabled is not None:
        group.is_enabled = is_enabled
    if is_removed is not None:
        group.removed_at = now if is_removed else None
        # New defaults must not bring back what somebody took away.
        group.is_edited = group.is_edited or is_removed
    group.updated_at = now
    _conclude(session, action, group, _first_word(group), actor=actor, now=now)
    return True


def _conclude(
    session: Session,
    action: AuditAction,
    group: SynonymGroup,
    detail: Detail,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    count_change(session)
    target = Target("synonym_group", str(group.id))
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)


def _first_word(group: SynonymGroup) -> dict[str, str | bool]:
    """By which administrators know a group again in the record."""
    return {"first_word": group.texts[0]}


def _differences(before: SynonymContent, after: SynonymContent) -> dict[str, str | bool]:
    """What one content lacks of another, and has beyond it."""
    told: dict[str, str | bool] = {}
    for name in ("members", "added"):
        old, new = getattr(before, name), getattr(after, name)
        lost = "、".join(text for text in old if text not in new)
        gained = "、".join(text for text in new if text not in old)
        told |= {f"{name}_lost": lost} if lost else {}
        told |= {f"{name}_gained": gained} if gained else {}
        if old != new and not lost and not gained:
            told[f"{name}_reordered"] = True
    for name in ("category", "note"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            told |= {f"{name}_before": old, f"{name}_after": new}
    return told
