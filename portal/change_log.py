"""The index's change log: which listings changed, in which order. It knows ids only.

A row is written in the transaction that changes the listing, so neither can exist without the
other. It holds no verb: whoever applies it looks at the listing as it is then. Any number of
index replicas follow the same log, each from the ``seq`` it has applied.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Integer, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, UtcDateTime, take_turn

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4A6


class IndexChange(Base):
    """Listing ``listing_id`` changed. No foreign key: the log outlives what it speaks of."""

    __tablename__ = "index_change"
    # AUTOINCREMENT, because SQLite otherwise gives the number of a pruned last row again.
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


# Made once: every search asks for it.
_LATEST = select(func.max(IndexChange.seq))


def await_turn(session: Session) -> None:
    """Wait until nobody else records a change. For a transaction that records an event before it
    records a change: all have to take these two turns in one order, this one first."""
    take_turn(session.connection(), _TURN)


def record_change(session: Session, listing_id: int, *, now: datetime) -> None:
    """Note, in the running transaction, that the public view of a listing may have changed.

    Appends are serialised until the transaction ends, so that a smaller ``seq`` never becomes
    visible after a larger one, which a reader would then skip.
    """
    record_changes(session, [listing_id], now=now)


def record_changes(session: Session, listing_ids: Iterable[int], *, now: datetime) -> None:
    """Note the same of several listings."""
    await_turn(session)
    session.add_all(IndexChange(listing_id=id_, recorded_at=now) for id_ in listing_ids)
    # The lock must be held when the numbers are drawn, not only when the session gets to it.
    session.flush()


def latest_seq(session: Session) -> int:
    """The position of the newest change, 0 if there never was one."""
    return session.scalar(_LATEST) or 0


def latest_change_at(session: Session) -> datetime | None:
    """When the newest change was recorded; None if there never was one."""
    newest = select(IndexChange.recorded_at).order_by(IndexChange.seq.desc()).limit(1)
    return session.scalar(newest)


def listing_ids_after(session: Session, seq: int) -> set[int]:
    """Listings that changed after a position."""
    return set(session.scalars(select(IndexChange.listing_id).where(IndexChange.seq > seq)))


def complete_after(session: Session) -> int:
    """The earliest position after which the log still holds every change."""
    oldest = session.scalar(select(func.min(IndexChange.seq)))
    return 0 if oldest is None else oldest - 1


def prune(session: Session, *, before: datetime) -> int:
    """Drop what was recorded before an instant; returns how many rows.

    The newest of those stays. It keeps the log from being empty, which would look like a database
    without history, and shows by its ``seq`` from where on nothing is missing.
    """
    newest = select(func.max(IndexChange.seq)).where(IndexChange.recorded_at < before)
    old = delete(IndexChange).where(IndexChange.seq < newest.scalar_subquery())
    return session.connection().execute(old).rowcount
