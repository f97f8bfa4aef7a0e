"""Reads of messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.listings.models import Listing
from portal.messages.models import Message, MessageState

PER_PAGE = 50

_Row = TypeVar("_Row", Message, int)
_WHOLE = (
    joinedload(Message.listing).joinedload(Listing.public_version),
    joinedload(Message.agency),
)


def list_messages(
    session: Session, state: MessageState | None, *, agency_id: int | None, page: int
) -> Sequence[Message]:
    """A page of messages, the newest first; the first page is 1.

    :param state: only those; None for all.
    :param agency_id: only those for this agency; None for all.
    """
    wanted = _narrowed(select(Message), state, agency_id).order_by(Message.id.desc())
    wanted = wanted.options(*_WHOLE).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return session.scalars(wanted).all()


def count_messages(session: Session, state: MessageState | None, *, agency_id: int | None) -> int:
    """How many there are."""
    counted = _narrowed(select(func.count(Message.id)), state, agency_id)
    return session.scalar(counted) or 0


def count_waiting(session: Session, *, left_before: datetime) -> int:
    """How many wait for the prefecture: those about the portal, and those that came before an
    instant and their agency has not dealt with."""
    is_ours = or_(Message.agency_id.is_(None), Message.created_at < left_before)
    waiting = select(func.count(Message.id)).where(Message.state == MessageState.OPEN, is_ours)
    return session.scalar(waiting) or 0


def get_message(session: Session, message_id: int, *, agency_id: int | None) -> Message:
    """A message, if the asker looks after it.

    :raises NotFoundError: there is none, or it is none of theirs.
    """
    wanted = _narrowed(select(Message), None, agency_id).where(Message.id == message_id)
    found = session.scalar(wanted.options(*_WHOLE)) if message_id <= LARGEST_NUMBER else None
    if found is None:
        raise NotFoundError(f"there is no message {message_id}")
    return found


def _narrowed(
    wanted: Select[_Row], state: MessageState | None, agency_id: int | None
) -> Select[_Row]:
    if state is not None:
        wanted = wanted.where(Message.state == state)
    if agency_id is not None:
        wanted = wanted.where(Message.agency_id == agency_id)
    return wanted
