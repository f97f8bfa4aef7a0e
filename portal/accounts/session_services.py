"""Sessions: rows of the database that a cookie points to, so that each can be ended at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import User
from portal.accounts.permissions import SECOND_FACTOR_ROLES, Role
from portal.accounts.sign_in_models import LONGEST_BROWSER, UserSession
from portal.errors import PortalError

TOKEN_BYTES = 32

STAFF_IDLE = timedelta(minutes=30)
STAFF_LIFE = timedelta(hours=12)
MEMBER_LIFE = timedelta(days=14)
PENDING_LIFE = timedelta(minutes=10)
"""How long the second factor may take after the password."""
ENROLMENT_LIFE = timedelta(minutes=30)
"""The same where it has to be set up first, maybe with a phone that lies in a drawer."""

SEEN_STEP = timedelta(seconds=10)
"""A session is marked as used no more often than this, so that reading pages seldom writes."""


class SessionGoneError(PortalError):
    """A session that a request began with is over by now: it took too long, or was ended."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new session; ``token`` goes into the cookie and is kept nowhere else."""

    token: str
    session: UserSession


def hash_token(token: str) -> str:
    """What tables keep of a random token: its 256 bits need neither salt nor cost."""
    return sha256(token.encode()).hexdigest()


def start(
    session: Session, user: User, *, is_complete: bool, browser: str, now: datetime
) -> Started:
    """Begin a session with a new id."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = UserSession(
        token_hash=hash_token(token),
        user=user,
        is_complete=is_complete,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (life_of(user.role) if is_complete else _pending_life(user)),
        browser=browser[:LONGEST_BROWSER],
    )
    session.add(row)
    session.flush()
    return Started(token, row)


def _pending_life(user: User) -> timedelta:
    return PENDING_LIFE if user.has_second_factor else ENROLMENT_LIFE


def life_of(role: str) -> timedelta:
    """How long a session lasts at most, whatever happens in it."""
    return STAFF_LIFE if is_for_work(role) else MEMBER_LIFE


def is_for_work(role: str) -> bool:
    """Whether sessions of a role end after a pause, as computers of offices are shared."""
    return Role(role) in SECOND_FACTOR_ROLES


def find(session: Session, token: str) -> UserSession | None:
    """The session of a cookie with its user and agency, be it over or not."""
    if not token.isascii() or len(token) > 2 * TOKEN_BYTES:
        return None
    wanted = (
        select(UserSession)
        .join(UserSession.user)
        .where(UserSession.token_hash == hash_token(token))
        .options(contains_eager(UserSession.user).joinedload(User.agency))
    )
    return session.scalar(wanted)


def is_over(row: UserSession, *, now: datetime) -> bool:
    """Whether a session has ended by itself, or its user was stopped."""
    is_idle = is_for_work(row.user.role) and now - row.last_seen_at >= STAFF_IDLE
    return row.user.is_disabled or now >= row.expires_at or is_idle


def hold(session: Session, row_id: int, *, now: datetime) -> UserSession:
    """The row of a session and its user, whom nobody else changes before this transaction ends.
    For what takes long to confirm: the session may have been ended since the request began.

    :raises SessionGoneError: it is over.
    """
    # The user first, as those do who end sessions; what is read after that is how they left it.
    # What refers to a user is added freely meanwhile, by who holds something else that is needed.
    owner = select(User.id).join(UserSession, UserSession.user_id == User.id)
    owner = owner.where(UserSession.id == row_id)
    session.execute(owner.with_for_update(of=User, key_share=True))
    wanted = select(UserSession).where(UserSession.id == row_id).join(UserSession.user)
    # The session, too: whoever signs out ends that alone.
    wanted = wanted.options(contains_eager(UserSession.user)).with_for_update(of=UserSession)
    row = session.scalar(wanted, execution_options={"populate_existing": True})
    if row is None or is_over(row, now=now):
        raise SessionGoneError("the session was ended since the request began")
    return row


def needs_mark(row: UserSession, *, now: datetime) -> bool:
    """Whether it has to be written down that the session is in use."""
    return now - row.last_seen_at >= SEEN_STEP


def mark_seen(session: Session, row_id: int, *, now: datetime) -> None:
    """Write down that a session is in use; nothing happens if it was ended meanwhile."""
    seen = update(UserSession).where(UserSession.id == row_id, UserSession.last_seen_at < now)
    session.execute(seen.values(last_seen_at=now))


def end(session: Session, row_id: int, *, user_id: int) -> bool:
    """End a session of a user; returns False if it was none of theirs, or over already."""
    ended = delete(UserSession).where(UserSession.id == row_id, UserSession.user_id == user_id)
    return session.connection().execute(ended).rowcount == 1


def end_all(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End all sessions of a user, or all but one; returns how many."""
    ended = delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        ended = ended.where(UserSession.id != but)
    return session.connection().execute(ended).rowcount


def list_current(session: Session, user_id: int, *, now: datetime) -> Sequence[UserSession]:
    """The sessions of a user that are complete and not over, the one used last first."""
    wanted = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.is_complete)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .options(joinedload(UserSession.user))
    )
    return [row for row in session.scalars(wanted) if not is_over(row, now=now)]


def prune(session: Session, *, now: datetime) -> int:
    """Drop sessions whose time is over; returns how many."""
    over = delete(UserSession).where(UserSession.expires_at <= now)
    return session.connection().execute(over).rowcount
