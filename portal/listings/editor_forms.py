"""What is typed into the editor of a listing. The rules are in ``typed_content``; here are the
fields, each with the name it has in the public interfaces."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectMultipleField, StringField, TextAreaField

from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.errors import FieldProblem, InvalidInputError
from portal.listings import typed_values
from portal.listings.acts import Act
from portal.listings.content import ListingContent
from portal.listings.field_words import FIELD_LABELS
from portal.listings.typed_content import MOST_EVENTS, MOST_ROUNDS
from portal.listings.writing import WRITER_ACTS, Plan
from portal.refused_form import RefusedForm
from portal.told_form import Fields, sendable

_SHAPES: tuple[tuple[re.Pattern[str], type[date | time]], ...] = (
    (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), date),
    (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"), datetime),
    (re.compile("[0-9]{2}:[0-9]{2}"), time),
)
"""How the browser's own fields for days and times tell them."""

_ROUND_LABELS = {"label": "名前", "opens_on": "受付開始日", "closes_on": "締切"}
_EVENT_LABELS = {
    "held_on": "開催日",
    "starts_at": "始まりの時刻",
    "ends_at": "終わりの時刻",
    "venue": "会場",
    "address": "会場の住所",
    "capacity": "定員",
}
_SEVERAL = ("purposes", "industries", "regions", "region_exceptions", "partners")
_LINES = ("documents", "keywords")
_PLAIN = (
    *("title", "summary", "kind", "eligibility", "date_state", "date_note", "rate", "body"),
    *("how_to_apply", "apply_url", "department", "tel", "fax", "email", "url"),
)


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


def _label(name: str) -> str:
    return FIELD_LABELS[name]


def _field_of(part: str, label: str) -> Field:
    return (NativeField if part.endswith(("_on", "_at")) else StringField)(label)


def _fields_of_rounds() -> dict[str, Field]:
    return {
        f"rounds-{number}-{part}": _field_of(part, f"{number + 2}回目の{label}")
        for number in range(MOST_ROUNDS)
        for part, label in _ROUND_LABELS.items()
    }


def _fields_of_events() -> dict[str, Field]:
    return {
        f"events-{number}-{part}": _field_of(part, f"開催{number + 1}の{label}")
        for number in range(MOST_EVENTS)
        for part, label in _EVENT_LABELS.items()
    }


class ListingForm(RefusedForm):
    """The whole editor. Groups that repeat are fields of their own, as many as there is room for,
    so that each problem has its field and a form that is kept is told in full."""

    agency = HiddenField()
    """The code of the agency that a new listing is written for; read for those who write for
    all."""
    title = StringField(_label("title"))
    summary = TextAreaField(_label("summary"))
    kind = StringField(_label("kind"))
    purposes = SelectMultipleField(_label("purposes"), choices=[])
    industries = SelectMultipleField(_label("industries"), choices=[])
    regions = SelectMultipleField("使える地域", choices=[])
    region_exceptions = SelectMultipleField(_label("region_exceptions"), choices=[])
    eligibility = TextAreaField(_label("eligibility"))
    date_state = StringField(_label("date_state"))
    opens_on = NativeField(_label("opens_on"))
    closes_on = NativeField(_label("closes_on"))
    # Fields come in the order in which they are made.
    _rounds = _fields_of_rounds()
    date_note = TextAreaField(_label("date_note"))
    _events = _fields_of_events()
    rate = StringField("補助率・費用など")
    amount_max_yen = StringField(_label("amount_max_yen"))
    body = TextAreaField(_label("body"))
    how_to_apply = TextAreaField(_label("how_to_apply"))
    apply_url = StringField(_label("apply_url"))
    documents = TextAreaField(_label("documents"))
    department = StringField(_label("department"))
    tel = StringField(_label("tel"))
    email = StringField(_label("email"))
    fax = StringField(_label("fax"))
    url = StringField(_label("url"))
    keywords = TextAreaField(_label("keywords"))
    partners = SelectMultipleField(_label("partners"), choices=[])
    publish_at = NativeField("公開する日時")
    unpublish_at = NativeField("掲載を終える日時")
    ends_before = HiddenField()
    """When the listing was to end as whoever types found it: an end that they leave alone stays as
    somebody else may set it meanwhile, which makes no version."""
    version = HiddenField()
    """The number of the version that whoever types began from; empty for a new listing."""
    began = HiddenField()
    """The same as it was, once somebody else has saved another and both were seen."""

    @classmethod
    def of(
        cls, content: ListingContent, *, number: int, unpublish_at: datetime | None = None
    ) -> "ListingForm":
        """The form as it is before anything is typed into it."""
        data: dict[str, object] = {name: getattr(content, name) or "" for name in _PLAIN}
        data |= {name: list(getattr(content, name)) for name in _SEVERAL}
        data |= {name: "\n".join(getattr(content, name)) for name in _LINES}
        data |= {name: getattr(content, name) for name in ("opens_on", "closes_on")}
        data["amount_max_yen"] = content.amount_max_yen
        for position, row in enumerate(content.rounds[:MOST_ROUNDS]):
            data |= {f"rounds-{position}-{part}": getattr(row, part) for part in _ROUND_LABELS}
        for position, event in enumerate(content.events[:MOST_EVENTS]):
            data |= {f"events-{position}-{part}": getattr(event, part) for part in _EVENT_LABELS}
        data |= {"unpublish_at": unpublish_at, "ends_before": unpublish_at, "version": number}
        return cls(data={name: _as_typed(value) for name, value in data.items()})

    @classmethod
    def for_agency(cls, agency: Agency) -> "ListingForm":
        """An empty form, with whom to ask as the agency has it."""
        return cls(
            agency=agency.code,
            department=agency.department or "",
            tel=agency.tel or "",
            email=agency.email or "",
        )

    @classmethod
    def again(cls, fields: Iterable[tuple[str, str]]) -> "ListingForm":
        """A form that was kept, as it was typed."""
        return cls(MultiDict((name, value) for name, value in fields))

    def text(self, name: str) -> str:
        """What stands in a field; empty for nothing."""
        return self[name].data or ""

    def codes(self, name: str) -> tuple[str, ...]:
        """What is chosen of several."""
        return tuple(self[name].data or ())

    @property
    def seen(self) -> int:
        """The number of the version that whoever types began from; 0 if they tell none."""
        text = self.text("version")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def leaves_end(self) -> bool:
        """Whether the form tells when the listing was to end, and that was not touched."""
        return (self.ends_before.raw_data or [])[:1] == [self.text("unpublish_at")]

    def plan(self, asked: str) -> Plan:
        """What is to become of what is typed; it is saved, where nothing else is asked for, as by
        a form that was kept.

        :raises InvalidInputError: a time is none.
        """
        moments: dict[str, datetime | None] = {}
        problems = []
        for name in ("publish_at", "unpublish_at"):
            text = self.text(name).strip()
            try:
                moments[name] = typed_values.read_moment(text) if text else None
            except ValueError:
                problems.append(FieldProblem(name, "日付と時刻の両方を入れてください。"))
        if problems:
            raise InvalidInputError(problems)
        return Plan(
            Act(asked) if asked in WRITER_ACTS else Act.SAVE, leaves_end=self.leaves_end, **moments
        )

    def sent(self, fields: MultiDict[str, str]) -> Fields:
        """What of a form that was sent is kept to go on with: all that the editor has."""
        return sendable(type(self), fields.items(multi=True))

    def rounds_shown(self, *, more: bool = False) -> int:
        """How many further rounds the page has fields for; ``more``: one that is empty, too."""
        return _shown(self, "rounds", MOST_ROUNDS, tuple(_ROUND_LABELS), more=more)

    def events_shown(self, *, more: bool = False) -> int:
        """How many days the page has fields for."""
        return _shown(self, "events", MOST_EVENTS, tuple(_EVENT_LABELS), more=more)


for _name, _field in {**ListingForm._rounds, **ListingForm._events}.items():
    setattr(ListingForm, _name, _field)


def _shown(form: ListingForm, prefix: str, most: int, parts: tuple[str, ...], *, more: bool) -> int:
    """As many as there are, sent (empty ones, too) or filled; one at least."""
    sent = [
        number
        for number in range(most)
        if any(form[f"{prefix}-{number}-{part}"].raw_data for part in parts)
        or any(form[f"{prefix}-{number}-{part}"].data for part in parts)
    ]
    return min(max(sent, default=0) + 1 + more, most)


def _as_typed(value: object) -> object:
    """A value as the fields of a browser hold it."""
    match value:
        case datetime():
            return in_japan(value).strftime("%Y-%m-%dT%H:%M")
        case time():
            return value.strftime("%H:%M")
        case None:
            return ""
        case list():
            return value
    return str(value)
