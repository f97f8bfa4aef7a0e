"""How far page views are counted, and whether counting keeps up."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.pageviews.folders import Folders
from portal.pageviews.models import SpooledLine, SpoolFile, SpoolPlace

LATE_AFTER = timedelta(minutes=30)
"""Six times as long as it takes until the job of counting comes round."""


def list_places(session: Session) -> list[SpoolPlace]:
    """The hosts that write raw lines."""
    return list(session.scalars(select(SpoolPlace).order_by(SpoolPlace.place)))


def counted_until(session: Session) -> datetime | None:
    """What was written before this instant, wherever, is counted; None if nothing ever was."""
    found: datetime | None = session.scalar(
        select(SpoolPlace.counted_until).order_by(SpoolPlace.counted_until).limit(1)
    )
    return found


def has_uncounted_lines(session: Session, *, before: datetime) -> bool:
    """Whether lines that were kept in the database before an instant wait to be counted."""
    waiting = select(SpooledLine.id).where(
        SpooledLine.is_counted.is_(False), SpooledLine.written_at < before
    )
    return session.scalar(waiting.limit(1)) is not None


def count_damaged(session: Session) -> tuple[int, int]:
    """Whole lines that nothing could be read from, and bytes that were cut off, in all files."""
    sums = select(
        func.coalesce(func.sum(SpoolFile.damaged_lines), 0),
        func.coalesce(func.sum(SpoolFile.cut_bytes), 0),
    )
    damaged, cut = session.execute(sums).one()
    return int(damaged), int(cut)


def waiting_bytes(session: Session, folders: Folders) -> int:
    """What lies in the spool of this host and is not counted."""
    sizes = {path.name: path.stat().st_size for path in folders.files()}
    read = select(SpoolFile.name, SpoolFile.consumed_bytes).where(SpoolFile.name.in_(sizes))
    consumed = dict(session.execute(read).all())
    return sum(size - consumed.get(name, 0) for name, size in sizes.items())


def is_late(session: Session, folders: Folders, *, now: datetime) -> bool:
    """Whether this host wrote lines that should have been counted long ago."""
    row = session.get(SpoolPlace, folders.place)
    is_old = row is None or row.counted_until < now - LATE_AFTER
    if not is_old:
        return False
    begun = [path.stat().st_ctime for path in folders.files()]
    oldest = min(begun, default=now.timestamp())
    return waiting_bytes(session, folders) > 0 and oldest < (now - LATE_AFTER).timestamp()


def forget_place(session: Session, place: str) -> bool:
    """No longer wait for a host that is gone for good; returns False if it is not known."""
    row = session.get(SpoolPlace, place)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
