"""Reads of saved searches."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal import change_log
from portal.accounts.models import User
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.timing import Frequency
from portal.clock import in_japan
from portal.errors import NotFoundError

_WITH_USER = joinedload(SavedSearch.user)


def get_held(session: Session, search_id: int) -> SavedSearch:
    """A saved search as it is now, kept from others until the transaction ends.

    :raises NotFoundError: there is none.
    """
    wanted = select(SavedSearch).where(SavedSearch.id == search_id)
    row = session.scalar(wanted.with_for_update(), execution_options={"populate_existing": True})
    if row is None:
        raise NotFoundError(f"there is no saved search {search_id}")
    return row


def find_held_due(session: Session, search_id: int, now: datetime, seq: int) -> SavedSearch | None:
    """The same of one that has to be looked at; None if that was done at this moment, or it is
    stopped or gone."""
    wanted = select(SavedSearch).where(SavedSearch.id == search_id, is_due(now, seq))
    return session.scalar(wanted.with_for_update(), execution_options={"populate_existing": True})


def get_search(session: Session, search_id: int) -> SavedSearch:
    """A saved search, with whose it is.

    :raises NotFoundError: there is none.
    """
    row = session.get(SavedSearch, search_id, options=[_WITH_USER])
    if row is None:
        raise NotFoundError(f"there is no saved search {search_id}")
    return row


def list_of(session: Session, user: User) -> Sequence[SavedSearch]:
    """All that somebody has confirmed, signed in or by their address; the newest first."""
    confirmed = SavedSearch.state != AlertState.REQUESTED
    wanted = select(SavedSearch).where(_is_of(user.email_folded, user), confirmed)
    newest_first = SavedSearch.requested_at.desc(), SavedSearch.id.desc()
    return session.scalars(wanted.order_by(*newest_first)).all()


def find_same(session: Session, digest: str, folded: str, user: User | None) -> SavedSearch | None:
    """The saved search of an address, or of the account of that address, with the same
    conditions. One that was confirmed goes before one that only waits for it."""
    same = select(SavedSearch).where(_is_of(folded, user), SavedSearch.criteria_digest == digest)
    waits = SavedSearch.state == AlertState.REQUESTED
    return session.scalars(same.order_by(waits, SavedSearch.id).limit(1)).first()


def count_of(session: Session, folded: str, user: User | None) -> int:
    """How many there are of an address and its account that were confirmed. Others do not count:
    anybody may have asked for them, and could keep its owner from saving any."""
    confirmed = SavedSearch.state != AlertState.REQUESTED
    wanted = select(func.count()).select_from(SavedSearch).where(_is_of(folded, user), confirmed)
    return session.scalar(wanted) or 0


def _is_of(folded: str, user: User | None) -> ColumnElement[bool]:
    by_address = SavedSearch.address_folded == folded
    return or_(by_address, SavedSearch.user_id == user.id) if user is not None else by_address


def is_due(now: datetime, seq: int) -> ColumnElement[bool]:
    """A condition for saved searches that have to be looked at.

    :param seq: the newest position in the change log: what is told at once is looked at when
        something changed, or on another day.
    """
    today: date = in_japan(now).date()
    is_moved = or_(
        SavedSearch.frequency != Frequency.AT_ONCE.value,
        SavedSearch.known.is_(None),
        SavedSearch.looked_seq < seq,
        SavedSearch.looked_on < today,
    )
    return (SavedSearch.state == AlertState.ACTIVE.value) & (SavedSearch.due_at <= now) & is_moved


def has_due(session: Session, now: datetime) -> bool:
    """Whether a saved search has to be looked at."""
    seq = change_log.latest_seq(session)
    return bool(session.scalar(select(exists().where(is_due(now, seq)))))


def list_due(session: Session, now: datetime, seq: int) -> Sequence[SavedSearch]:
    """Saved searches that have to be looked at, with whose they are."""
    wanted: Select[SavedSearch] = (
        select(SavedSearch).where(is_due(now, seq)).options(_WITH_USER).order_by(SavedSearch.id)
    )
    return session.scalars(wanted).all()
