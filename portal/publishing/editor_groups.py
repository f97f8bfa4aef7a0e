"""Groups of fields of the editor that repeat: as many as there is room for, each a field of its
own, so that each problem has its field and a form that is kept is told in full."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField

from portal.publishing.relation_rules import MOST_RELATIONS
from portal.publishing.typed_content import MOST_EVENTS, MOST_ROUNDS

_SHAPES: tuple[tuple[re.Pattern[str], type[date | time]], ...] = (
    (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), date),
    (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"), datetime),
    (re.compile("[0-9]{2}:[0-9]{2}"), time),
)
"""How the browser's own fields for days and times tell them."""


class NativeField(StringField):
    """A day or a time, for which browsers have fields of their own."""

    @property
    def is_native(self) -> bool:
        """Whether such a field would show what was typed; others would show nothing."""
        text = self.data or ""
        return not text or any(_is_iso(text, *shape) for shape in _SHAPES)


def _is_iso(text: str, shape: re.Pattern[str], kind: type[date | time]) -> bool:
    if not shape.fullmatch(text):
        return False
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that repeat.

    :ivar labels: of the fields of one, by the last part of their names.
    :ivar called: names one of them, by a number; ``first`` is that of the first.
    """

    name: str
    most: int
    labels: Mapping[str, str]
    called: str
    first: int = 1

    def field(self, number: int, part: str) -> str:
        """The name of a field."""
        return f"{self.name}-{number}-{part}"

    def fields(self) -> dict[str, Field]:
        """All there is room for, by name."""
        named = self.called.format
        return {
            self.field(number, part): _field_of(part, named(number + self.first, label))
            for number in range(self.most)
            for part, label in self.labels.items()
        }

    def values(self, rows: Iterable[object]) -> dict[str, object]:
        """What the fields hold of some rows, as far as there is room."""
        return {
            self.field(number, part): getattr(row, part)
            for number, row in zip(range(self.most), rows, strict=False)
            for part in self.labels
        }

    def shown(self, form: Form, *, more: bool) -> int:
        """How many the page has fields for: as many as there are, sent (empty ones, too) or filled;
        one at least. ``more``: one that is empty, too."""
        sent = [
            number
            for number in range(self.most)
            if any(form[self.field(number, part)].raw_data for part in self.labels)
            or any(form[self.field(number, part)].data for part in self.labels)
        ]
        return min(max(sent, default=0) + 1 + more, self.most)

    def closed_up(self, fields: MultiDict[str, str]) -> MultiDict[str, str]:
        """A form without gaps: those that are filled first, so that the number of one is its place
        among them."""
        rows = [
            {part: fields.get(self.field(number, part), "") for part in self.labels}
            for number in range(self.most)
            if any(self.field(number, part) in fields for part in self.labels)
        ]
        rows.sort(key=lambda row: not any(value.strip() for value in row.values()))
        prefix = f"{self.name}-"
        others = (pair for pair in fields.items(multi=True) if not pair[0].startswith(prefix))
        closed = MultiDict(others)
        for number, row in enumerate(rows):
            for part, value in row.items():
                closed[self.field(number, part)] = value
        return closed


def _field_of(part: str, label: str) -> Field:
    return (NativeField if part.endswith(("_on", "_at")) else StringField)(label)


ROUNDS = Group(
    "rounds",
    MOST_ROUNDS,
    {"label": "名前", "opens_on": "受付開始日", "closes_on": "締切"},
    "{}回目の{}",
    first=2,
)
EVENTS = Group(
    "events",
    MOST_EVENTS,
    {
        "held_on": "開催日",
        "starts_at": "始まりの時刻",
        "ends_at": "終わりの時刻",
        "venue": "会場",
        "address": "会場の住所",
        "capacity": "定員",
    },
    "開催{}の{}",
)
RELATIONS = Group(
    "relations", MOST_RELATIONS, {"listing": "相手の支援", "kind": "種類"}, "関係{}の{}"
)
