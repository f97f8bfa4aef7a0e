"""Conditions in plain Japanese, the listing's number beside the owner's."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    TradeCondition,
    YearsCondition,
)
from portal.eligibility.size_law import LIMITS
from portal.eligibility.truth import Truth
from portal.formats import full_day, yen
from portal.listings import wording as listing_wording
from portal.listings.business import Size, Trade
from portal.listings.condition_words import (
    FORMS,
    SIZES,
    TRADES,
    between,
    persons,
    since_founding,
)
from portal.listings.vocabulary import Vocabulary

NOT_TOLD = "だれが使えるかは、資料からは分かりません"
_NOT_OPEN = "受付の始まる日が、まだ分かりません"


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
            return Told("事業の形", "・".join(map(FORMS.__getitem__, forms)), (Field.FORM,))
        case TradeCondition(trades):
            names = [TRADES[trade] for trade in trades]
            return Told("くわしい業種", "・".join(names), (Field.INDUSTRY, Field.TRADE))
        case EmployeesCondition(least, most):
            return Told("従業員", between(least, most, persons), (Field.EMPLOYEES,))
        case CapitalCondition(least, most):
            return Told("資本金", between(least, most, yen), (Field.CAPITAL,))
        case YearsCondition():
            return Told("創業からの年数", _years(condition), (Field.YEARS,))
        case OpeningCondition(opens_on):
            when = f"{full_day(opens_on)}から受け付けます" if opens_on else _NOT_OPEN
            return Told("受付", when, (Field.BY,) if opens_on else ())
        case DeskCondition(words):
            return Told("対象になる方", f"「{words}」" if words else NOT_TOLD)
        case AnyOf(conditions):
            return _any([tell(one, answers, vocabulary) for one in conditions])
    raise TypeError(f"no words for {condition}")


def _places(regions: Sequence[str], exceptions: Sequence[str], vocabulary: Vocabulary) -> str:
    def names(codes: Sequence[str]) -> str:
        found = tuple(label for code, label in vocabulary.regions.items() if code in codes)
        return listing_wording.first_few(found)

    suffix = f"（{names(exceptions)}を除く）" if exceptions else ""
    return f"{names(regions)}{suffix}"


def _size(size: Size, answers: Answers) -> Told:
    trades = answers.trades if answers.industry else ()
    limits = dict.fromkeys(_limit(size, trade) for trade in trades)
    which = SIZES[size]
    fields: tuple[Field, ...] = (Field.FORM, Field.EMPLOYEES, Field.CAPITAL)
    if answers.years is not None and answers.years.is_planned:
        fields = (Field.YEARS,)
    if not limits:
        return Told("会社の大きさ", which, fields)
    if len(limits) == 1:
        return Told("会社の大きさ", f"{which}（{next(iter(limits))}）", fields)
    parts = [f"{TRADES[trade]}は{_limit(size, trade)}" for trade in trades]
    return Told("会社の大きさ", f"{which}（{'、'.join(parts)}）", (*fields, Field.TRADE))


def _limit(size: Size, trade: Trade) -> str:
    limits = LIMITS[trade]
    if size is Size.SMALL:
        return f"従業員{persons(limits.small)}以下"
    return f"資本金{yen(limits.capital)}以下か従業員{persons(limits.employees)}以下"


def _years(condition: YearsCondition) -> str:
    if condition.least == 0:
        return "もう事業を始めている方"
    parts = ["これから創業する方"] if condition.planned is Truth.YES else []
    if condition.least is not None or condition.within is not None:
        parts.append(since_founding(condition.least, condition.within))
    suffix = "（これから創業する方は窓口で確認）" if condition.planned is Truth.UNKNOWN else ""
    return "、または".join(parts) + suffix


def _any(parts: Sequence[Told]) -> Told:
    asked = {field for part in parts for field in part.fields}
    return Told(
        parts[0].name,
        "、または".join(part.required for part in parts),
        tuple(field for field in Field if field in asked),
    )
