"""The fields of the editor for what a listing asks of whoever wants it, and what may be chosen."""

from collections.abc import Mapping

from wtforms import Field, SelectMultipleField, StringField, TextAreaField

from portal.listings import condition_words
from portal.listings.business import CLASSES_OF_LAW
from portal.publishing.typed_conditions import COMPLETE, field_of
from portal.told_form import Called

_LABELS: Mapping[str, str] = {
    "size": "会社の大きさ",
    "size_or": "ほかに使えることがある方",
    "forms": "事業の形",
    "employees_least": "従業員（これ以上）",
    "employees_most": "従業員（これ以下）",
    "capital_most_yen": "資本金（これ以下）",
    "years_least": "創業からの年数（これ以上）",
    "years_within": "創業からの年数（これ以内）",
    "planned": "これから創業する方",
    "trades": "法律上の業種の区分",
    "desk": "窓口で確かめること",
    "is_complete": "条件はこれですべてか",
    "beyond": "地域や業種に合わない方",
}
_BOXES = frozenset({"forms", "trades", "is_complete", "beyond"})

OPTIONS: Called = {
    "size": condition_words.SIZES,
    "forms": condition_words.FORMS,
    "trades": {trade: condition_words.TRADES[trade] for trade in CLASSES_OF_LAW},
    "planned": condition_words.PLANNED,
    "is_complete": {COMPLETE: condition_words.COMPLETE},
    "beyond": condition_words.BEYOND,
}
"""Codes and what they are called, by the field of ``StatedConditions``."""


def fields() -> dict[str, Field]:
    """All of them, by the names that the form sends."""
    return {field_of(name): _field(name, label) for name, label in _LABELS.items()}


def called() -> Called:
    """What the codes in the form are called, by field."""
    return {field_of(name): options for name, options in OPTIONS.items()}


def _field(name: str, label: str) -> Field:
    if name in _BOXES:
        return SelectMultipleField(label, choices=[])
    return TextAreaField(label) if name == "desk" else StringField(label)
