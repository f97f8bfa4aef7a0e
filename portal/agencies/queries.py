"""Reads of agencies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.errors import NotFoundError

# Every search reads them, and putting the statement together takes as long as running it.
_NAMES = select(Agency.code, Agency.name).order_by(Agency.id)


def list_agencies(session: Session) -> list[Agency]:
    """All agencies in the order they were entered, which is the official one."""
    return list(session.scalars(select(Agency).order_by(Agency.id)))


def get_by_code(session: Session, code: str) -> Agency:
    """The agency of a code.

    :raises NotFoundError: there is none.
    """
    # A NUL, which PostgreSQL refuses to look for, is in no code either.
    is_possible = code.isprintable()
    agency = session.scalar(select(Agency).where(Agency.code == code)) if is_possible else None
    if agency is None:
        raise NotFoundError(code)
    return agency


def known_codes(session: Session) -> dict[str, str]:
    """Names of all agencies by code."""
    return dict(session.execute(_NAMES).all())
