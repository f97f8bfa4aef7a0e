"""A form as it was sent, told in the words of its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FileField, Form, HiddenField, PasswordField

Fields = tuple[tuple[str, str], ...]
"""Names and values in the order in which they were sent."""
Called = Mapping[str, Mapping[str, str]]
"""What codes are called, by the name of the field that holds them."""

_NOTHING = "（空）"


@dataclass(frozen=True, slots=True)
class ToldField:
    """A field by its label, and what was typed or chosen in words."""

    label: str
    value: str


def sendable(kind: type[Form], sent: Iterable[tuple[str, str]]) -> Fields:
    """What of a form may be kept and sent again: fields that it has, but never a password."""
    form = kind()
    return tuple(
        (name, value)
        for name, value in sent
        if name in form and not isinstance(form[name], PasswordField | FileField)
    )


def has_password(kind: type[Form]) -> bool:
    """Whether a form asks for one, which then has to be typed again."""
    return any(isinstance(field, PasswordField) for field in kind())


def is_typed(kind: type[Form], fields: Fields) -> bool:
    """Whether anything of it was typed or chosen, and not only stood there unseen."""
    form = kind()
    return any(value and not isinstance(form[name], HiddenField) for name, value in fields)


def tell(kind: type[Form], fields: Fields, called: Called) -> tuple[ToldField, ...]:
    """What will be sent, as whoever sends it sees it in the page: labels come from the form and
    names of codes from the portal, nothing from what was sent.

    :param called: for fields whose values are codes.
    """
    form = kind(MultiDict(fields))
    sent = {name for name, _ in fields}
    return tuple(
        ToldField(field.label.text, _told(field, called.get(field.name, {})))
        for field in form
        if _is_seen(field, sent)
    )


def _is_seen(field: Field, sent: set[str]) -> bool:
    # Browsers send nothing for a box that is not checked, which says something all the same.
    is_box = isinstance(field, BooleanField)
    return not isinstance(field, HiddenField) and (field.name in sent or is_box)


def _told(field: Field, called: Mapping[str, str]) -> str:
    if isinstance(field, BooleanField):
        return "はい" if field.data else "いいえ"
    values = [called.get(value, value) for value in field.raw_data or () if value]
    return "、".join(values) or _NOTHING
