"""What was scheduled and has come due: each listing in a transaction of its own, so that one that
cannot be done keeps no other waiting."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.letters import Letterhead
from portal.db import write_transaction
from portal.listings.models import Listing, ListingState
from portal.publishing import announcing, publication
from portal.publishing.acts import Act

logger = logging.getLogger(__name__)

_Do = Callable[[Session, Listing, datetime], bool]


def has_due(session: Session, now: datetime) -> bool:
    """Whether anything has to be published or withdrawn."""
    either = _to_publish(now) | _to_withdraw(now)
    return session.scalar(select(Listing.id).where(either).limit(1)) is not None


def publish_due(sessions: sessionmaker[Session], *, letterhead: Letterhead, now: datetime) -> int:
    """Publish what was scheduled until now, and tell its authors; returns how many.

    :param letterhead: its link leads to what is below ``announcing.PATH``, here and below.
    """
    return _each(sessions, Act.PUBLISH, _to_publish(now), publication.publish_due, letterhead, now)


def withdraw_due(sessions: sessionmaker[Session], *, letterhead: Letterhead, now: datetime) -> int:
    """Withdraw what was to end until now, and tell its authors; returns how many."""
    return _each(
        sessions, Act.WITHDRAW, _to_withdraw(now), publication.withdraw_due, letterhead, now
    )


def _to_publish(now: datetime) -> ColumnElement[bool]:
    return Listing.publish_at <= now


def _to_withdraw(now: datetime) -> ColumnElement[bool]:
    return (Listing.unpublish_at <= now) & (Listing.state == ListingState.PUBLISHED)


def _each(
    sessions: sessionmaker[Session],
    act: Act,
    due: ColumnElement[bool],
    do: _Do,
    letterhead: Letterhead,
    now: datetime,
) -> int:
    with sessions() as session:
        ids = session.scalars(select(Listing.id).where(due).order_by(Listing.id)).all()
    done = 0
    for listing_id in ids:
        with write_transaction(sessions) as session:
            listing = session.get_one(Listing, listing_id)
            # Somebody may have taken it back since.
            if do(session, listing, now):
                announcing.announce_due(session, listing, act, letterhead=letterhead, now=now)
                done += 1
    return done
