"""A truth table for each rule."""

from datetime import timedelta

import pytest

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
    Judgement,
    OpeningCondition,
    PlaceCondition,
    Setting,
    SizeCondition,
    TradeCondition,
    YearsCondition,
)
from portal.eligibility.truth import Truth
from portal.listings.business import Form, Size, Trade
from portal.listings.vocabulary import Vocabulary
from tests.portal.eligibility.drawing import TODAY, VOCABULARY

NO, UNKNOWN, YES = Truth
SETTING = Setting(VOCABULARY.tree, TODAY)
RUNNING = YEARS["5-10"]


def judge(condition: Condition, **answers: object) -> Truth:
    return judged(condition, **answers).truth


def judged(condition: Condition, **answers: object) -> Judgement:
    return condition.judge(Answers(**answers), SETTING)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("regions", "exceptions", "place", "expected"),
    [
        (["pref"], [], None, UNKNOWN),
        (["pref"], [], "02201", YES),
        (["pref"], [], OUTSIDE, NO),
        (["nation"], [], "02201", YES),
        (["nation"], [], OUTSIDE, YES),
        (["nation"], ["pref"], "02201", NO),
        (["pref"], ["02201"], "02201", NO),
        (["pref"], ["tosei"], "02201", NO),
        (["sanpachi"], [], "02203", YES),
        (["sanpachi"], [], "02201", NO),
        (["sanpachi"], ["02446"], "02446", NO),
        (["02201", "02203"], [], "02203", YES),
        (["02201"], [], "02203", NO),
    ],
)
def test_place(
    regions: list[str], exceptions: list[str], place: str | None, expected: Truth
) -> None:
    assert judge(PlaceCondition(tuple(regions), tuple(exceptions)), place=place) is expected


def test_place_is_covered_as_the_search_covers_it(vocabulary: Vocabulary) -> None:
    tree = vocabulary.tree
    for regions, exceptions in [
        (("pref",), ("02201",)),
        (("tosei", "02203"), ()),
        (("nation",), ("kamikita", "02202")),
    ]:
        covered = tree.expand(regions) - tree.expand(exceptions)
        condition = PlaceCondition(regions, exceptions)
        for code in tree.municipalities:
            assert judge(condition, place=code) is (YES if code in covered else NO)


@pytest.mark.parametrize(("industry", "expected"), [(None, UNKNOWN), ("E", YES), ("I", NO)])
def test_industry(industry: str | None, expected: Truth) -> None:
    assert judge(IndustryCondition(("D", "E")), industry=industry) is expected


def test_what_a_reader_sorted_proves_nobody_out() -> None:
    place = PlaceCondition(("seihoku",), is_told=False)
    assert judge(place, place="02205") is YES
    assert judged(place, place="02201") == Judgement(UNKNOWN)
    assert judged(IndustryCondition(("A",), is_told=False), industry="E") == Judgement(UNKNOWN)


@pytest.mark.parametrize(
    ("trades", "industry", "trade", "expected"),
    [
        ([Trade.RETAIL], None, None, UNKNOWN),
        ([Trade.RETAIL], "E", None, NO),
        ([Trade.RETAIL], "I", None, UNKNOWN),
        ([Trade.RETAIL], "I", Trade.RETAIL, YES),
        ([Trade.RETAIL], "I", Trade.WHOLESALE, NO),
        ([Trade.RETAIL, Trade.WHOLESALE], "I", None, YES),
        ([Trade.SERVICE], "M", Trade.LODGING, YES),
        ([Trade.SERVICE], "N", Trade.OTHER, NO),
        ([Trade.OTHER], "E", None, YES),
    ],
)
def test_trade(
    trades: list[Trade], industry: str | None, trade: Trade | None, expected: Truth
) -> None:
    found = judged(TradeCondition(tuple(trades)), industry=industry, trade=trade)
    assert found.truth is expected
    asked = Field.TRADE if industry else Field.INDUSTRY
    assert found.asks == ((asked,) if expected is UNKNOWN else ())


@pytest.mark.parametrize(
    ("form", "expected"), [(None, UNKNOWN), (Form.SOLE, YES), (Form.OTHER, NO)]
)
def test_form(form: Form | None, expected: Truth) -> None:
    assert judge(FormCondition((Form.SOLE, Form.COMPANY)), form=form) is expected


@pytest.mark.parametrize(
    ("least", "most", "code", "expected"),
    [
        (None, 20, None, UNKNOWN),
        (None, 20, "6-20", YES),
        (None, 20, "21-50", NO),
        (None, 30, "21-50", UNKNOWN),
        (None, 301, "301-", UNKNOWN),
        (6, None, "6-20", YES),
        (7, None, "6-20", UNKNOWN),
        (21, None, "6-20", NO),
        (6, 50, "6-20", YES),
        (6, 50, "0-5", NO),
        (10, 15, "6-20", UNKNOWN),
    ],
)
def test_employees(least: int | None, most: int | None, code: str | None, expected: Truth) -> None:
    answer = EMPLOYEES[code] if code else None
    assert judge(EmployeesCondition(least, most), employees=answer) is expected


@pytest.mark.parametrize(
    ("form", "code", "expected"),
    [
        (None, None, UNKNOWN),
        (None, "0-50m", UNKNOWN),
        (Form.COMPANY, None, UNKNOWN),
        (Form.COMPANY, "0-50m", YES),
        (Form.COMPANY, "50m-100m", NO),
        (Form.SOLE, "50m-100m", UNKNOWN),
    ],
)
def test_capital(form: Form | None, code: str | None, expected: Truth) -> None:
    answer = CAPITAL[code] if code else None
    assert judge(CapitalCondition(most=50_000_000), form=form, capital=answer) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (YearsCondition(within=1, planned=YES), [YES, YES, NO, NO, NO, NO]),
        (YearsCondition(within=1), [NO, YES, NO, NO, NO, NO]),
        (YearsCondition(within=5), [NO, YES, YES, YES, NO, NO]),
        (YearsCondition(within=7), [NO, YES, YES, YES, UNKNOWN, NO]),
        (YearsCondition(within=15), [NO, YES, YES, YES, YES, UNKNOWN]),
        (YearsCondition(least=1), [NO, NO, YES, YES, YES, YES]),
        (YearsCondition(least=2), [NO, NO, UNKNOWN, YES, YES, YES]),
        (YearsCondition(least=20), [NO, NO, NO, NO, NO, UNKNOWN]),
        (YearsCondition(least=1, within=5), [NO, NO, YES, YES, NO, NO]),
        (YearsCondition(planned=YES), [YES, NO, NO, NO, NO, NO]),
        (YearsCondition(within=5, planned=UNKNOWN), [UNKNOWN, YES, YES, YES, NO, NO]),
        (YearsCondition(least=0), [NO, YES, YES, YES, YES, YES]),
    ],
)
def test_years(condition: YearsCondition, expected: list[Truth]) -> None:
    assert [judge(condition, years=age) for age in YEARS.values()] == expected
    assert judged(condition) == Judgement(UNKNOWN, (Field.YEARS,))


@pytest.mark.parametrize(
    ("in_days", "expected"),
    [
        (31, [YES, YES, YES, YES, YES]),
        (32, [NO, YES, YES, YES, YES]),
        (183, [NO, NO, YES, YES, YES]),
        (400, [NO, NO, NO, NO, YES]),
    ],
)
def test_opening(in_days: int, expected: list[Truth]) -> None:
    condition = OpeningCondition(TODAY + timedelta(in_days))
    assert [judge(condition, by=need) for need in NEEDS.values()] == expected
    assert judged(condition) == Judgement(UNKNOWN, (Field.BY,))


def test_opening_that_nobody_knows_is_for_the_desk() -> None:
    for need in (None, *NEEDS.values()):
        assert judged(OpeningCondition(None), by=need) == Judgement(UNKNOWN)


def test_free_text_is_for_the_desk() -> None:
    assert judged(DeskCondition("町税に未納がない方"), years=RUNNING) == Judgement(UNKNOWN)


SME = SizeCondition(Size.SME)
SMALL = SizeCondition(Size.SMALL)


@pytest.mark.parametrize(
    ("answers", "truth", "asks"),
    [
        ({}, UNKNOWN, ["industry", "years", "form", "employees", "capital"]),
        ({"years": "planned"}, UNKNOWN, []),
        ({"years": "5-10", "form": "sole", "employees": "0-5"}, YES, []),
        ({"form": "sole", "employees": "0-5"}, UNKNOWN, ["years"]),
        ({"years": "5-10", "employees": "0-5"}, UNKNOWN, ["industry", "form", "capital"]),
        ({"years": "5-10", "form": "sole", "employees": "51-100"}, UNKNOWN, ["industry"]),
        (
            {"years": "5-10", "form": "sole", "employees": "51-100", "industry": "I"},
            UNKNOWN,
            ["trade"],
        ),
        (
            {"years": "5-10", "form": "sole", "employees": "51-100", "industry": "I"}
            | {"trade": "wholesale"},
            YES,
            [],
        ),
        (
            {"years": "5-10", "form": "sole", "employees": "51-100", "industry": "I"}
            | {"trade": "retail"},
            NO,
            [],
        ),
        (
            {"years": "5-10", "form": "company", "employees": "301-", "industry": "E"},
            UNKNOWN,
            ["capital", "trade"],
        ),
        (
            {"years": "5-10", "form": "company", "employees": "301-", "industry": "E"}
            | {"capital": "100m-300m"},
            YES,
            [],
        ),
        (
            {"years": "5-10", "form": "company", "employees": "301-", "industry": "E"}
            | {"capital": "300m-"},
            UNKNOWN,
            ["trade"],
        ),
        (
            {"years": "5-10", "form": "company", "employees": "301-", "industry": "D"}
            | {"capital": "300m-"},
            NO,
            [],
        ),
        ({"years": "5-10", "form": "cooperative"}, UNKNOWN, []),
    ],
)
def test_size(answers: dict[str, str], truth: Truth, asks: list[str]) -> None:
    found = judged(SME, **_typed(answers))
    assert found.truth is truth
    assert [str(field) for field in sorted(found.asks, key=list(Field).index)] == asks


def _typed(answers: dict[str, str]) -> dict[str, object]:
    kinds = {"years": YEARS, "employees": EMPLOYEES, "capital": CAPITAL}
    codes = {"form": Form, "trade": Trade}
    return {
        name: kinds[name][code] if name in kinds else codes.get(name, str)(code)
        for name, code in answers.items()
    }


@pytest.mark.parametrize(
    ("industry", "code", "expected"),
    [
        ("E", "6-20", YES),
        ("E", "21-50", NO),
        ("I", "0-5", YES),
        ("I", "6-20", NO),
        ("R", "6-20", NO),
        ("M", "6-20", UNKNOWN),
        ("G", "6-20", UNKNOWN),
        (None, "0-5", YES),
        (None, "6-20", UNKNOWN),
        (None, "21-50", NO),
    ],
)
def test_small_business(industry: str | None, code: str, expected: Truth) -> None:
    found = judge(
        SMALL, years=RUNNING, form=Form.SOLE, industry=industry, employees=EMPLOYEES[code]
    )
    assert found is expected


def test_trade_that_the_industry_cannot_be_says_nothing() -> None:
    answers = {"years": RUNNING, "form": Form.SOLE, "employees": EMPLOYEES["51-100"]}
    for trade in (None, Trade.RETAIL):
        assert judge(SME, industry="E", trade=trade, **answers) is YES


def test_one_of_several_suffices() -> None:
    either = AnyOf((SME, YearsCondition(planned=YES)))
    assert judge(either, years=YEARS["planned"]) is YES
    builder = {"years": RUNNING, "industry": "D", "form": Form.SOLE}
    large = builder | {"employees": EMPLOYEES["301-"]}
    assert judge(either, **large) is NO
    assert judge(AnyOf((SME, DeskCondition("等"))), **large) is UNKNOWN
    assert Field.YEARS in judged(either).asks
