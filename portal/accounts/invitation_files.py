"""Whom to invite, from a CSV file as offices write them."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import emails, invitations
from portal.accounts.invitations import INVITED_ROLES, Inviter, Wanted
from portal.accounts.letters import Letterhead
from portal.accounts.permissions import AGENCY_ROLES
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.errors import FieldProblem, InvalidInputError
from portal.spreadsheets import unguarded

MOST_ROWS = 500
MOST_BYTES = 500_000
_ENCODINGS = ("utf-8-sig", "cp932")

COLUMNS = {
    "email": "メールアドレス",
    "name": "名前",
    "role": "権限",
    "agency": "実施機関コード",
}
_REQUIRED = ("email", "role", "agency")
_ROLES = {text: role for role in INVITED_ROLES for text in (role.value, role.label)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file; ``number`` is that of the spreadsheet, titles being 1."""

    number: int
    email: str
    name: str
    role: str
    agency: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a cell, and how to mend it."""

    number: int
    column: str
    message: str


def read(content: bytes) -> list[Line]:
    """The rows of a file, in UTF-8 with or without a byte order mark, or in CP932.

    :raises InvalidInputError: it cannot be read as such a file.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable(f"ファイルが大きすぎます。{MOST_ROWS}行ずつに分けてください。")
    try:
        rows = list(csv.reader(io.StringIO(_decoded(content), newline=""), strict=True))
    except csv.Error as error:
        message = (
            "CSVとして読めません。表計算ソフトの「CSV（カンマ区切り）」で保存し直してください。"
        )
        raise _unreadable(message) from error
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(map(str.strip, row))]
    if not filled:
        raise _unreadable("ファイルが空です。1行目に列の名前、2行目から1人ずつ書いてください。")
    places = _places_of(filled[0][1])
    lines = [_line(number, row, places) for number, row in filled[1:]]
    if not lines:
        raise _unreadable("招待する人の行がありません。2行目から1人ずつ書いてください。")
    if len(lines) > MOST_ROWS:
        message = f"一度に{MOST_ROWS}人までです（いまは{len(lines)}人）。ファイルを分けてください。"
        raise _unreadable(message)
    return lines


def check(
    session: Session, lines: Sequence[Line], inviter: Inviter, *, now: datetime
) -> tuple[list[tuple[Line, Wanted]], list[RowProblem]]:
    """Who can be invited, and what has to be mended before the others can."""
    agencies = _agencies(session)
    good, problems, seen = [], [], dict[str, int]()
    for line in lines:
        wanted, found = _wanted(line, agencies)
        if wanted is None:
            person = invitations.person_problems(session, line.email, line.name, now=now)
            found = [*person, *found]
        else:
            found = invitations.problems_of(session, wanted, inviter, now=now)
        first = seen.setdefault(emails.fold(line.email), line.number)
        if first != line.number:
            message = f"{first}行目と同じです。どちらかを消してください。"
            found = [*found, FieldProblem("email", message)]
        problems += [RowProblem(line.number, COLUMNS[p.field], p.message) for p in found]
        if wanted is not None and not found:
            good.append((line, wanted))
    return good, problems


def invite(
    session: Session,
    lines: Sequence[Line],
    inviter: Inviter,
    letterhead: Letterhead,
    *,
    now: datetime,
) -> int:
    """Invite whom ``check`` found good; returns how many still could be. They are looked at once,
    while others wait, and not a second time."""
    agencies, invited = _agencies(session), 0
    for line in lines:
        wanted, _ = _wanted(line, agencies)
        if wanted is None:
            continue
        try:
            invitations.invite(session, wanted, inviter, letterhead, now=now)
        except InvalidInputError:
            # Registered or invited by somebody else since the file was shown.
            continue
        invited += 1
    return invited


def _agencies(session: Session) -> dict[str, Agency]:
    return {agency.code: agency for agency in agency_queries.list_agencies(session)}


def _wanted(line: Line, agencies: dict[str, Agency]) -> tuple[Wanted | None, list[FieldProblem]]:
    role, agency = _ROLES.get(line.role), agencies.get(line.agency)
    problems = []
    if role is None:
        names = "、".join(f"「{role.label}」" for role in INVITED_ROLES)
        problems.append(FieldProblem("role", f"{names}のどれかを書いてください。"))
    if role in AGENCY_ROLES and not line.agency:
        message = "担当者と承認者には実施機関が必要です。実施機関コードを書いてください。"
        problems.append(FieldProblem("agency", message))
    elif line.agency and agency is None:
        message = "このコードの機関はありません。実施機関の一覧にあるコードを書いてください。"
        problems.append(FieldProblem("agency", message))
    if role is None or problems:
        return None, problems
    return Wanted(line.email, role, agency, line.name), []


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("文字コードが読めません。UTF-8かシフトJISのCSVで保存し直してください。")


def _places_of(titles: Sequence[str]) -> dict[str, int]:
    given = {_plain(title).casefold(): place for place, title in enumerate(titles)}
    places = {}
    for column, label in COLUMNS.items():
        place = given.get(label, given.get(column))
        if place is not None:
            places[column] = place
        elif column in _REQUIRED:
            names = "、".join(f"「{name}」" for name in COLUMNS.values())
            message = f"「{label}」の列がありません。1行目を {names} にしてください。"
            raise _unreadable(message)
    return places


def _line(number: int, row: Sequence[str], places: dict[str, int]) -> Line:
    cells = {
        column: unguarded(row[place].strip()) if place < len(row) else ""
        for column, place in places.items()
    }
    return Line(
        number,
        email=_plain(cells["email"]),
        # Of which every character is its owner's own.
        name=cells.get("name", ""),
        role=_plain(cells["role"]).casefold(),
        agency=_plain(cells["agency"]).casefold(),
    )


def _plain(text: str) -> str:
    """What is compared with codes, however wide the letters are that were typed."""
    return unicodedata.normalize("NFKC", text).strip()


def _unreadable(message: str) -> InvalidInputError:
    return InvalidInputError([FieldProblem("file", message)])
