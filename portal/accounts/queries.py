"""Reads of users."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts import emails
from portal.accounts.models import RecoveryCode, User
from portal.errors import NotFoundError

_WITH_AGENCY = joinedload(User.agency)


def find_by_email(session: Session, email: str) -> User | None:
    """The user of an address, however its letters are written."""
    folded = emails.fold(email)
    # A NUL, which PostgreSQL refuses to look for, is in no address either.
    if not emails.is_usable(folded):
        return None
    wanted = select(User).where(User.email_folded == folded).options(_WITH_AGENCY)
    return session.scalar(wanted)


def get_by_email(session: Session, email: str) -> User:
    """The user of an address.

    :raises NotFoundError: there is none.
    """
    user = find_by_email(session, email)
    if user is None:
        raise NotFoundError(f"there is no user {email}")
    return user


def get_user(session: Session, user_id: int) -> User:
    """The user of a number.

    :raises NotFoundError: there is none.
    """
    user = session.scalar(select(User).where(User.id == user_id).options(_WITH_AGENCY))
    if user is None:
        raise NotFoundError(f"there is no user {user_id}")
    return user


def has_second_factor(session: Session, user_id: int) -> bool:
    """Whether a user has one; False, too, if there is no such user."""
    wanted = select(User.id).where(User.id == user_id, User.totp_secret.is_not(None))
    return session.scalar(wanted) is not None


def hold(session: Session, *user_ids: int) -> None:
    """See users as they are now, and let nobody else change them before this transaction ends. To
    be called before it is decided what becomes of them.

    In the order of their numbers: two who hold the same ones then wait for each other in turn.
    What refers to them is added freely, so that whoever writes first and holds later does not
    block who holds first.

    :raises NotFoundError: one of them is gone.
    """
    wanted = select(User).where(User.id.in_(user_ids)).order_by(User.id)
    wanted = wanted.with_for_update(key_share=True)
    found = session.scalars(wanted, execution_options={"populate_existing": True}).all()
    if len(found) < len(set(user_ids)):
        raise NotFoundError("a user was removed at this moment")


def list_demo_users(session: Session) -> Sequence[User]:
    """The accounts of the demo, which production must not have."""
    is_demo = User.email_folded.endswith(f"@{emails.DEMO_DOMAIN}", autoescape=True)
    return session.scalars(select(User).where(is_demo).order_by(User.id)).all()


def count_recovery_codes(session: Session, user_id: int) -> int:
    """How many recovery codes somebody has left."""
    unused = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0
