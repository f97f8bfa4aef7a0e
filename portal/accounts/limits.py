"""How often something may fail before one has to wait. Rows of the database count, so that all
workers and hosts count together and a restart forgets nothing.

An attempt is written down before it is looked at and taken away if it succeeds: attempts at the
same moment cannot slip past together. Attempts that are refused are not written down, so nobody
can keep somebody waiting for longer than a window by going on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import Session

from portal.accounts.sign_in_models import AttemptKind, SignInAttempt
from portal.db import take_turn
from portal.errors import PortalError

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4B0

KEPT = timedelta(days=1)
"""The longest window of all limits."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a window of time."""

    most: int
    window: timedelta


_FIVE_MINUTES, _HOUR, _DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)

PER_ACCOUNT: Mapping[AttemptKind, Sequence[Limit]] = {
    AttemptKind.PASSWORD: (Limit(10, _FIVE_MINUTES),),
    AttemptKind.SECOND_FACTOR: (Limit(5, _FIVE_MINUTES), Limit(20, _HOUR), Limit(50, _DAY)),
    AttemptKind.PASSWORD_RESET: (Limit(5, _DAY),),
    AttemptKind.ADDRESS_CHECK: (Limit(5, _DAY),),
    AttemptKind.MESSAGE: (),
    AttemptKind.ALERT: (Limit(10, _DAY),),
}
# Forty town halls may reach the portal from one address.
PER_NETWORK: Mapping[AttemptKind, Sequence[Limit]] = {
    AttemptKind.PASSWORD: (Limit(100, _FIVE_MINUTES),),
    AttemptKind.SECOND_FACTOR: (),
    AttemptKind.PASSWORD_RESET: (Limit(100, _HOUR),),
    AttemptKind.ADDRESS_CHECK: (Limit(100, _HOUR),),
    AttemptKind.MESSAGE: (Limit(20, _HOUR), Limit(60, _DAY)),
    AttemptKind.ALERT: (Limit(100, _HOUR),),
}
TOGETHER: Mapping[AttemptKind, Sequence[Limit]] = {
    AttemptKind.PASSWORD: (Limit(1000, _FIVE_MINUTES),),
    AttemptKind.SECOND_FACTOR: (),
    AttemptKind.PASSWORD_RESET: (Limit(1000, _HOUR),),
    AttemptKind.ADDRESS_CHECK: (Limit(1000, _HOUR),),
    AttemptKind.MESSAGE: (Limit(200, _HOUR),),
    AttemptKind.ALERT: (Limit(1000, _HOUR),),
}


class TooManyAttemptsError(PortalError):
    """Too much has failed; ``wait`` is how long until the next attempt.

    ``is_of_account`` is False if other accounts, too, have to wait.
    """

    def __init__(self, wait: timedelta, *, is_of_account: bool) -> None:
        super().__init__(f"too many attempts: wait {wait}")
        self.wait = wait
        self.is_of_account = is_of_account


@dataclass(frozen=True, slots=True)
class Origin:
    """For which account something is tried and from where, each as a digest.

    ``device`` is None unless it is known for this account. A known device has limits of its own:
    what others do elsewhere does not count against it.
    """

    account: str
    network: str
    device: str | None = None


def begin(session: Session, kind: AttemptKind, origin: Origin, *, now: datetime) -> int:
    """Write an attempt down; returns its number, for ``succeeded``.

    :raises TooManyAttemptsError: one has to wait.
    """
    take_turn(session.connection(), _TURN)
    same = SignInAttempt.account == origin.account
    same &= SignInAttempt.device == origin.device
    own_wait = _wait(session, kind, PER_ACCOUNT[kind], same, now)
    others_wait = timedelta(0)
    if origin.device is None:
        here = SignInAttempt.network == origin.network
        others_wait = max(
            _wait(session, kind, PER_NETWORK[kind], here, now),
            _wait(session, kind, TOGETHER[kind], true(), now),
        )
    if own_wait or others_wait:
        raise TooManyAttemptsError(max(own_wait, others_wait), is_of_account=not others_wait)
    attempt = SignInAttempt(
        kind=kind, account=origin.account, network=origin.network, device=origin.device, at=now
    )
    session.add(attempt)
    session.flush()
    return attempt.id


def may_ask(session: Session, kind: AttemptKind, origin: Origin, *, now: datetime) -> bool:
    """Write down that a mail is asked for; False if its address was asked for too often. Then it
    gets none, and whoever asks is not told, since that would tell of the address.

    :raises TooManyAttemptsError: this network, or all together, asked too often.
    """
    try:
        begin(session, kind, origin, now=now)
    except TooManyAttemptsError as error:
        if error.is_of_account:
            return False
        raise
    return True


def _wait(
    session: Session,
    kind: AttemptKind,
    limits: Sequence[Limit],
    which: ColumnElement[bool],
    now: datetime,
) -> timedelta:
    """How long until, for each limit, the n-th newest attempt has left its window; zero if so."""
    newest_first = (
        select(SignInAttempt.at)
        .where(SignInAttempt.kind == kind, which)
        .order_by(SignInAttempt.at.desc())
    )
    longest = timedelta(0)
    for limit in limits:
        nth = session.scalar(newest_first.offset(limit.most - 1).limit(1))
        if nth is not None:
            longest = max(longest, nth + limit.window - now)
    return longest


def succeeded(session: Session, attempt_id: int) -> None:
    """Take an attempt away again: limits count failures."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def forget(session: Session, account: str) -> None:
    """Drop all attempts that were written down under the digest of an account."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == account))


def prune(session: Session, *, now: datetime) -> int:
    """Drop attempts that no limit looks at any more; returns how many."""
    old = delete(SignInAttempt).where(SignInAttempt.at < now - KEPT)
    return session.connection().execute(old).rowcount
