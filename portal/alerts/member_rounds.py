"""Telling members one after the other: each in a transaction of its own that holds their account,
so that two who run at once tell nothing twice and one that fails keeps no other back."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries as account_queries
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.alerts.sealed_links import LinkMaker
from portal.clock import in_japan
from portal.db import give_way, write_transaction
from portal.errors import NotFoundError, PortalError
from portal.listings.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

_GIVES_WAY_AFTER = 10


@dataclass(frozen=True, slots=True)
class MemberRound:
    """What one run of a job works with."""

    engine: Engine
    sessions: sessionmaker[Session]
    vocabulary: Vocabulary
    letterhead: Letterhead
    links: LinkMaker
    now: datetime

    @property
    def today(self) -> date:
        """The day in Japan."""
        return in_japan(self.now).date()


@dataclass(slots=True)
class MembersTold:
    """What became of the members who may have to be told."""

    mailed: int = 0
    failed: int = 0


def tell_each(
    held: MemberRound, user_ids: Iterable[int], tell: Callable[[Session, User], bool]
) -> MembersTold:
    """Tell members, each at most once.

    :param tell: decides anew whether there is anything to tell, and returns whether a mail goes
        out.
    """
    done = MembersTold()
    for number, user_id in enumerate(user_ids, start=1):
        try:
            with write_transaction(held.sessions) as session:
                account_queries.hold(session, user_id)
                done.mailed += tell(session, session.get_one(User, user_id))
        except NotFoundError:
            # They ended their account at this moment.
            continue
        except (PortalError, SQLAlchemyError):
            # The others must not wait for it; the job says how many there were.
            logger.exception("user %d cannot be told of their favourites", user_id)
            done.failed += 1
        if number % _GIVES_WAY_AFTER == 0:
            give_way(held.engine)
    return done
