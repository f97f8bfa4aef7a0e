"""Who is told by mail that a message came."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import AGENCY_ROLES, Role
from portal.agencies.models import Agency


def of_agency(session: Session, agency: Agency) -> Sequence[str]:
    """The mailbox of its section, which stays when people move; else all who work for it. Nobody,
    where the agency has neither."""
    if agency.section_mailbox:
        return (agency.section_mailbox,)
    return _addresses(session, AGENCY_ROLES, agency_id=agency.id)


def of_prefecture(session: Session, mailbox: str | None) -> Sequence[str]:
    """The mailbox that the operator set; else all administrators."""
    return (mailbox,) if mailbox else _addresses(session, (Role.ADMIN,))


def _addresses(
    session: Session, roles: Sequence[Role], *, agency_id: int | None = None
) -> Sequence[str]:
    wanted = select(User.email).where(User.role.in_(roles), User.disabled_at.is_(None))
    if agency_id is not None:
        wanted = wanted.where(User.agency_id == agency_id)
    return session.scalars(wanted.order_by(User.id)).all()
