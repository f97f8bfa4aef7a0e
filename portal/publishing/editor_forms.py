"""What is typed into the editor of a listing. The rules are in ``typed_content``; here are the
fields, each with the name it has in the public interfaces."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.errors import FieldProblem, InvalidInputError
from portal.listings.content import ListingContent
from portal.listings.field_words import FIELD_LABELS
from portal.publishing import condition_fields, typed_conditions, typed_values
from portal.publishing.acts import Act
from portal.publishing.editor_groups import EVENTS, RELATIONS, ROUNDS, NativeField
from portal.publishing.prefilling import Prefilled
from portal.publishing.writing import WRITER_ACTS, Plan
from portal.refused_form import RefusedForm
from portal.told_form import Fields, sendable

_CHOSEN = re.compile("relate-(?P<number>[0-9])-(?P<listing>L[0-9]{6,9})")
"""What a button sends that takes a listing for one of the relations."""
_SEVERAL = ("purposes", "industries", "regions", "region_exceptions", "partners")
_LINES = ("documents", "keywords")
_PLAIN = (
    *("title", "summary", "kind", "eligibility", "date_state", "date_note", "rate", "body"),
    *("how_to_apply", "apply_url", "department", "tel", "fax", "email", "url"),
)


def _label(name: str) -> str:
    return FIELD_LABELS[name]


class ListingForm(RefusedForm):
    """The whole editor, each field of a group that repeats among its own."""

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
    _conditions = condition_fields.fields()
    date_state = StringField(_label("date_state"))
    opens_on = NativeField(_label("opens_on"))
    closes_on = NativeField(_label("closes_on"))
    # Fields come in the order in which they are made.
    _rounds = ROUNDS.fields()
    date_note = TextAreaField(_label("date_note"))
    _events = EVENTS.fields()
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
    _relations = RELATIONS.fields()
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
        cls,
        content: ListingContent,
        *,
        number: int,
        titles: Mapping[str, str],
        unpublish_at: datetime | None = None,
    ) -> "ListingForm":
        """The form as it is before anything is typed into it.

        :param titles: by public id, of the listings it is related to.
        """
        data: dict[str, object] = {name: getattr(content, name) or "" for name in _PLAIN}
        data |= {name: list(getattr(content, name)) for name in _SEVERAL}
        data |= {name: "\n".join(getattr(content, name)) for name in _LINES}
        data |= {name: getattr(content, name) for name in ("opens_on", "closes_on")}
        data |= typed_conditions.shown(content.conditions)
        data["amount_max_yen"] = content.amount_max_yen
        data |= ROUNDS.values(content.rounds) | EVENTS.values(content.events)
        data |= RELATIONS.values(
            replace(row, listing=typed_values.listing_text(row.listing, titles))
            for row in content.relations
        )
        data |= {"unpublish_at": unpublish_at, "ends_before": unpublish_at, "version": number}
        return cls(data={name: _as_typed(value) for name, value in data.items()})

    @classmethod
    def for_agency(cls, agency: Agency, prefilled: Prefilled) -> "ListingForm":
        """A form with whom to ask and where the agency works, and else what is prefilled."""
        values: dict[str, object] = {
            "agency": agency.code,
            "regions": [agency.region_code] if agency.region_code else [],
            "department": agency.department or "",
            "tel": agency.tel or "",
            "email": agency.email or "",
        }
        return cls(data=values | dict(prefilled.fields))

    @classmethod
    def typed(cls, fields: MultiDict[str, str]) -> "ListingForm":
        """The form as it was sent, with the listing that one of its smaller buttons names."""
        asked = _CHOSEN.fullmatch(fields.get("action", ""))
        chosen = fields.copy()
        if asked:
            chosen[RELATIONS.field(int(asked["number"]), "listing")] = asked["listing"]
        return cls(RELATIONS.closed_up(chosen))

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

    def shown(self, *, added: str) -> dict[str, int]:
        """How many of each group the page has fields for.

        :param added: the group that gets one more, if any.
        """
        return {
            group.name: group.shown(self, more=group.name == added)
            for group in (ROUNDS, EVENTS, RELATIONS)
        }

    def show_listings(self, texts: Mapping[str, str]) -> None:
        """Have fields show the listings that are meant by what was typed.

        :param texts: by the names of the fields.
        """
        for name, text in texts.items():
            self[name].data = text

    def others_typed(self) -> dict[str, str]:
        """What stands for the listings that this one is related to, by the names of the fields."""
        names = (RELATIONS.field(number, "listing") for number in range(RELATIONS.most))
        return {name: self.text(name).strip() for name in names if self.text(name).strip()}


_NAMED = {
    **ListingForm._conditions,
    **ListingForm._rounds,
    **ListingForm._events,
    **ListingForm._relations,
}
# Their names are none that a class could give them.
for _name, _field in _NAMED.items():
    setattr(ListingForm, _name, _field)


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
