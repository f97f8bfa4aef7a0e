"""Answers and conditions as hypothesis draws them."""

from dataclasses import replace
from datetime import date, timedelta

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
    YearsCondition,
)
from portal.eligibility.size_law import TRADES, Form, Size, Trade
from portal.listings.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary("aomori")
TODAY = date(2026, 11, 20)
# The same examples everywhere and always, and none that fails for want of time.
FIXED = settings(derandomize=True, deadline=None, database=None, max_examples=200)

PLACES = ["02201", "02203", "02207", "02303", OUTSIDE]
REGIONS = ["nation", "pref", "tosei", "sanpachi", "02201", "02207"]


def maybe(values: SearchStrategy[object]) -> SearchStrategy[object]:
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
    st.builds(YearsCondition, NUMBERS, st.integers(0, 20), st.booleans()),
    st.builds(YearsCondition, or_planned=st.just(True)),
    st.builds(DeskCondition, st.text(max_size=20)),
)
KEPT_OR_ANY = KEPT | st.builds(AnyOf, st.lists(KEPT, min_size=1, max_size=3).map(tuple))
"""What a listing can state."""

CONDITIONS: SearchStrategy[Condition] = st.one_of(
    KEPT_OR_ANY,
    st.builds(PlaceCondition, _some(REGIONS), is_told=st.just(False)),
    st.builds(IndustryCondition, _some(sorted(TRADES)), is_told=st.just(False)),
    st.builds(
        OpeningCondition,
        st.none() | st.integers(1, 500).map(lambda days: TODAY + timedelta(days)),
    ),
)


def without(answers: Answers, fields: set[Field]) -> Answers:
    """The same answers, some of them not given."""
    return replace(answers, **{field.value: None for field in fields})
