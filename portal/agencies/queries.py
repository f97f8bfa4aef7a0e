"""Reads of agencies."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.errors import NotFoundError

# Every search reads them, and putting the statement together takes as long as running it.
_NAMES = select(Agency.code, Agency.name).order_by(Agency.id)


def list_agencies(session: Session) -> list[Agency]:
    """All agencies in the order they were entered, which is the official one."""
    return list(session.scalars(select(Agency).order_by(Agency.id)))


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """Which agencies are wanted: those that match all that is given."""

    text: str = ""
    """Part of the code, the name or its reading; small and capital letters are the same."""
    level: str = ""
    regions: Collection[str] = ()
    """Codes of regions, of which any will do."""


def list_matching(session: Session, wanted: AgencyFilter) -> list[Agency]:
    """Agencies that are wanted, in the official order."""
    statement = select(Agency).order_by(Agency.id)
    # A NUL, which PostgreSQL refuses to look for, is in no text of an agency either.
    if not wanted.text.replace("\u3000", " ").isprintable():
        return []
    for word in wanted.text.split():
        columns = (Agency.code, Agency.name, Agency.kana)
        holds = [column.icontains(word, autoescape=True) for column in columns]
        statement = statement.where(or_(*holds))
    if wanted.level:
        statement = statement.where(Agency.level == wanted.level)
    if wanted.regions:
        statement = statement.where(Agency.region_code.in_(wanted.regions))
    return list(session.scalars(statement))


def get_by_code(session: Session, code: str) -> Agency:
    """The agency of a code.

    :raises NotFoundError: there is none.
    """
    # A NUL, which PostgreSQL refuses to look for, is in no code either.
    is_possible = code.isprintable()
    agency = session.scalar(select(Agency).where(Agency.code == code)) if is_possible else None
    if agency is None:
        raise NotFoundError(f"there is no agency {code}")
    return agency


def known_codes(session: Session) -> dict[str, str]:
    """Names of all agencies by code."""
    return dict(session.execute(_NAMES).all())
