"""The chart of a year by month: last year's and this year's bars, measured out once for pages and
for the PDF file."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.reports.yearly import MonthRow

_WIDTH = 360.0
_HEIGHT = 210.0
_TYPE = 11.0
_TOP = 28.0
"""Above the axis, where it is said which bars are of which year."""
_BOTTOM = 20.0
"""Below it, where the months are named."""
_RIGHT = 4.0
_FIGURE = 6.6
"""How wide a figure on the axis is; a comma is narrower, and 万 as wide as it is high."""
_MAN = 10_000
_GAP = 6.0
"""Between the figures and the axis."""
_BAR = 0.36
"""Of the place of a month; so are the margins, of which there are two."""
_MARGIN = (1 - 2 * _BAR) / 2
_MOST_STEPS = 5
_KEY = 9.0
"""The side of the square before the name of a year."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: its left, its top, and how far it goes from there."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Key:
    """Which bars are of which year: a square like them, and its name."""

    square: Bar
    x: float
    """Of the name; its line is ``baseline``."""
    baseline: float
    label: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart, and the number that it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class MonthPlace:
    """A month of the chart. A bar is None where the number is not known: a gap."""

    label: str
    middle: float
    now: Bar | None
    previous: Bar | None


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Everything that is drawn, in units of which ``width`` are across."""

    width: float
    height: float
    type_size: float
    left: float
    """Of the axis; so is its right."""
    right: float
    base: float
    """Of the bars, from above."""
    title: str
    description: str
    """What is seen, in a sentence, for whoever does not see it."""
    keys: tuple[Key, ...]
    """Of the years of which anything is known, the earlier one first."""
    ticks: tuple[Tick, ...]
    months: tuple[MonthPlace, ...]


def month_chart(
    rows: Sequence[MonthRow], *, title: str, label: str, previous_label: str
) -> MonthChart | None:
    """The chart of some months in a row; None if no number is known.

    :param title: what the bars count, of which year.
    """
    known = [number for row in rows for number in (row.views, row.previous) if number is not None]
    if not known:
        return None
    step, steps = _steps(max(known))
    left = max(_width(_number(number * step, step)) for number in range(steps + 1)) + _GAP
    base = _HEIGHT - _BOTTOM
    scale = (base - _TOP) / (step * steps)
    place = (_WIDTH - _RIGHT - left) / len(rows)

    def bar(number: int | None, x: float) -> Bar | None:
        if number is None:
            return None
        height = round(number * scale, 2)
        return Bar(round(x, 2), round(base - height, 2), round(place * _BAR, 2), height)

    return MonthChart(
        width=_WIDTH,
        height=_HEIGHT,
        type_size=_TYPE,
        left=round(left, 2),
        right=_WIDTH - _RIGHT,
        base=base,
        title=title,
        description=_description(rows, label, previous_label),
        keys=_keys(rows, left, label, previous_label),
        ticks=tuple(
            Tick(round(base - number * step * scale, 2), _number(number * step, step))
            for number in range(steps + 1)
        ),
        months=tuple(
            MonthPlace(
                row.label,
                round(left + (number + 0.5) * place, 2),
                now=bar(row.views, left + (number + _MARGIN + _BAR) * place),
                previous=bar(row.previous, left + (number + _MARGIN) * place),
            )
            for number, row in enumerate(rows)
        ),
    )


def _keys(
    rows: Sequence[MonthRow], left: float, label: str, previous_label: str
) -> tuple[Key, ...]:
    keys: list[Key] = []
    x = left
    for name, is_now, numbers in (
        (previous_label, False, [row.previous for row in rows]),
        (label, True, [row.views for row in rows]),
    ):
        if any(number is not None for number in numbers):
            square = Bar(round(x, 2), 4, _KEY, _KEY)
            keys.append(Key(square, round(x + _KEY + 4, 2), 12.5, name, is_now))
            x += _KEY + 4 + _TYPE * len(name) + 12
    return tuple(keys)


def _steps(highest: int) -> tuple[int, int]:
    """A round distance between the lines of the axis, and how many it takes to the highest."""
    power = 1
    while True:
        for round_number in (1, 2, 5):
            step = round_number * power
            if step * _MOST_STEPS >= highest:
                return step, max(-(-highest // step), 1)
        power *= 10


def _number(number: int, step: int) -> str:
    """A number on the axis: 2,500, and 20万 where all are of that sort."""
    return f"{number // _MAN:,}万" if number and step % _MAN == 0 else f"{number:,}"


def _width(text: str) -> float:
    return sum(_FIGURE if character.isascii() else _TYPE for character in text)


def _description(rows: Sequence[MonthRow], label: str, previous_label: str) -> str:
    said = [
        part
        for part in (
            _range(label, [(row.label, row.views) for row in rows]),
            _range(previous_label, [(row.label, row.previous) for row in rows]),
        )
        if part
    ]
    return "".join(said) + "数は表にあります。"


def _range(label: str, numbers: list[tuple[str, int | None]]) -> str:
    known = [(number, month) for month, number in numbers if number is not None]
    if not known:
        return f"{label}の月ごとの数は分かりません。"
    most = max(known, key=lambda pair: pair[0])
    least = min(known, key=lambda pair: pair[0])
    return f"{label}は{most[1]}が最も多く{most[0]:,}件、{least[1]}が最も少なく{least[0]:,}件です。"
