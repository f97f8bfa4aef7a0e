"""Conditions that follow from what every listing holds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.eligibility.condition_json import Stated
from portal.eligibility.conditions import (
    AnyOf,
    DeskCondition,
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
    SizeCondition,
)
from portal.eligibility.listing_conditions import conditions_of, is_over
from portal.eligibility.size_law import Size
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


def test_words_that_nobody_reviewed_are_for_the_desk() -> None:
    assert conditions_of(ANYBODY, None, TODAY) == (HERE, DeskCondition("町内で営む方"))
    silent = listing(eligibility=None)
    assert conditions_of(silent, None, TODAY) == (HERE, DeskCondition(""))


def test_reviewed_listing_asks_for_what_it_states_alone() -> None:
    size = SizeCondition(Size.SMALL)
    assert conditions_of(ANYBODY, [Stated(size)], TODAY) == (HERE, size)
    assert conditions_of(ANYBODY, [], TODAY) == (HERE,)


def test_place_and_industry_are_those_of_the_listing() -> None:
    here = listing(
        region_codes=("sanpachi",), exception_codes=("02446",), industry_codes=("D", "E")
    )
    assert conditions_of(here, [], TODAY) == (
        PlaceCondition(("sanpachi",), ("02446",)),
        IndustryCondition(("D", "E")),
    )


def test_listing_that_names_no_place_and_no_industry_excludes_nobody() -> None:
    vague = listing(region_codes=(), industry_codes=())
    assert conditions_of(vague, [], TODAY) == (PlaceCondition((), is_told=False),)


def test_what_was_sorted_by_a_reader_of_documents_proves_nobody_out() -> None:
    read = listing(industry_codes=("E",), source=[{"document": "令和5年度の資料", "line": 3}])
    assert conditions_of(read, [], TODAY) == (
        PlaceCondition(("pref",), is_told=False),
        IndustryCondition(("E",), is_told=False),
    )


def test_stated_place_and_industry_take_the_place_of_those_of_the_listing() -> None:
    read = listing(industry_codes=("E",), source=[{"document": "令和5年度の資料", "line": 3}])
    place, industry = PlaceCondition(("pref",)), IndustryCondition(("E",))
    either = AnyOf((industry, DeskCondition("連携する企業")))
    assert conditions_of(read, [Stated(place), Stated(industry)], TODAY) == (place, industry)
    assert conditions_of(read, [Stated(place), Stated(either)], TODAY) == (place, either)


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
    assert conditions_of(listing(**changes), [], TODAY) == expected
    assert not is_over(listing(**changes), TODAY)


def test_listing_is_over_on_the_day_after_its_deadline() -> None:
    closing = listing(date_state="window", closes_on=date(2026, 11, 19))
    assert is_over(closing, TODAY)
    assert not is_over(closing, date(2026, 11, 19))
