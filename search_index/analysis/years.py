"""Years as they are written in Japan: eras, their initials, the common era, fiscal years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIRST, _LAST = 1989, 2069

_ERA_STARTS = {"令和": 2019, "r": 2019, "平成": 1989, "h": 1989}
_HEISEI_YEARS = 31

_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")}
_KANJI = "".join(_DIGITS)

_YEAR = re.compile(
    r"""
      (?P<era> 令和 | 平成 ) (?P<of_era> 元 | [0-9]{1,2} | [一二三四五六七八九十]{1,3} )
        (?![0-9一二三四五六七八九十]) (?: 年度? )?
    | (?<![a-z0-9]) (?P<initial> [rh] ) \.? (?P<of_initial> [0-9]{1,2} ) (?![a-z0-9]) (?: 年度? )?
    | (?<![0-9.,a-z]) (?: fy )? (?P<common> [12][0-9]{3} )
        (?: 年度? | (?! [0-9a-z%,.円万千億人名件社個台平kmg] ) )
    | (?P<kanji> [一二] [〇一二三四五六七八九]{3} ) 年度?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year in a text."""

    start: int
    end: int
    year: int


def find_years(text: str) -> Iterator[YearMention]:
    """The years that normalised ``text`` names, in order. A number alone is taken for one from 1989
    on, where nothing counts by it; the initial of an era needs two digits for 平成, as h2 is more
    often something else."""
    for match in _YEAR.finditer(text):
        year = _year(match)
        if year is not None and _FIRST <= year <= _LAST:
            yield YearMention(*match.span(), year)


def year_writings(year: int) -> tuple[str, ...]:
    """Every way of writing a year that a text may hold it in; longer ways begin with one of them
    (令和5年度 with 令和5年). The common era's comes first."""
    writings = [str(year), f"{''.join(_KANJI[int(digit)] for digit in str(year))}年"]
    for era, initial in (("令和", "r"), ("平成", "h")):
        number = year - _ERA_STARTS[era] + 1
        if number < 1 or (era == "平成" and number > _HEISEI_YEARS):
            continue
        numbers = ["元", "1"] if number == 1 else [str(number)]
        writings += [f"{era}{each}年" for each in (*numbers, _kanji_number(number))]
        writings.append(f"{initial}{number}")
    return tuple(dict.fromkeys(writings))


def year_names(year: int) -> tuple[str, ...]:
    """What a fiscal year is called: by the common era and by the era of its April, or of both eras
    where it changed."""
    names = [f"{year}年度"]
    if year >= _ERA_STARTS["令和"]:
        names.append(f"令和{year - _ERA_STARTS['令和'] + 1}年度".replace("令和1年", "令和元年"))
    if year < _ERA_STARTS["平成"] + _HEISEI_YEARS:
        names.append(f"平成{year - _ERA_STARTS['平成'] + 1}年度".replace("平成1年", "平成元年"))
    return tuple(names)


def _year(match: re.Match[str]) -> int | None:
    if match["common"]:
        return int(match["common"])
    if match["kanji"]:
        return int("".join(str(_DIGITS[digit]) for digit in match["kanji"]))
    era = match["era"] or match["initial"]
    number = _number(match["of_era"] or match["of_initial"])
    if number == 0 or (era == "h" and number < 10) or (_is_heisei(era) and number > _HEISEI_YEARS):
        return None
    return _ERA_STARTS[era] + number - 1


def _is_heisei(era: str) -> bool:
    return _ERA_STARTS[era] == _ERA_STARTS["平成"]


def _number(written: str) -> int:
    """Of 元, digits, or kanji up to 99."""
    if written == "元":
        return 1
    if written.isascii():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[digit]) for digit in written))
    return 10 * (_DIGITS.get(tens, 1)) + _DIGITS.get(ones, 0)


def _kanji_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (f"{_KANJI[tens] if tens > 1 else ''}十" if tens else "") + (
        _KANJI[ones] if ones else ""
    )
