"""What was scheduled and has come due: each listing in a transaction of its own, so that one that
cannot be done keeps no other waiting."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.letters import Letterhead
from portal.db import write_transaction
from portal.errors import PortalError
from portal.listings.models import Listing, ListingState
from portal.publishing import announcing, publication
from portal.publishing.acts import Act

logger = logging.getLogger(__name__)

_Do = Callable[[Session, Listing, datetime], Act | None]


@dataclass(frozen=True, slots=True)
class Done:
    """How many listings were published, withdrawn and sent to be looked at; and how many could not
    be done, which the next round tries again."""

    published: int
    withdrawn: int
    submitted: int
    failed: int


def has_due(session: Session, now: datetime) -> bool:
    """Whether anything has to be published or withdrawn."""
    either = _to_publish(now) | _to_withdraw(now)
    return session.scalar(select(Listing.id).where(either).limit(1)) is not None


def do_due(sessions: sessionmaker[Session], *, letterhead: Letterhead, now: datetime) -> Done:
    """Publish what was scheduled until now, withdraw what was to end, and tell the authors.

    :param letterhead: its link leads to what is below ``announcing.PATH``.
    """
    round_ = _Round(sessions, letterhead, now)
    round_.go_through(_to_publish(now), publication.publish_due)
    round_.go_through(_to_withdraw(now), publication.withdraw_due)
    done = round_.done
    return Done(done[Act.PUBLISH], done[Act.WITHDRAW], done[Act.SUBMIT], round_.failed)


def _to_publish(now: datetime) -> ColumnElement[bool]:
    return Listing.publish_at <= now


def _to_withdraw(now: datetime) -> ColumnElement[bool]:
    return (Listing.unpublish_at <= now) & (Listing.state == ListingState.PUBLISHED)


class _Round:
    def __init__(
        self, sessions: sessionmaker[Session], letterhead: Letterhead, now: datetime
    ) -> None:
        self._sessions, self._letterhead, self._now = sessions, letterhead, now
        self.done: Counter[Act] = Counter()
        self.failed = 0

    def go_through(self, due: ColumnElement[bool], do: _Do) -> None:
        with self._sessions() as session:
            ids = session.scalars(select(Listing.id).where(due).order_by(Listing.id)).all()
        for listing_id in ids:
            try:
                act = self._do(listing_id, do)
            except (PortalError, SQLAlchemyError):
                logger.exception("listing %d has come due and cannot be done", listing_id)
                self.failed += 1
            else:
                if act is not None:
                    self.done[act] += 1

    def _do(self, listing_id: int, do: _Do) -> Act | None:
        with write_transaction(self._sessions) as session:
            listing = session.get_one(Listing, listing_id)
            # Somebody may have taken it back since.
            act = do(session, listing, self._now)
            if act is not None:
                announcing.announce_due(
                    session, listing, act, letterhead=self._letterhead, now=self._now
                )
            return act
