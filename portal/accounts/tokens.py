"""Links that work once: for a user there is, or bound to what a user is going to be."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts import queries
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.session_services import TOKEN_BYTES, hash_token
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.errors import NotFoundError, PortalError

LIVES: dict[TokenPurpose, timedelta] = {
    TokenPurpose.PASSWORD_RESET: timedelta(hours=1),
    TokenPurpose.INVITATION: timedelta(hours=48),
    TokenPurpose.SIGN_UP: timedelta(hours=24),
    TokenPurpose.EMAIL_CHANGE: timedelta(hours=24),
}

INVITATION_KEPT = timedelta(days=30)
"""How long an invitation nobody accepted in time can still be seen, and sent again."""


class Fault(StrEnum):
    """Why a link does not work, as far as can be told from it."""

    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Taken back, replaced by a newer one, or changed on its way."""


class UnusableTokenError(PortalError):
    """A link that was used, is too old, or never was one of ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a user is going to be: with this address, in this role, for this agency."""

    email: str
    role: Role
    agency_id: int | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NewAddress:
    """What a user's address is going to be."""

    user_id: int
    email: str


def new_token() -> str:
    """256 random bits for the address of a link. They go into the mail and are kept nowhere."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def issue(
    session: Session,
    purpose: TokenPurpose,
    bearer: User | Place | NewAddress,
    *,
    token: str,
    now: datetime,
) -> OneTimeToken:
    """Make the link with a new token work."""
    row = OneTimeToken(
        token_hash=hash_token(token),
        purpose=purpose,
        created_at=now,
        expires_at=now + LIVES[purpose],
    )
    if isinstance(bearer, User):
        row.user_id = bearer.id
    elif isinstance(bearer, NewAddress):
        row.user_id, row.email = bearer.user_id, bearer.email
    else:
        row.email, row.role, row.agency_id = bearer.email, bearer.role, bearer.agency_id
        row.name = bearer.name
    session.add(row)
    session.flush()
    return row


def renew(session: Session, row: OneTimeToken, *, token: str, now: datetime) -> None:
    """Put a new link in the place of one; the old one works no more."""
    row.token_hash = hash_token(token)
    row.created_at, row.expires_at = now, now + LIVES[TokenPurpose(row.purpose)]
    session.flush()


def get_usable(
    session: Session, purpose: TokenPurpose, token: str, *, now: datetime
) -> OneTimeToken:
    """The row of a link that still works, without using it.

    :raises UnusableTokenError: it does not.
    """
    row = session.scalar(
        select(OneTimeToken)
        .where(
            OneTimeToken.token_hash == hash_token(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .options(
            joinedload(OneTimeToken.user).joinedload(User.agency), joinedload(OneTimeToken.agency)
        )
    )
    if row is None or (row.user is not None and row.user.is_disabled):
        raise UnusableTokenError("this link does not work any more")
    return row


def fault_of(session: Session, purpose: TokenPurpose, token: str, *, now: datetime) -> Fault:
    """Why a link does not work."""
    row = session.scalar(
        select(OneTimeToken).where(
            OneTimeToken.token_hash == hash_token(token), OneTimeToken.purpose == purpose
        )
    )
    if row is None:
        return Fault.UNKNOWN
    if row.used_at is not None:
        return Fault.USED
    return Fault.EXPIRED if row.expires_at <= now else Fault.UNKNOWN


def use(session: Session, purpose: TokenPurpose, token: str, *, now: datetime) -> OneTimeToken:
    """Use a link up. However many try at once, one succeeds.

    :raises UnusableTokenError: it does not work, or not any more.
    """
    row = get_usable(session, purpose, token, now=now)
    if row.user_id is not None:
        # The user first, as those do who make links stop working.
        _hold_owner(session, row.user_id)
    # Asked again where rows are locked: others may have read the same row, or put a newer link in
    # its place.
    using = update(OneTimeToken).where(
        OneTimeToken.id == row.id,
        OneTimeToken.token_hash == row.token_hash,
        OneTimeToken.used_at.is_(None),
    )
    if session.connection().execute(using.values(used_at=now)).rowcount != 1:
        raise UnusableTokenError("this link was used at this moment")
    return row


def _hold_owner(session: Session, user_id: int) -> None:
    try:
        queries.hold(session, user_id)
    except NotFoundError as error:
        raise UnusableTokenError("this link is of nobody any more") from error


def revoke_of_user(session: Session, purpose: TokenPurpose, user_id: int) -> None:
    """Make all links of a user for a purpose stop working."""
    session.execute(
        delete(OneTimeToken).where(OneTimeToken.user_id == user_id, OneTimeToken.purpose == purpose)
    )


def revoke_invitations_by(session: Session, user_id: int) -> int:
    """Make all invitations that somebody sent and nobody accepted stop working; returns how
    many."""
    sent = delete(OneTimeToken).where(
        OneTimeToken.invited_by_id == user_id,
        OneTimeToken.purpose == TokenPurpose.INVITATION,
        OneTimeToken.used_at.is_(None),
    )
    return session.connection().execute(sent).rowcount


def prune(session: Session, *, now: datetime) -> int:
    """Drop links whose time is over; returns how many."""
    is_kept = (OneTimeToken.purpose == TokenPurpose.INVITATION) & OneTimeToken.used_at.is_(None)
    over = delete(OneTimeToken).where(
        OneTimeToken.expires_at <= now,
        or_(~is_kept, OneTimeToken.expires_at <= now - INVITATION_KEPT),
    )
    return session.connection().execute(over).rowcount
