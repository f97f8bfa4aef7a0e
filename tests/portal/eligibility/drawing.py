"""Answers and conditions as hypothesis draws them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from portal.eligibility.answers import OUTSIDE, Answers, Field
from portal.eligibility.bands import CAPITAL, EMPLOYEES, NEEDS, YEARS
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
from portal.eligibility.listing_conditions import Asking
from portal.eligibility.size_law import TRADES
from portal.eligibility.truth import Truth
from portal.listings.business import CLASSES_OF_LAW, Beyond, Form, Planned, Size, Trade
from portal.listings.stated_conditions import StatedConditions
from portal.listings.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary("aomori")
TODAY = date(2026, 11, 20)
# The same examples everywhere and always, and none that fails for want of time.
FIXED = settings(derandomize=True, deadline=None, database=None, max_examples=200)

PLACES = ["02201", "02203", "02207", "02303", OUTSIDE]
REGIONS = ["nation", "pref", "tosei", "sanpachi", "02201", "02207"]


def maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | values


ANSWERS: SearchStrategy[Answers] = st.builds(
    Answers,
    purpose=maybe(st.sampled_from(sorted(VOCABULARY.purposes))),
    place=maybe(st.sampled_from(PLACES)),
    industry=maybe(st.sampled_from(sorted(TRADES))),
    years=maybe(st.sampled_from(list(YEARS.values()))),
    form=maybe(st.sampled_from(list(Form))),
    employees=maybe(st.sampled_from(list(EMPLOYEES.values()))),
    capital=maybe(st.sampled_from(list(CAPITAL.values()))),
    trade=maybe(st.sampled_from(list(Trade))),
    by=maybe(st.sampled_from(list(NEEDS.values()))),
)


def _some(values: list[str]) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)


NUMBERS = st.none() | st.integers(0, 400_000_000) | st.sampled_from([1, 5, 6, 20, 21, 50, 100, 300])
KEPT: SearchStrategy[Condition] = st.one_of(
    st.builds(PlaceCondition, _some(REGIONS), st.just(()) | _some(REGIONS)),
    st.builds(IndustryCondition, _some(sorted(TRADES))),
    st.builds(SizeCondition, st.sampled_from(Size)),
    st.builds(FormCondition, st.lists(st.sampled_from(Form), min_size=1, unique=True).map(tuple)),
    st.builds(EmployeesCondition, NUMBERS, st.integers(0, 1000)),
    st.builds(CapitalCondition, st.integers(0, 10**9), NUMBERS),
    st.builds(YearsCondition, NUMBERS, st.integers(0, 20), st.sampled_from(Truth)),
    st.builds(YearsCondition, planned=st.just(Truth.YES)),
    st.builds(TradeCondition, _some(list(CLASSES_OF_LAW))),
    st.builds(DeskCondition, st.text(max_size=20)),
)
CONDITIONS: SearchStrategy[Condition] = st.one_of(
    KEPT,
    st.builds(AnyOf, st.lists(KEPT, min_size=1, max_size=3).map(tuple)),
    st.builds(PlaceCondition, _some(REGIONS), is_told=st.just(False)),
    st.builds(IndustryCondition, _some(sorted(TRADES)), is_told=st.just(False)),
    st.builds(
        OpeningCondition,
        st.none() | st.integers(1, 500).map(lambda days: TODAY + timedelta(days)),
    ),
)


def _several(codes: list[str]) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), unique=True).map(tuple)


def _ends(most: int, numbers: list[int]) -> SearchStrategy[tuple[int | None, int | None]]:
    """A range, either end of which may be open."""
    number = st.integers(1, most) | st.sampled_from(numbers)
    both = st.tuples(number, number).map(lambda ends: (min(ends), max(ends)))
    return st.one_of(
        both, st.tuples(st.none(), number), st.tuples(number, st.none()), st.just((None, None))
    )


@st.composite
def stated_conditions(draw: st.DrawFn) -> StatedConditions:
    """Whatever a version can state."""
    size = draw(maybe(st.sampled_from([size.value for size in Size])))
    employees = draw(_ends(1000, [5, 6, 20, 21, 50, 100, 300, 301]))
    years = draw(_ends(20, [1, 3, 5, 10]))
    planned = [one.value for one in Planned if one is not Planned.ONLY or not any(years)]
    return StatedConditions(
        size=size,
        size_or=draw(maybe(st.just("組合"))) if size else None,
        forms=draw(_several([form.value for form in Form])),
        trades=draw(_several([trade.value for trade in CLASSES_OF_LAW])),
        employees_least=employees[0],
        employees_most=employees[1],
        capital_most_yen=draw(maybe(st.integers(1, 10**9) | st.just(50_000_000))),
        years_least=years[0],
        years_within=years[1],
        planned=draw(maybe(st.sampled_from(planned))),
        desk=draw(
            st.lists(st.sampled_from(["町税に未納がない方", "店舗がある方"]), unique=True).map(
                tuple
            )
        ),
        is_complete=draw(st.booleans()),
        beyond=draw(_several([beyond.value for beyond in Beyond])),
    )


STATED: SearchStrategy[StatedConditions] = stated_conditions()
ASKING: SearchStrategy[Asking] = st.builds(
    Asking,
    st.just(()) | _some(REGIONS),
    st.just(()) | _some(REGIONS),
    st.just(("*",)) | st.just(()) | _some(sorted(TRADES)),
    maybe(st.just("市内に店舗がある方")),
    STATED,
)
"""What a wording can ask for."""


def without(answers: Answers, fields: set[Field]) -> Answers:
    """The same answers, some of them not given."""
    return replace(answers, **{field.value: None for field in fields})
