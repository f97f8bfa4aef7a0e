"""Conditions in plain Japanese, the listing's number beside the owner's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.eligibility import labels
from portal.eligibility.answers import Answers, Field
from portal.eligibility.conditions import (
    AnyOf,
    CapitalCondition,
    Condition,
    DeskCondition,
    EmployeesCondition,
    FormCondition,
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
    SizeCondition,
    YearsCondition,
)
from portal.eligibility.size_law import LIMITS, Size, Trade
from portal.formats import full_day, grouped
from portal.listings import wording as listing_wording
from portal.listings.vocabulary import Vocabulary

NOT_TOLD = "だれが使えるかは、資料からは分かりません"
_NOT_OPEN = "受付の始まる日が、まだ分かりません"

_MAN = 10**4
_OKU = 10**8

_SIZE_NAMES = {Size.SME: "中小企業者", Size.SMALL: "小規模な事業者"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a condition is about, what the listing asks for, and the fields it is compared with."""

    name: str
    required: str
    fields: tuple[Field, ...] = ()


def tell(condition: Condition, answers: Answers, vocabulary: Vocabulary) -> Told:
    """A condition in words; those of the size of a business as they are for this business."""
    match condition:
        case PlaceCondition(regions, exceptions):
            return Told("場所", _places(regions, exceptions, vocabulary), (Field.PLACE,))
        case IndustryCondition(industries):
            names = [vocabulary.short_industries[code] for code in industries]
            return Told("業種", "・".join(names), (Field.INDUSTRY,))
        case SizeCondition(size):
            return _size(size, answers)
        case FormCondition(forms):
            return Told("事業の形", "・".join(map(labels.FORMS.__getitem__, forms)), (Field.FORM,))
        case EmployeesCondition(least, most):
            return Told("従業員", _range(least, most, _persons), (Field.EMPLOYEES,))
        case CapitalCondition(least, most):
            return Told("資本金", _range(least, most, money), (Field.CAPITAL,))
        case YearsCondition(least, within, or_planned):
            return Told("創業からの年数", _years(least, within, or_planned), (Field.YEARS,))
        case OpeningCondition(opens_on):
            when = f"{full_day(opens_on)}から受け付けます" if opens_on else _NOT_OPEN
            return Told("受付", when, (Field.BY,) if opens_on else ())
        case DeskCondition(words):
            return Told("対象になる方", f"「{words}」" if words else NOT_TOLD)
        case AnyOf(conditions):
            return _any([tell(one, answers, vocabulary) for one in conditions])
    raise TypeError(f"no words for {condition}")


def money(yen: int) -> str:
    """Yen as people say it: 5,000万円, 3億円."""
    if yen % _OKU == 0 and yen:
        return f"{grouped(yen // _OKU)}億円"
    return f"{grouped(yen // _MAN)}万円" if yen % _MAN == 0 else f"{grouped(yen)}円"


def _persons(number: int) -> str:
    return f"{grouped(number)}人"


def _places(regions: Sequence[str], exceptions: Sequence[str], vocabulary: Vocabulary) -> str:
    def names(codes: Sequence[str]) -> str:
        found = tuple(label for code, label in vocabulary.regions.items() if code in codes)
        return listing_wording.first_few(found)

    suffix = f"（{names(exceptions)}を除く）" if exceptions else ""
    return f"{names(regions)}{suffix}"


def _size(size: Size, answers: Answers) -> Told:
    trades = answers.trades if answers.industry else ()
    limits = dict.fromkeys(_limit(size, trade) for trade in trades)
    which = _SIZE_NAMES[size]
    fields: tuple[Field, ...] = (Field.FORM, Field.EMPLOYEES, Field.CAPITAL)
    if answers.years is not None and answers.years.is_planned:
        fields = (Field.YEARS,)
    if not limits:
        return Told("会社の大きさ", which, fields)
    if len(limits) == 1:
        return Told("会社の大きさ", f"{which}（{next(iter(limits))}）", fields)
    parts = [f"{labels.TRADES[trade]}は{_limit(size, trade)}" for trade in trades]
    return Told("会社の大きさ", f"{which}（{'、'.join(parts)}）", (*fields, Field.TRADE))


def _limit(size: Size, trade: Trade) -> str:
    limits = LIMITS[trade]
    if size is Size.SMALL:
        return f"従業員{_persons(limits.small)}以下"
    return f"資本金{money(limits.capital)}以下か従業員{_persons(limits.employees)}以下"


def _years(least: int | None, within: int | None, or_planned: bool) -> str:
    parts = []
    if or_planned:
        parts.append("これから創業する方")
    if least is not None and within is not None:
        parts.append(f"創業から{least}年以上{within}年以内")
    elif least is not None:
        parts.append(f"創業から{least}年以上")
    elif within is not None:
        parts.append(f"創業から{within}年以内")
    return "、または".join(parts)


def _range(least: int | None, most: int | None, told: Callable[[int], str]) -> str:
    ends = []
    if least is not None:
        ends.append(f"{told(least)}以上")
    if most is not None:
        ends.append(f"{told(most)}以下")
    return "".join(ends)


def _any(parts: Sequence[Told]) -> Told:
    asked = {field for part in parts for field in part.fields}
    return Told(
        parts[0].name,
        "、または".join(part.required for part in parts),
        tuple(field for field in Field if field in asked),
    )
