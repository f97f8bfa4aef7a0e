"""Users as those see them who look after them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts import emails
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError

Row = TypeVar("Row", User, int)

UNUSED_AFTER = timedelta(days=90)
LONGEST_SEARCH = 100
PER_PAGE = 50


class UserState(StrEnum):
    """Whether somebody can sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users; what is None or empty does not narrow.

    :param text: a part of the name or of the address.
    :param is_unused: only open accounts of those who work with the portal and have not signed in
        for ``UNUSED_AFTER``.
    """

    text: str = ""
    role: Role | None = None
    agency_code: str = ""
    state: UserState | None = None
    is_unused: bool = False


def list_users(
    session: Session, wanted: UserFilter, *, agency_id: int | None, now: datetime, page: int
) -> Sequence[User]:
    """A page of users, by name; the first page is 1.

    :param agency_id: only the staff of this agency; None for everybody.
    """
    found = _narrowed(select(User), wanted, agency_id, now).order_by(User.name, User.id)
    found = found.options(joinedload(User.agency)).limit(PER_PAGE)
    return session.scalars(found.offset((page - 1) * PER_PAGE)).all()


def iterate_users(
    session: Session, wanted: UserFilter, *, agency_id: int | None, now: datetime
) -> Iterator[User]:
    """All of them, by number."""
    found = _narrowed(select(User), wanted, agency_id, now).order_by(User.id)
    yield from session.scalars(found.options(joinedload(User.agency)))


def count_users(
    session: Session, wanted: UserFilter, *, agency_id: int | None, now: datetime
) -> int:
    """How many there are."""
    counted = _narrowed(select(func.count(User.id)), wanted, agency_id, now)
    return session.scalar(counted) or 0


def get_user_of(session: Session, user_id: int, *, agency_id: int | None) -> User:
    """A user, if the asker looks after them.

    :raises NotFoundError: there is none, or it is none of theirs.
    """
    found = select(User).where(User.id == user_id).options(joinedload(User.agency))
    if agency_id is not None:
        found = found.where(_is_staff_of(agency_id))
    user = session.scalar(found) if user_id <= LARGEST_NUMBER else None
    if user is None:
        raise NotFoundError(f"there is no user {user_id}")
    return user


def names_of(session: Session, numbers: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """Name and agency of users by number, of those that there are."""
    if not numbers:
        return {}
    wanted = select(User.id, User.name, Agency.name).outerjoin(User.agency)
    found = session.execute(wanted.where(User.id.in_(numbers)))
    return {number: (name, agency) for number, name, agency in found}


def holds_text(
    text: str, *, name: SQLColumnExpression[str | None], email: SQLColumnExpression[str | None]
) -> ColumnElement[bool]:
    """The condition that a name or an address has a text in it, however its letters are written.

    Addresses are kept in the characters of mail, and names as they were typed: a text in wide
    letters is looked for both ways.
    """
    tidy = emails.fold(text)
    return or_(
        func.lower(email).contains(tidy, autoescape=True),
        *(func.lower(name).contains(way, autoescape=True) for way in {tidy, text.casefold()}),
    )


def list_approvers(session: Session, agency_id: int) -> Sequence[User]:
    """Who can publish for an agency: its approvers or, where it has none, the prefecture. Nobody
    whose account is stopped."""
    is_open = select(User).where(User.disabled_at.is_(None)).order_by(User.id)
    of_agency = (User.role == Role.APPROVER.value) & (User.agency_id == agency_id)
    own = session.scalars(is_open.where(of_agency)).all()
    return own or session.scalars(is_open.where(User.role == Role.ADMIN.value)).all()


def _is_staff_of(agency_id: int) -> ColumnElement[bool]:
    return (User.agency_id == agency_id) & (User.role == Role.STAFF.value)


def _narrowed(
    found: Select[Row], wanted: UserFilter, agency_id: int | None, now: datetime
) -> Select[Row]:
    if agency_id is not None:
        found = found.where(_is_staff_of(agency_id))
    if wanted.text:
        found = found.where(holds_text(wanted.text, name=User.name, email=User.email_folded))
    if wanted.role is not None:
        found = found.where(User.role == wanted.role.value)
    if wanted.agency_code:
        found = found.join(User.agency).where(Agency.code == wanted.agency_code)
    if wanted.state is not None:
        is_disabled = User.disabled_at.is_not(None)
        found = found.where(is_disabled if wanted.state is UserState.DISABLED else ~is_disabled)
    if wanted.is_unused:
        last = func.coalesce(User.last_sign_in_at, User.created_at)
        is_open_for_work = (User.role != Role.MEMBER.value) & User.disabled_at.is_(None)
        found = found.where(is_open_for_work, last < now - UNUSED_AFTER)
    return found
