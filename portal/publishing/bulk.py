"""One act on many listings, each in a transaction of its own, so that one that cannot be done keeps
no other back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries as account_queries
from portal.accounts.letters import Letterhead
from portal.db import write_transaction
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
    NotFoundError,
)
from portal.listings.models import listing_id_of
from portal.publishing import announcing, desk_queries
from portal.publishing.acts import Act

MOST_AT_ONCE = 100

_CHANGED = "ほかの人が変えたため、見なおしてください"
_ELSEWHERE = "いまの状態ではできません"
_TOO_LATE = "10分を過ぎたか、そのあとで変えられました"
_NOT_YOURS = "承認者が行います"
_GONE = "見つかりません"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A listing that was ticked, and the number of the version that was shown."""

    public_id: str
    seen: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A listing that something was not done to, and why; ``title`` is empty of one that is not
    there for whoever asked."""

    public_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many it was done to, and the others."""

    done: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, when, and what mails about it look like."""

    user_id: int
    letterhead: Letterhead
    now: datetime


def do_each(
    sessions: sessionmaker[Session],
    act: Act,
    do: Callable[..., None],
    chosen: Sequence[Chosen],
    *said: str,
    doer: Doer,
) -> Outcome:
    """Do something to listings of the agency of whoever does it.

    :param said: what ``do`` is told besides, such as a reason.
    """
    found = [_do_one(sessions, act, do, one, said, doer) for one in chosen[:MOST_AT_ONCE]]
    refused = tuple(one for one in found if one is not None)
    return Outcome(len(found) - len(refused), refused)


def _do_one(
    sessions: sessionmaker[Session],
    act: Act,
    do: Callable[..., None],
    chosen: Chosen,
    said: Sequence[str],
    doer: Doer,
) -> Refused | None:
    title = ""
    try:
        with write_transaction(sessions) as session:
            by = account_queries.get_user(session, doer.user_id)
            listing = desk_queries.get_for_desk(session, chosen.public_id, by)
            title = listing.versions[-1].title
            do(session, listing, *said, by=by, seen=chosen.seen, now=doer.now)
            announcing.announce(
                session, listing, act, by=by, letterhead=doer.letterhead, now=doer.now
            )
    except ChangedMeanwhileError:
        return Refused(chosen.public_id, title, _CHANGED)
    except InvalidTransitionError:
        return Refused(chosen.public_id, title, _TOO_LATE if act is Act.UNDO else _ELSEWHERE)
    except NotAllowedError:
        return Refused(chosen.public_id, title, _NOT_YOURS)
    except NotFoundError:
        return Refused(chosen.public_id, "", _GONE)
    except InvalidInputError as error:
        reason = "".join(problem.message for problem in error.problems)
        return Refused(chosen.public_id, title, reason.removesuffix("。"))
    return None


def read_chosen(texts: Sequence[str]) -> list[Chosen]:
    """What was ticked, each once; what names no listing and version is left out."""
    found = []
    for text in dict.fromkeys(texts):
        public_id, _, number = text.partition(":")
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        if is_number and listing_id_of(public_id) is not None:
            found.append(Chosen(public_id, int(number)))
    return found
