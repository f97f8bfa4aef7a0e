"""Conditions as data: what a support asks of whoever wants it, judged from the answers.

Each judges in three values and names the questions that are still open. An answer that is missing
never fails a condition, and another answer never undoes a judgement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from portal.eligibility.answers import OUTSIDE, Answers, Field
from portal.eligibility.bands import Age, Band
from portal.eligibility.size_law import TRADES, is_of_size
from portal.eligibility.truth import Truth, agreed, all_of, any_of, truth_of
from portal.listings.business import CLASS_OF_LAW, Form, Size, Trade
from portal.listings.regions import NATION, PREFECTURE, RegionTree


@dataclass(frozen=True, slots=True)
class Setting:
    """What judging needs besides the answers."""

    tree: RegionTree
    today: date
    """The day in Japan that ``Field.BY`` is counted from."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition is met, and if that is open the questions that may tell, the first one
    first. Where it is open and asks for nothing, only the desk can tell."""

    truth: Truth
    asks: tuple[Field, ...] = ()


class Condition(Protocol):
    """What a support asks for."""

    def judge(self, answers: Answers, setting: Setting) -> Judgement:
        """Whether the answers meet it."""
        ...


@dataclass(frozen=True, slots=True)
class PlaceCondition:
    """A place of business in some regions less exceptions, by their codes."""

    regions: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    is_told: bool = True
    """False where somebody else than the agency sorted it: then another place proves nothing."""

    def judge(self, answers: Answers, setting: Setting) -> Judgement:
        """By the regions the place lies in."""
        if answers.place is None:
            return Judgement(Truth.UNKNOWN, (Field.PLACE,))
        around = {NATION}
        if answers.place != OUTSIDE:
            area = setting.tree.municipalities[answers.place].area
            around |= {PREFECTURE, area, answers.place}
        is_in = not around.isdisjoint(self.regions) and around.isdisjoint(self.exceptions)
        return Judgement(_sorted_by_hand(is_in, self.is_told))


@dataclass(frozen=True, slots=True)
class IndustryCondition:
    """One of some industries, by their codes."""

    industries: tuple[str, ...]
    is_told: bool = True
    """As of ``PlaceCondition``."""

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the major division alone."""
        if answers.industry is None:
            return Judgement(Truth.UNKNOWN, (Field.INDUSTRY,))
        return Judgement(_sorted_by_hand(answers.industry in self.industries, self.is_told))


@dataclass(frozen=True, slots=True)
class SizeCondition:
    """中小企業者 or 小規模企業者. Who has not begun is neither yet; whether the plan counts is for
    the desk to say."""

    size: Size

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the law, for every trade and form that the answers leave possible."""
        if answers.years is not None and answers.years.is_planned:
            return Judgement(Truth.UNKNOWN)
        truth = agreed(
            is_of_size(self.size, trade, form, answers.employees, answers.capital)
            for trade in answers.trades
            for form in answers.forms
        )
        # Whoever may still be planning may be neither.
        if truth is not Truth.UNKNOWN and answers.years is None:
            return Judgement(Truth.UNKNOWN, (Field.YEARS,))
        return Judgement(truth, self._asks(answers) if truth is Truth.UNKNOWN else ())

    def _asks(self, answers: Answers) -> tuple[Field, ...]:
        is_of_no_law = answers.form in (Form.COOPERATIVE, Form.OTHER)
        if is_of_no_law and self.size is Size.SME:
            return ()
        useful = [Field.YEARS, Field.FORM, Field.EMPLOYEES]
        if self.size is Size.SME and Form.COMPANY in answers.forms:
            useful.append(Field.CAPITAL)
        still_open = tuple(field for field in useful if not answers.has(field))
        return still_open + _trade_questions(answers)


@dataclass(frozen=True, slots=True)
class FormCondition:
    """One of some forms of business."""

    forms: tuple[Form, ...]

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the form alone."""
        if answers.form is None:
            return Judgement(Truth.UNKNOWN, (Field.FORM,))
        return Judgement(truth_of(answers.form in self.forms))


@dataclass(frozen=True, slots=True)
class TradeCondition:
    """One of some of ``CLASSES_OF_LAW``."""

    trades: tuple[Trade, ...]

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By every trade that the answers leave possible."""
        truth = agreed(
            truth_of(CLASS_OF_LAW.get(trade, trade) in self.trades) for trade in answers.trades
        )
        return Judgement(truth, _trade_questions(answers) if truth is Truth.UNKNOWN else ())


@dataclass(frozen=True, slots=True)
class _RangeCondition:
    """A number between two, both included; None where there is no such end."""

    least: int | None = None
    most: int | None = None

    def _judge_band(self, band: Band | None, field: Field) -> Judgement:
        if band is None:
            return Judgement(Truth.UNKNOWN, (field,))
        ends = []
        if self.least is not None:
            ends.append(band.is_at_least(self.least))
        if self.most is not None:
            ends.append(band.is_at_most(self.most))
        return Judgement(all_of(ends))


@dataclass(frozen=True, slots=True)
class EmployeesCondition(_RangeCondition):
    """So many regular employees."""

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the range that was answered."""
        return self._judge_band(answers.employees, Field.EMPLOYEES)


@dataclass(frozen=True, slots=True)
class CapitalCondition(_RangeCondition):
    """So much capital, in yen. A sole proprietor has none, and whether that is 0 yen is not said
    anywhere."""

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the range that was answered, of what has a capital."""
        if answers.form is None:
            asks = (Field.FORM, Field.CAPITAL)
            return Judgement(Truth.UNKNOWN, tuple(one for one in asks if not answers.has(one)))
        if answers.form is not Form.COMPANY:
            return Judgement(Truth.UNKNOWN)
        return self._judge_band(answers.capital, Field.CAPITAL)


@dataclass(frozen=True, slots=True)
class YearsCondition:
    """For how long somebody has been in business, in years, or that they are about to begin."""

    least: int | None = None
    within: int | None = None
    planned: Truth = Truth.NO
    """Whether those who have not begun are meant, too; with neither number they alone are."""

    def judge(self, answers: Answers, _setting: Setting) -> Judgement:
        """By the years that were answered."""
        if answers.years is None:
            return Judgement(Truth.UNKNOWN, (Field.YEARS,))
        return Judgement(any_of([self._is_planned(answers.years), self._is_running(answers.years)]))

    def _is_planned(self, age: Age) -> Truth:
        return self.planned if age.is_planned else Truth.NO

    def _is_running(self, age: Age) -> Truth:
        ends = []
        if self.least is not None:
            ends.append(age.has_lasted(self.least))
        if self.within is not None:
            ends.append(age.is_within(self.within))
        return all_of(ends) if ends else Truth.NO


@dataclass(frozen=True, slots=True)
class OpeningCondition:
    """That applications are taken in time; None where they begin on a day nobody knows yet."""

    opens_on: date | None

    def judge(self, answers: Answers, setting: Setting) -> Judgement:
        """By the last day that is early enough."""
        if self.opens_on is None:
            return Judgement(Truth.UNKNOWN)
        if answers.by is None:
            return Judgement(Truth.UNKNOWN, (Field.BY,))
        if answers.by.days is None:
            return Judgement(Truth.YES)
        return Judgement(truth_of(self.opens_on <= setting.today + timedelta(answers.by.days)))


@dataclass(frozen=True, slots=True)
class DeskCondition:
    """What no question settles, in the words of the listing; empty where it has none."""

    words: str = ""

    def judge(self, _answers: Answers, _setting: Setting) -> Judgement:
        """Only the desk can tell."""
        return Judgement(Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several conditions suffices."""

    conditions: tuple[Condition, ...]

    def judge(self, answers: Answers, setting: Setting) -> Judgement:
        """The best of them; asks for what any of them still asks for."""
        found = [condition.judge(answers, setting) for condition in self.conditions]
        truth = any_of(judgement.truth for judgement in found)
        return Judgement(truth, open_questions(found) if truth is Truth.UNKNOWN else ())


def open_questions(judgements: Sequence[Judgement]) -> tuple[Field, ...]:
    """The questions that open judgements ask for, each once, in the order of asking."""
    asked = {field for judgement in judgements for field in judgement.asks}
    return tuple(field for field in Field if field in asked)


def _trade_questions(answers: Answers) -> tuple[Field, ...]:
    if answers.industry is None:
        return (Field.INDUSTRY,)
    is_told = answers.trade is not None or len(TRADES[answers.industry]) == 1
    return () if is_told else (Field.TRADE,)


def _sorted_by_hand(is_met: bool, is_told: bool) -> Truth:
    return Truth.UNKNOWN if not is_met and not is_told else truth_of(is_met)
