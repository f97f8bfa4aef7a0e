"""Conditions as JSON, for a column, an export or a file kept by hand.

A document is ``{"version": 1, "conditions": [{"type": "size", "size": "sme", "ground": "…"}]}``.
``ground`` quotes the words of the listing a condition rests on, empty where the agency itself
chose it. Whoever changes the meaning of a field raises ``VERSION`` and reads the older one too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from portal.eligibility.conditions import (
    AnyOf,
    CapitalCondition,
    Condition,
    DeskCondition,
    EmployeesCondition,
    FormCondition,
    IndustryCondition,
    PlaceCondition,
    SizeCondition,
    YearsCondition,
)
from portal.eligibility.size_law import Form, Size

VERSION = 1

Json: TypeAlias = Mapping[str, object]


class ConditionFormatError(ValueError):
    """A document of conditions that this version cannot read; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition that a listing states, and the words of the listing it rests on."""

    condition: Condition
    ground: str = ""


def to_document(stated: Sequence[Stated]) -> dict[str, object]:
    """Conditions as a document."""
    rows = [_written(one.condition) | {"ground": one.ground} for one in stated]
    return {"version": VERSION, "conditions": rows}


def from_document(document: Json) -> tuple[Stated, ...]:
    """The conditions of a document.

    :raises ConditionFormatError: it is of another version, or holds what is no condition.
    """
    if document.get("version") != VERSION:
        raise ConditionFormatError(f"version {document.get('version')!r} is not {VERSION}")
    return tuple(from_row(row) for row in _rows(document, "conditions"))


def from_row(row: Json) -> Stated:
    """One condition with its ground.

    :raises ConditionFormatError: it is no condition.
    """
    ground = row.get("ground", "")
    if not isinstance(ground, str):
        raise ConditionFormatError("ground is no text")
    return Stated(_read(row), ground)


def _written(condition: Condition) -> dict[str, object]:
    match condition:
        case PlaceCondition(regions, exceptions, is_told=True):
            return {"type": "place", "regions": [*regions], "exceptions": [*exceptions]}
        case IndustryCondition(industries, is_told=True):
            return {"type": "industry", "industries": [*industries]}
        case SizeCondition(size):
            return {"type": "size", "size": size.value}
        case FormCondition(forms):
            return {"type": "form", "forms": [form.value for form in forms]}
        case EmployeesCondition(least, most):
            return {"type": "employees", "least": least, "most": most}
        case CapitalCondition(least, most):
            return {"type": "capital", "least": least, "most": most}
        case YearsCondition(least, within, or_planned):
            return {"type": "years", "least": least, "within": within, "or_planned": or_planned}
        case DeskCondition(words):
            return {"type": "desk", "words": words}
        case AnyOf(conditions):
            return {"type": "any", "of": [_written(one) for one in conditions]}
    raise TypeError(f"{condition} follows from the listing and is not kept")


def _read(row: Json) -> Condition:
    kind = row.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ConditionFormatError(f"there is no condition {kind!r}")
    return reader(row)


def _read_years(row: Json) -> YearsCondition:
    least, within = _number(row, "least"), _number(row, "within")
    or_planned = row.get("or_planned", False)
    if not isinstance(or_planned, bool):
        raise ConditionFormatError("or_planned is neither true nor false")
    if least is None and within is None and not or_planned:
        raise ConditionFormatError("years without a number")
    return YearsCondition(least, within, or_planned)


def _read_ends(row: Json) -> tuple[int | None, int | None]:
    least, most = _number(row, "least"), _number(row, "most")
    if least is None and most is None:
        raise ConditionFormatError(f"{row['type']} without a number")
    return least, most


def _read_size(row: Json) -> SizeCondition:
    try:
        return SizeCondition(Size(str(row.get("size"))))
    except ValueError as error:
        raise ConditionFormatError(str(error)) from error


def _read_form(row: Json) -> FormCondition:
    try:
        return FormCondition(tuple(Form(code) for code in _texts(row, "forms", least=1)))
    except ValueError as error:
        raise ConditionFormatError(str(error)) from error


def _read_desk(row: Json) -> DeskCondition:
    words = row.get("words", "")
    if not isinstance(words, str):
        raise ConditionFormatError("words are no text")
    return DeskCondition(words)


def _read_any(row: Json) -> AnyOf:
    conditions = tuple(_read(one) for one in _rows(row, "of"))
    if not conditions:
        raise ConditionFormatError("any of nothing")
    return AnyOf(conditions)


_READERS: Mapping[str, Callable[[Json], Condition]] = {
    "place": lambda row: PlaceCondition(_texts(row, "regions", least=1), _texts(row, "exceptions")),
    "industry": lambda row: IndustryCondition(_texts(row, "industries", least=1)),
    "size": _read_size,
    "form": _read_form,
    "employees": lambda row: EmployeesCondition(*_read_ends(row)),
    "capital": lambda row: CapitalCondition(*_read_ends(row)),
    "years": _read_years,
    "desk": _read_desk,
    "any": _read_any,
}


def _rows(row: Json, name: str) -> Sequence[Json]:
    found = row.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ConditionFormatError(f"{name} is no list of conditions")
    return found


def _texts(row: Json, name: str, *, least: int = 0) -> tuple[str, ...]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ConditionFormatError(f"{name} is no list of texts")
    if len(found) < least:
        raise ConditionFormatError(f"{name} is empty")
    return tuple(found)


def _number(row: Json, name: str) -> int | None:
    found = row.get(name)
    # To Python true is a number.
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= 0):
        return found
    raise ConditionFormatError(f"{name} is no number")
