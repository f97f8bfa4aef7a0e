"""Reads of invitations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts import emails
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.accounts.user_queries import holds_text
from portal.agencies.models import Agency
from portal.errors import NotFoundError


def find_open(session: Session, email: str, *, now: datetime) -> OneTimeToken | None:
    """The invitation to an address that can still be accepted, if there is one."""
    return session.scalar(
        select(OneTimeToken).where(is_pending_to(email), OneTimeToken.expires_at > now)
    )


def is_pending_to(email: str) -> ColumnElement[bool]:
    """The condition that a row is an invitation to an address that nobody has accepted."""
    return and_(
        OneTimeToken.purpose == TokenPurpose.INVITATION,
        func.lower(OneTimeToken.email) == emails.fold(email),
        OneTimeToken.used_at.is_(None),
    )


def list_pending(
    session: Session,
    *,
    agency_id: int | None,
    text: str = "",
    role: Role | None = None,
    agency_code: str = "",
) -> Sequence[OneTimeToken]:
    """Invitations nobody has accepted, too old ones among them, the newest first.

    :param agency_id: only the staff of this agency; None for all.
    :param text: a part of the name or of the address.
    :param role: only to this role; None for all.
    :param agency_code: only to this agency; empty for all.
    """
    wanted = select(OneTimeToken).where(
        OneTimeToken.purpose == TokenPurpose.INVITATION, OneTimeToken.used_at.is_(None)
    )
    if text:
        wanted = wanted.where(holds_text(text, name=OneTimeToken.name, email=OneTimeToken.email))
    if role is not None:
        wanted = wanted.where(OneTimeToken.role == role.value)
    if agency_code:
        wanted = wanted.join(OneTimeToken.agency).where(Agency.code == agency_code)
    if agency_id is not None:
        wanted = wanted.where(
            OneTimeToken.agency_id == agency_id, OneTimeToken.role == Role.STAFF.value
        )
    ordered = wanted.order_by(OneTimeToken.created_at.desc(), OneTimeToken.id.desc())
    return session.scalars(ordered.options(joinedload(OneTimeToken.agency))).all()


def holders_of(session: Session, rows: Iterable[OneTimeToken]) -> dict[int, int]:
    """Of invitations whose address has an account by now, so that nobody can accept them: the
    number of that user by the number of the invitation."""
    folded = {row.id: emails.fold(str(row.email)) for row in rows}
    held = select(User.email_folded, User.id).where(User.email_folded.in_(set(folded.values())))
    users = dict(session.execute(held).all()) if folded else {}
    return {number: users[email] for number, email in folded.items() if email in users}


def get_pending(session: Session, number: int, *, agency_id: int | None) -> OneTimeToken:
    """An invitation nobody has accepted.

    :raises NotFoundError: there is none of this number for the asker.
    """
    for row in list_pending(session, agency_id=agency_id):
        if row.id == number:
            return row
    raise NotFoundError(f"there is no invitation {number}")
