"""Links that work once: for a user there is, or bound to what a user is going to be."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.session_services import TOKEN_BYTES, hash_token
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.errors import PortalError

LIVES: dict[TokenPurpose, timedelta] = {
    TokenPurpose.PASSWORD_RESET: timedelta(hours=1),
    TokenPurpose.INVITATION: timedelta(hours=48),
}


class UnusableTokenError(PortalError):
    """A link that was used, is too old, or never was one of ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a user is going to be: with this address, in this role, for this agency."""

    email: str
    role: Role
    agency_id: int | None


def new_token() -> str:
    """256 random bits for the address of a link. They go into the mail and are kept nowhere."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def issue(
    session: Session,
    purpose: TokenPurpose,
    bearer: User | Place,
    *,
    token: str,
    now: datetime,
) -> None:
    """Make the link with a new token work."""
    row = OneTimeToken(
        token_hash=hash_token(token),
        purpose=purpose,
        created_at=now,
        expires_at=now + LIVES[purpose],
    )
    if isinstance(bearer, User):
        row.user_id = bearer.id
    else:
        row.email, row.role, row.agency_id = bearer.email, bearer.role, bearer.agency_id
    session.add(row)
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
        .options(joinedload(OneTimeToken.user).joinedload(User.agency))
    )
    if row is None or (row.user is not None and row.user.is_disabled):
        raise UnusableTokenError("this link does not work any more")
    return row


def use(session: Session, purpose: TokenPurpose, token: str, *, now: datetime) -> OneTimeToken:
    """Use a link up. However many try at once, one succeeds.

    :raises UnusableTokenError: it does not work, or not any more.
    """
    row = get_usable(session, purpose, token, now=now)
    # The condition is asked again where rows are locked: others may have read the same row.
    using = update(OneTimeToken).where(OneTimeToken.id == row.id, OneTimeToken.used_at.is_(None))
    if session.connection().execute(using.values(used_at=now)).rowcount != 1:
        raise UnusableTokenError("this link was used at this moment")
    return row


def revoke_of_user(session: Session, purpose: TokenPurpose, user_id: int) -> None:
    """Make all links of a user for a purpose stop working."""
    session.execute(
        delete(OneTimeToken).where(OneTimeToken.user_id == user_id, OneTimeToken.purpose == purpose)
    )


def prune(session: Session, *, now: datetime) -> int:
    """Drop links whose time is over; returns how many."""
    over = delete(OneTimeToken).where(OneTimeToken.expires_at <= now)
    return session.connection().execute(over).rowcount
