"""Mails of the portal as plain data, read as their recipients would."""

import re
from dataclasses import dataclass
from datetime import datetime

from bench.year.plain import Kind, Line, Told
from portal.alerts.sealed_links import Subject, unseal
from portal.secret_key import Box

_KINDS = {
    Subject.SAVED_SEARCH: Kind.NEWS,
    Subject.DEADLINES: Kind.DEADLINES,
    Subject.CHANGES: Kind.CHANGES,
}
_FIELDS = {
    "受付の状態": "date_state",
    "受付開始日": "opens_on",
    "締切": "closes_on",
    "募集の回": "rounds",
    "開催日": "event_days",
    "補助率": "rate",
    "上限額": "amount_max_yen",
    "業種": "industries",
    "地域": "regions",
    "除く地域": "exceptions",
    "対象者": "eligibility",
    "電話": "tel",
    "必要な書類": "documents",
}
_SECTION = re.compile(r"^【(新着|受付が始まりました)】$", re.MULTILINE)
_SECTIONS = {"新着": "new", "受付が始まりました": "opened"}
_TITLE = re.compile(r"見本の支援([0-9]{4})号")
_LINK = re.compile(r"/listings/(L[0-9]{6})$", re.MULTILINE)
_DAYS_LEFT = re.compile(r"あと([0-9]+)日")
_FIELD = re.compile(r"^  ・(.+?)：", re.MULTILINE)
_LEFT_OUT = re.compile(r"^ほかに([0-9]+)件あります", re.MULTILINE)


class WrongMailError(Exception):
    """A mail that contradicts itself."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it lies in the outbox."""

    created_at: datetime
    message_id: str
    to: str
    text: str
    html: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the portal calls those whom the story numbers: searches and members by row id, listings
    by public id."""

    searches: dict[int, int]
    members: dict[int, int]
    listings: dict[str, int]
    box: Box


def read(letter: Letter, names: Names) -> Told:
    """What a mail tells.

    :raises WrongMailError: its parts do not fit together.
    """
    subject, number = unseal(letter.unsubscribe_url.rpartition("/")[2], box=names.box)
    kind = _KINDS[subject]
    owner = (names.searches if kind is Kind.NEWS else names.members)[number]
    lines: list[Line] = []
    section = ""
    for part in re.split(r"^■ ", letter.text, flags=re.MULTILINE):
        if _TITLE.match(part):
            lines.append(_line(part, kind, section, letter, names))
        if found := _SECTION.findall(part):
            section = found[-1]
    left_out = sum(int(count) for count in _LEFT_OUT.findall(letter.text))
    return Told(letter.created_at, kind, owner, letter.to, tuple(lines), left_out)


def _line(part: str, kind: Kind, section: str, letter: Letter, names: Names) -> Line:
    title = part.partition("\n")[0]
    number = int(title[-5:-1])
    links = {names.listings[public_id] for public_id in _LINK.findall(part)}
    if title not in letter.html or links - {number}:
        raise WrongMailError(f"mail {letter.message_id} says {title} and links to {links}")
    match kind:
        case Kind.NEWS:
            return Line(number, _SECTIONS[section])
        case Kind.DEADLINES:
            left = int(_DAYS_LEFT.findall(part)[0])
            return Line(number, "14" if left > 3 else "3")
        case Kind.CHANGES:
            return _change(number, part)


def _change(number: int, part: str) -> Line:
    if "  掲載が終わりました。" in part:
        return Line(number, "withdrawn")
    what = "back" if "  ふたたび掲載されました" in part else "changed"
    labels = [_FIELDS[label] for label in _FIELD.findall(part)]
    return Line(number, what, tuple(sorted(labels)))
