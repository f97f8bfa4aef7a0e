"""Conditions that follow from what every listing holds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

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
from portal.eligibility.listing_conditions import conditions_of, is_over
from portal.eligibility.truth import Truth
from portal.listings.business import Form, Size, Trade
from portal.listings.date_state import Window
from portal.listings.outlines import Outline
from tests.conftest import NOW
from tests.portal.eligibility.drawing import TODAY

ANYBODY = Outline(
    listing_id=1,
    source_id=None,
    updated_at=NOW,
    confirmed_on=None,
    is_confirmed_by_agency=False,
    agency_code="aomori-pref",
    agency_name="青森県",
    title="店舗改装の補助金",
    summary="",
    body="",
    eligibility="町内で営む方",
    conditions={},
    kind="subsidy",
    level="prefecture",
    date_state="always",
    opens_on=None,
    closes_on=None,
    rate=None,
    amount_max_yen=None,
    tel=None,
    source=(),
    industry_codes=("*",),
    region_codes=("pref",),
    exception_codes=(),
    purpose_codes=("equipment",),
    fiscal_years=(),
    rounds=(),
    event_days=(),
)
HERE = PlaceCondition(("pref",))


def listing(**changes: Any) -> Outline:
    return replace(ANYBODY, **changes)


def asked(listing: Outline, **stated: object) -> tuple[Condition, ...]:
    """What a listing asks for that states this and no more."""
    complete = replace(listing, conditions={**stated, "is_complete": True})
    return conditions_of(complete, TODAY)


def test_words_that_nobody_put_into_conditions_are_for_the_desk() -> None:
    assert conditions_of(ANYBODY, TODAY) == (HERE, DeskCondition("町内で営む方"))
    silent = listing(eligibility=None)
    assert conditions_of(silent, TODAY) == (HERE, DeskCondition(""))


def test_place_and_industry_are_those_of_the_listing() -> None:
    here = listing(
        region_codes=("sanpachi",), exception_codes=("02446",), industry_codes=("D", "E")
    )
    assert asked(here) == (
        PlaceCondition(("sanpachi",), ("02446",)),
        IndustryCondition(("D", "E")),
    )


def test_listing_that_names_no_place_and_no_industry_excludes_nobody() -> None:
    vague = listing(region_codes=(), industry_codes=())
    assert asked(vague) == (PlaceCondition((), is_told=False),)


def test_who_is_outside_of_what_was_chosen_may_be_left_to_the_desk() -> None:
    chosen = listing(industry_codes=("E",))
    place, industry = HERE, IndustryCondition(("E",))
    open_place, open_industry = replace(place, is_told=False), replace(industry, is_told=False)
    assert asked(chosen, beyond=["regions"]) == (open_place, industry)
    assert asked(chosen, beyond=["regions", "industries"]) == (open_place, open_industry)


SME = SizeCondition(Size.SME)
STARTING = YearsCondition(planned=Truth.YES)
STATED: dict[str, tuple[dict[str, object], list[Condition]]] = {
    "nothing else": ({}, []),
    "size": ({"size": "sme"}, [SME]),
    "size or others": (
        {"size": "sme", "size_or": "組合"},
        [AnyOf((SME, DeskCondition("組合")))],
    ),
    "size or before founding": ({"size": "sme", "planned": "yes"}, [AnyOf((SME, STARTING))]),
    "only before founding": ({"planned": "only"}, [STARTING]),
    "not before founding": ({"planned": "no"}, [YearsCondition(least=0)]),
    "nothing for years": ({"planned": "yes"}, []),
    "young, and nobody said": (
        {"years_within": 5},
        [YearsCondition(within=5, planned=Truth.UNKNOWN)],
    ),
    "young or before founding": (
        {"years_within": 5, "planned": "yes"},
        [YearsCondition(within=5, planned=Truth.YES)],
    ),
    "of some years": ({"years_least": 1}, [YearsCondition(least=1)]),
    "numbers": (
        {"employees_least": 2, "employees_most": 20, "capital_most_yen": 50_000_000},
        [EmployeesCondition(2, 20), CapitalCondition(most=50_000_000)],
    ),
    "form and trade": (
        {"forms": ["sole"], "trades": ["retail"]},
        [FormCondition((Form.SOLE,)), TradeCondition((Trade.RETAIL,))],
    ),
    "for the desk": (
        {"desk": ["町税に未納がない方", "店舗がある方"]},
        [DeskCondition("町税に未納がない方"), DeskCondition("店舗がある方")],
    ),
}


@pytest.mark.parametrize(("stated", "expected"), list(STATED.values()), ids=list(STATED))
def test_what_is_stated_is_asked_for_and_the_rest_is_for_the_desk(
    stated: dict[str, object], expected: list[Condition]
) -> None:
    assert asked(ANYBODY, **stated) == (HERE, *expected)
    words = [] if "desk" in stated else [DeskCondition("町内で営む方")]
    incomplete = conditions_of(listing(conditions=stated), TODAY)
    assert incomplete == (HERE, *expected, *words)


@pytest.mark.parametrize(
    ("changes", "opening"),
    [
        ({"date_state": "always"}, None),
        ({"date_state": "budget"}, None),
        ({"date_state": "unknown"}, OpeningCondition(None)),
        ({"date_state": "soon"}, OpeningCondition(None)),
        ({"date_state": "window", "closes_on": TODAY}, None),
        (
            {"date_state": "window", "opens_on": TODAY + timedelta(9)},
            OpeningCondition(TODAY + timedelta(9)),
        ),
        (
            {"date_state": "window", "opens_on": TODAY - timedelta(9)}
            | {"closes_on": TODAY - timedelta(1)}
            | {"rounds": (Window(TODAY + timedelta(30), TODAY + timedelta(60)),)},
            OpeningCondition(TODAY + timedelta(30)),
        ),
    ],
    ids=["always", "budget", "unknown", "soon", "last-day", "coming", "next-round"],
)
def test_dates(changes: dict[str, Any], opening: OpeningCondition | None) -> None:
    expected = (HERE,) if opening is None else (HERE, opening)
    assert asked(listing(**changes)) == expected
    assert not is_over(listing(**changes), TODAY)


def test_listing_is_over_on_the_day_after_its_deadline() -> None:
    closing = listing(date_state="window", closes_on=date(2026, 11, 19))
    assert is_over(closing, TODAY)
    assert not is_over(closing, date(2026, 11, 19))
