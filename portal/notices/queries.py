"""Reads of site notices."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.notices.models import NoticeRevision, SiteNotice

SHOWN_IN_LIST = 200
"""The newest; a notice for all visitors is a rare thing."""

# Every page reads it, and putting the statement together takes as long as running it.
_REVISION = select(NoticeRevision.revision).where(NoticeRevision.id == 1)


def current_revision(session: Session) -> int:
    """Rises with every change of any notice; one read by primary key."""
    return session.scalar(_REVISION) or 0


def list_published(session: Session, *, now: datetime) -> Sequence[SiteNotice]:
    """What the public sees, or will see."""
    wanted = select(SiteNotice).where(SiteNotice.is_published, SiteNotice.ends_at > now)
    return session.scalars(wanted.order_by(SiteNotice.id)).all()


def list_newest(session: Session) -> Sequence[SiteNotice]:
    """Notices of any kind, the newest first."""
    newest_first = select(SiteNotice).order_by(SiteNotice.id.desc())
    return session.scalars(newest_first.limit(SHOWN_IN_LIST)).all()


def get_notice(session: Session, notice_id: int) -> SiteNotice:
    """The notice of a number.

    :raises NotFoundError: there is none.
    """
    notice = session.get(SiteNotice, notice_id) if notice_id <= LARGEST_NUMBER else None
    if notice is None:
        raise NotFoundError(f"there is no notice {notice_id}")
    return notice


def titles_of(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The titles of notices by number, of those that there are."""
    if not numbers:
        return {}
    rows = select(SiteNotice.id, SiteNotice.title).where(SiteNotice.id.in_(numbers))
    return dict(session.execute(rows).all())
