"""What the pages say by which users are looked after."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken
from portal.accounts.user_queries import UNUSED_AFTER, UserState
from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.formats import near_moment
from portal.spreadsheets import Cell, csv_chunks
from portal.told_form import Called

Choices = Sequence[tuple[str, str]]

STATE_LABELS = {UserState.ACTIVE: "使える", UserState.DISABLED: "停止中"}

_HEADER = (
    *("番号", "名前", "メールアドレス", "権限", "実施機関コード", "実施機関", "状態"),
    *("2段階認証", "登録日", "最後のログイン（日本時間）"),
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """Somebody in a list, or on a page of their own."""

    id: int
    name: str
    email: str
    role: str
    agency: str | None
    is_disabled: bool
    has_second_factor: bool
    last_sign_in: str | None
    is_unused: bool
    since: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation nobody has accepted yet."""

    id: int
    email: str
    name: str | None
    role: str
    agency: str | None
    until: str
    is_expired: bool
    holder_id: int | None
    """Who has its address by now, so that nobody can accept it."""


def user_row(user: User, *, now: datetime, today: date) -> UserRow:
    """What is told of a user."""
    last = user.last_sign_in_at
    return UserRow(
        id=user.id,
        name=user.name,
        email=user.email,
        role=Role(user.role).label,
        agency=user.agency.name if user.agency else None,
        is_disabled=user.is_disabled,
        has_second_factor=user.has_second_factor,
        last_sign_in=near_moment(last, today) if last else None,
        is_unused=(last or user.created_at) < now - UNUSED_AFTER,
        since=near_moment(user.created_at, today),
    )


def invitation_row(
    row: OneTimeToken, *, holder_id: int | None, now: datetime, today: date
) -> InvitationRow:
    """What is told of an invitation."""
    return InvitationRow(
        id=row.id,
        email=str(row.email),
        name=row.name,
        role=Role(str(row.role)).label,
        agency=row.agency.name if row.agency else None,
        until=near_moment(row.expires_at, today),
        is_expired=row.expires_at <= now,
        holder_id=holder_id,
    )


def role_choices(roles: Iterable[Role]) -> Choices:
    """Roles to choose from."""
    return [(role.value, role.label) for role in roles]


def agency_choices(agencies: Iterable[Agency]) -> Choices:
    """Agencies to choose from."""
    return [(agency.code, agency.name) for agency in agencies]


def called(agencies: Iterable[Agency]) -> Called:
    """What the codes are called in forms about users, by field."""
    return {"role": dict(role_choices(Role)), "agency": dict(agency_choices(agencies))}


def users_csv(
    users: Iterable[User],
    invited: Iterable[OneTimeToken],
    *,
    holders: Collection[int],
    now: datetime,
) -> Iterator[str]:
    """A CSV file of users, and of those who are invited and have no number yet, bit by bit.

    :param holders: the numbers of invitations that nobody can accept.
    """
    of_invited = (_invited_cells(row, row.id in holders, now) for row in invited)
    rows = chain(map(_cells, users), of_invited)
    return csv_chunks(_HEADER, rows)


def _cells(user: User) -> tuple[Cell, ...]:
    last = user.last_sign_in_at
    return (
        user.id,
        user.name,
        user.email,
        Role(user.role).label,
        user.agency.code if user.agency else None,
        user.agency.name if user.agency else None,
        STATE_LABELS[UserState.DISABLED if user.is_disabled else UserState.ACTIVE],
        "あり" if user.has_second_factor else "なし",
        in_japan(user.created_at).strftime("%Y-%m-%d"),
        in_japan(last).strftime("%Y-%m-%d %H:%M:%S") if last else None,
    )


def _invited_cells(row: OneTimeToken, is_held: bool, now: datetime) -> tuple[Cell, ...]:
    state = "招待の期限切れ" if row.expires_at <= now else "招待中"
    return (
        None,
        row.name,
        row.email,
        Role(str(row.role)).label,
        row.agency.code if row.agency else None,
        row.agency.name if row.agency else None,
        "受け取れない招待" if is_held else state,
        None,
        None,
        None,
    )
