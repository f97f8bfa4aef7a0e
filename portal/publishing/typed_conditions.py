"""What a listing asks of whoever wants it, as somebody typed it into the editor."""

from collections.abc import Callable, Mapping

from portal.listings.business import CLASSES_OF_LAW, Beyond, Form, Planned, Size
from portal.listings.stated_conditions import StatedConditions
from portal.publishing import typed_values
from portal.publishing.typed_fields import LONGEST_LINE, FieldReader

COMPLETE = "1"
"""What the box sends that says nothing else is asked for."""

_PERSONS_FORM = "人数は「20」のように、1から99,999までの数で入れてください。"
_YEARS_FORM = "年数は「5」のように、1から100までの数で入れてください。"
_YEN_FORM = "資本金は「5000万円」「1億円」のように、1つの金額で入れてください。"
_SIZE_FIRST = "先に、会社の大きさを選んでください。大きさを問わなければ、空にします。"
_END_BEFORE_BEGINNING = "「以上」と同じか、それより大きい数にしてください。"


def field_of(name: str) -> str:
    """The field of the form for a field of ``StatedConditions``."""
    return f"conditions-{name}"


def read_conditions(reader: FieldReader) -> StatedConditions:
    """What is filled in, as far as it makes sense; what does not is noted."""
    size = reader.value(field_of("size"), Size, "会社の大きさを選び直してください。")
    persons = _range(
        reader, ("employees_least", "employees_most"), typed_values.read_count, _PERSONS_FORM
    )
    years = _range(reader, ("years_least", "years_within"), typed_values.read_years, _YEARS_FORM)
    capital = reader.value(field_of("capital_most_yen"), typed_values.read_capital, _YEN_FORM)
    return StatedConditions(
        size=size,
        size_or=_size_or(reader, size),
        forms=reader.several(field_of("forms"), Form),
        trades=reader.several(field_of("trades"), CLASSES_OF_LAW),
        employees_least=persons[0],
        employees_most=persons[1],
        capital_most_yen=capital,
        years_least=years[0],
        years_within=years[1],
        planned=_planned(reader, has_years=any(years)),
        desk=reader.items(field_of("desk"), typed_values.read_lines),
        is_complete=bool(reader.several(field_of("is_complete"), (COMPLETE,))),
        beyond=reader.several(field_of("beyond"), Beyond),
    )


def shown(stated: StatedConditions) -> Mapping[str, object]:
    """What the fields hold of conditions, by their names."""
    values: dict[str, object] = {
        field_of(name): value if isinstance(value, list) else value or ""
        for name, value in stated.whole_document().items()
    }
    values[field_of("desk")] = "\n".join(stated.desk)
    values[field_of("is_complete")] = [COMPLETE] if stated.is_complete else []
    return values


def _range(
    reader: FieldReader, names: tuple[str, str], read: Callable[[str], int], message: str
) -> tuple[int | None, int | None]:
    first, last = map(field_of, names)
    least, most = (reader.value(name, read, message) for name in (first, last))
    if least is not None and most is not None and most < least:
        reader.wrong(last, _END_BEFORE_BEGINNING)
        return least, None
    return least, most


def _size_or(reader: FieldReader, size: Size | None) -> str | None:
    name = field_of("size_or")
    words = reader.line(name, LONGEST_LINE)
    if words and size is None:
        if not reader.is_wrong(field_of("size")):
            reader.wrong(
                name, "先に、会社の大きさを選んでください。大きさを問わなければ、空にします。"
            )
        return None
    return words


def _planned(reader: FieldReader, *, has_years: bool) -> Planned | None:
    name = field_of("planned")
    planned = reader.value(name, Planned, "これから創業する方について、選び直してください。")
    if planned is Planned.ONLY and has_years:
        reader.wrong(name, "創業からの年数を入れたときは、ほかを選んでください。")
        return None
    return planned
