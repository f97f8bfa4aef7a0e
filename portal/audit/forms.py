"""What administrators search the record of events by."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from wtforms import Form, StringField, ValidationError

from portal.audit.actions import AuditAction
from portal.audit.queries import EventFilter
from portal.clock import JAPAN

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_LONGEST_NUMBER = 9
_DAY_FORM = "{}は「2026-11-20」の形で入れてください。"


def _no_such(what: str) -> str:
    return f"{what}を選び直してください。"


class EventSearchForm(Form):
    """Days in Japan, both included, and what the events are to match. Nothing has to be given."""

    since = StringField()
    until = StringField()
    action = StringField()
    actor = StringField()
    user = StringField()
    agency = StringField()
    target_type = StringField()
    target = StringField()

    def validate_since(self, field: StringField) -> None:
        """A day."""
        if _is_given(field) and _day(field) is None:
            raise ValidationError(_DAY_FORM.format("はじめの日"))

    def validate_until(self, field: StringField) -> None:
        """A day, not before the first."""
        last, first = _day(field), _day(self.since)
        if _is_given(field) and last is None:
            raise ValidationError(_DAY_FORM.format("おわりの日"))
        if last and first and last < first:
            raise ValidationError("おわりの日は、はじめの日と同じかあとの日にしてください。")

    def validate_action(self, field: StringField) -> None:
        """One of those that are recorded."""
        if field.data and field.data not in list(AuditAction):
            raise ValidationError(_no_such("操作"))

    def validate_user(self, field: StringField) -> None:
        """The number of a user."""
        if _is_given(field) and _number(field) is None:
            raise ValidationError("利用者番号は「75」のように数字で入れてください。")

    def wanted(self) -> EventFilter:
        """The events that are searched for, if the form is valid."""
        since, until = _day(self.since), _day(self.until)
        return EventFilter(
            since=_midnight(since) if since else None,
            before=_midnight(until + timedelta(days=1)) if until else None,
            action=AuditAction(self.action.data) if self.action.data else None,
            actor=(self.actor.data or "").strip(),
            user_id=_number(self.user),
            agency_code=self.agency.data or None,
            target_type=self.target_type.data or None,
            target_id=(self.target.data or "").strip() or None,
        )

    def given(self) -> Mapping[str, str]:
        """What was typed, without the fields that were left empty."""
        return {name: text for name, text in self.data.items() if text}


def _is_given(field: StringField) -> bool:
    return bool((field.data or "").strip())


def _day(field: StringField) -> date | None:
    try:
        day = date.fromisoformat((field.data or "").strip().replace("/", "-"))
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None


def _number(field: StringField) -> int | None:
    text = (field.data or "").strip()
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
