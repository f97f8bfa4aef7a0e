"""What a listing asks of whoever wants it, as data: fields that a version holds and the eligibility
check judges by. What they do not say is for the desk."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeAlias

from portal.listings.business import CLASSES_OF_LAW, Beyond, Form, Planned, Size, Trade

FieldValue: TypeAlias = str | int | bool | list[str] | None
Document: TypeAlias = dict[str, FieldValue]
"""Conditions as JSON: the fields that say something, by name."""

MOST_PERSONS = 99_999
MOST_YEARS = 100
MOST_YEN = 10**13

_CODES: Mapping[str, type[StrEnum]] = {
    "size": Size,
    "forms": Form,
    "trades": Trade,
    "planned": Planned,
    "beyond": Beyond,
}
_LIMITS = {
    "employees_least": MOST_PERSONS,
    "employees_most": MOST_PERSONS,
    "capital_most_yen": MOST_YEN,
    "years_least": MOST_YEARS,
    "years_within": MOST_YEARS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedConditions:
    """All that has to hold, together. Numbers are included in their ranges; codes of several are
    in the order of their kind.

    :raises ValueError: a code or a number is none, ends come before beginnings, or one thing
        contradicts another.
    """

    size: str | None = None
    size_or: str | None = None
    """Who else may come although ``size`` does not hold, in words for the desk."""
    forms: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    """What the business may be to the law, of ``CLASSES_OF_LAW``; empty for any."""
    employees_least: int | None = None
    employees_most: int | None = None
    """常時使用する従業員, 1 to 99,999 persons."""
    capital_most_yen: int | None = None
    years_least: int | None = None
    years_within: int | None = None
    """Since founding, 1 to 100."""
    planned: str | None = None
    """None where the desk has to say."""
    desk: tuple[str, ...] = ()
    """What else the desk has to ask, each in words."""
    is_complete: bool = False
    """That nothing else is asked for: who meets everything is eligible."""
    beyond: tuple[str, ...] = ()
    """Of whom the listing's own choice of regions or industries proves nothing."""

    def __post_init__(self) -> None:
        for name, kind in _CODES.items():
            value = getattr(self, name)
            for code in (value,) if isinstance(value, str) else value or ():
                kind(code)
        for name, most in _LIMITS.items():
            number = getattr(self, name)
            if number is not None and not 1 <= number <= most:
                raise ValueError(f"{name}: {number}")
        for least, most_name in (
            (self.employees_least, "employees_most"),
            (self.years_least, "years_within"),
        ):
            end = getattr(self, most_name)
            if least is not None and end is not None and end < least:
                raise ValueError(f"{most_name}: {end} is less than {least}")
        if not {*self.trades} <= {*CLASSES_OF_LAW}:
            raise ValueError(f"trades: {self.trades}")
        if self.planned == Planned.ONLY and (self.years_least or self.years_within):
            raise ValueError("years of those who have not begun")
        if self.size_or and self.size is None:
            raise ValueError("size_or without size")

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "StatedConditions":
        """The conditions of a document.

        :raises TypeError: a field is none.
        :raises ValueError: as of a new one.
        """
        values: dict[str, object] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
        }
        return cls(**values)  # type: ignore[arg-type]  # checked when it is made

    def document(self) -> Document:
        """What of it says something, as JSON can hold it."""
        return {name: value for name, value in self.whole_document().items() if value}

    def whole_document(self) -> Document:
        """Every field, whether it says something or not."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


NOTHING_STATED = StatedConditions()
