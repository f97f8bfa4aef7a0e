"""What may be done to site notices. Callers commit; pages follow with the next request."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, InvalidInputError, NotFoundError
from portal.notices.content import NoticeContent, content_of, find_problems, mark_of, read_moment
from portal.notices.models import NoticeRevision, SiteNotice

TARGET = "site_notice"


def create(
    session: Session, content: NoticeContent, *, is_published: bool, actor: Actor, now: datetime
) -> SiteNotice:
    """A new notice, for the public or as a draft.

    :raises InvalidInputError: with all that has to be mended.
    """
    notice = SiteNotice(created_at=now, is_published=is_published)
    _write(notice, content.tidied(), is_published=is_published, now=now)
    session.add(notice)
    action = AuditAction.NOTICE_PUBLISHED if is_published else AuditAction.NOTICE_DRAFTED
    _conclude(session, action, notice, actor=actor, now=now)
    return notice


def change(
    session: Session,
    notice: SiteNotice,
    content: NoticeContent,
    *,
    is_published: bool,
    actor: Actor,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Let a notice say something else, or publish a draft; returns False if nothing changed. What
    was published stays so: it is ended, not made a draft.

    :param seen: ``content.mark_of`` the notice as whoever asks had it before them.
    :raises InvalidInputError: with all that has to be mended.
    :raises ChangedMeanwhileError: the notice is not as it was seen.
    """
    _hold(session, notice)
    was_published = notice.is_published
    is_published = is_published or was_published
    if content.tidied() == content_of(notice) and is_published == was_published:
        return False
    if seen is not None and seen != mark_of(notice):
        raise ChangedMeanwhileError(f"notice {notice.id}")
    _write(notice, content.tidied(), is_published=is_published, now=now)
    if was_published:
        action = AuditAction.NOTICE_CHANGED
    else:
        action = AuditAction.NOTICE_PUBLISHED if is_published else AuditAction.NOTICE_DRAFTED
    _conclude(session, action, notice, actor=actor, now=now)
    return True


def end(session: Session, notice: SiteNotice, *, actor: Actor, now: datetime) -> bool:
    """Take a notice off the pages at once; one that was still to come is a draft again. Returns
    False if the public would not see it any more anyway."""
    _hold(session, notice)
    if not _is_to_be_seen(notice, now):
        return False
    if notice.starts_at is not None and notice.starts_at <= now:
        notice.ends_at = now
    else:
        notice.is_published = False
    notice.updated_at = now
    _conclude(session, AuditAction.NOTICE_ENDED, notice, actor=actor, now=now)
    return True


def discard(session: Session, notice: SiteNotice, *, actor: Actor, now: datetime) -> bool:
    """Throw a draft away; what was published stays. Returns False if it is no draft."""
    _hold(session, notice)
    if notice.is_published:
        return False
    session.delete(notice)
    _conclude(session, AuditAction.NOTICE_DISCARDED, notice, actor=actor, now=now)
    return True


def _is_to_be_seen(notice: SiteNotice, now: datetime) -> bool:
    return notice.is_published and notice.ends_at is not None and notice.ends_at > now


def _write(
    notice: SiteNotice, content: NoticeContent, *, is_published: bool, now: datetime
) -> None:
    if problems := find_problems(content, is_published=is_published, now=now):
        raise InvalidInputError(problems)
    starts_at = read_moment(content.starts_at)
    notice.level = content.level
    notice.title = content.title
    notice.text = content.text
    notice.starts_at = starts_at or (now if is_published else None)
    notice.ends_at = read_moment(content.ends_at)
    notice.is_published = is_published
    notice.updated_at = now


def _hold(session: Session, notice: SiteNotice) -> None:
    """See a notice as it is now, and keep others from changing it until the transaction ends."""
    held = select(SiteNotice.id).where(SiteNotice.id == notice.id).with_for_update()
    if session.scalar(held) is None:
        raise NotFoundError(f"there is no notice {notice.id} any more")
    session.refresh(notice)


def _conclude(
    session: Session, action: AuditAction, notice: SiteNotice, *, actor: Actor, now: datetime
) -> None:
    session.flush()
    session.execute(
        update(NoticeRevision).values(revision=NoticeRevision.revision + 1),
        execution_options={"synchronize_session": False},
    )
    target = Target(TARGET, str(notice.id))
    audit.record(session, action, actor=actor, target=target, detail=_told(notice), now=now)


def _told(notice: SiteNotice) -> Mapping[str, str]:
    """What the public read, for whoever asks later: the table holds only the last."""
    content = content_of(notice)
    return {
        "title": content.title,
        "urgency": content.level,
        "text": content.text,
        "shown_from": content.starts_at,
        "shown_until": content.ends_at,
    }
