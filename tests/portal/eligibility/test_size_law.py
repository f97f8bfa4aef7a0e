"""The numbers of the law, in a table of their own, at and beside every threshold."""

import pytest

from portal.eligibility.answers import Answers
from portal.eligibility.bands import CAPITAL, EMPLOYEES, YEARS, Band
from portal.eligibility.conditions import Setting, SizeCondition
from portal.eligibility.size_law import LIMITS, TRADES, is_of_size
from portal.eligibility.truth import Truth
from portal.listings.business import CLASS_OF_LAW, Form, Size, Trade
from tests.portal.eligibility.drawing import TODAY, VOCABULARY

NO, UNKNOWN, YES = Truth
OKU, MAN = 10**8, 10**4

# 中小企業基本法 第2条第1項 and 第5項: capital, employees, 小規模.
THE_LAW = {
    Trade.OTHER: (3 * OKU, 300, 20),
    Trade.WHOLESALE: (1 * OKU, 100, 5),
    Trade.RETAIL: (5000 * MAN, 50, 5),
    Trade.SERVICE: (5000 * MAN, 100, 5),
}
PLAIN = pytest.mark.parametrize("trade", list(THE_LAW))


def band(bands: dict[str, Band], number: int) -> Band:
    """The answer of somebody who has exactly so many."""
    (found,) = [
        one
        for one in bands.values()
        if one.least <= number and (one.most is None or number <= one.most)
    ]
    return found


def persons(number: int) -> Band:
    return band(dict(EMPLOYEES), number)


def yen(number: int) -> Band:
    return band(dict(CAPITAL), number)


@pytest.mark.parametrize("number", [0, 5, 6, 20, 21, 50, 51, 100, 101, 300, 301, 10_000])
@PLAIN
def test_employees_decide_for_sole_proprietors_as_the_law_says(trade: Trade, number: int) -> None:
    _, most, few = THE_LAW[trade]
    found = is_of_size(Size.SME, trade, Form.SOLE, persons(number), None)
    assert found is (YES if number <= most else NO)
    found = is_of_size(Size.SMALL, trade, Form.SOLE, persons(number), None)
    assert found is (YES if number <= few else NO)


@pytest.mark.parametrize(
    "capital", [0, 5000 * MAN, 5000 * MAN + 1, OKU, OKU + 1, 3 * OKU, 3 * OKU + 1, 10**12]
)
@pytest.mark.parametrize("number", [5, 50, 51, 100, 101, 300, 301])
@PLAIN
def test_capital_or_employees_decide_for_companies(trade: Trade, number: int, capital: int) -> None:
    most_yen, most, _ = THE_LAW[trade]
    found = is_of_size(Size.SME, trade, Form.COMPANY, persons(number), yen(capital))
    assert found is (YES if capital <= most_yen or number <= most else NO)


@PLAIN
def test_one_number_within_is_enough_and_one_beyond_is_not(trade: Trade) -> None:
    most_yen, most, _ = THE_LAW[trade]
    table = [
        (persons(most), None, YES),
        (None, yen(most_yen), YES),
        (persons(most + 1), None, UNKNOWN),
        (None, yen(most_yen + 1), UNKNOWN),
        (None, None, UNKNOWN),
    ]
    for employees, capital, expected in table:
        assert is_of_size(Size.SME, trade, Form.COMPANY, employees, capital) is expected


def test_no_number_of_the_law_cuts_a_range_in_two() -> None:
    for capital, employees, small in THE_LAW.values():
        for one in EMPLOYEES.values():
            assert UNKNOWN not in (one.is_at_most(employees), one.is_at_most(small))
        for one in CAPITAL.values():
            assert one.is_at_most(capital) is not UNKNOWN


def test_ranges_leave_no_gap_and_do_not_overlap() -> None:
    for bands in (EMPLOYEES, CAPITAL):
        ranges = list(bands.values())
        assert ranges[0].least == 0
        assert ranges[-1].most is None
        assert [one.least for one in ranges[1:]] == [(one.most or 0) + 1 for one in ranges[:-1]]


def test_trades_of_other_acts_are_those_of_a_class_to_this_one() -> None:
    for trade, class_of_law in CLASS_OF_LAW.items():
        assert LIMITS[trade] == LIMITS[class_of_law]


@pytest.mark.parametrize(
    ("size", "trade", "number", "expected"),
    [
        (Size.SMALL, Trade.LODGING, 5, YES),
        (Size.SMALL, Trade.LODGING, 20, UNKNOWN),
        (Size.SMALL, Trade.LODGING, 21, NO),
        (Size.SMALL, Trade.AMUSEMENT, 20, UNKNOWN),
        (Size.SMALL, Trade.SOFTWARE, 20, NO),
        (Size.SME, Trade.LODGING, 100, YES),
        (Size.SME, Trade.LODGING, 101, UNKNOWN),
        (Size.SME, Trade.LODGING, 301, NO),
        (Size.SME, Trade.SOFTWARE, 300, UNKNOWN),
        (Size.SME, Trade.SOFTWARE, 301, NO),
        (Size.SME, Trade.AMUSEMENT, 101, NO),
        (Size.SME, Trade.RUBBER, 300, YES),
        (Size.SME, Trade.RUBBER, 301, UNKNOWN),
        (Size.SMALL, Trade.RUBBER, 21, NO),
    ],
)
def test_whom_other_acts_take_in_is_for_the_desk(
    size: Size, trade: Trade, number: int, expected: Truth
) -> None:
    assert is_of_size(size, trade, Form.SOLE, persons(number), None) is expected


@pytest.mark.parametrize("form", [Form.COOPERATIVE, Form.OTHER])
def test_bodies_the_law_does_not_name_are_for_the_desk(form: Form) -> None:
    assert is_of_size(Size.SME, Trade.OTHER, form, persons(5), yen(0)) is UNKNOWN
    assert is_of_size(Size.SME, Trade.OTHER, form, persons(301), yen(10**12)) is UNKNOWN
    assert is_of_size(Size.SMALL, Trade.OTHER, form, persons(20), None) is UNKNOWN
    assert is_of_size(Size.SMALL, Trade.OTHER, form, persons(21), None) is NO


def test_every_industry_has_its_trades() -> None:
    assert sorted(TRADES) == list("ABCDEFGHIJKLMNOPQR")
    assert all(TRADES.values())


# The classes of the law by middle and small groups of JSIC, as the SME Agency reads them: those of
# a division, or of parts of it. All else is 「製造業その他」.
READING = {
    "G": {Trade.SERVICE, Trade.OTHER},  # 38 39 411 412 415 416; 37 40 413 414
    "I": {Trade.WHOLESALE, Trade.RETAIL},  # 50–55; 56–61
    "K": {Trade.SERVICE, Trade.OTHER},  # 693 70; 68 691 692 694
    "M": {Trade.SERVICE, Trade.RETAIL},  # 75; 76 77
    "N": {Trade.SERVICE, Trade.OTHER},  # 78 79 80; 791
    **dict.fromkeys("LOPQR", {Trade.SERVICE}),
}


def test_each_division_may_be_every_class_that_the_law_sees_in_it() -> None:
    for industry, trades in TRADES.items():
        classes = {CLASS_OF_LAW.get(trade, trade) for trade in trades}
        assert classes == READING.get(industry, {Trade.OTHER}), industry


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("industry", list(TRADES))
def test_division_that_does_not_settle_the_class_settles_what_is_the_same_for_all(
    size: Size, industry: str
) -> None:
    """For every number of employees: where classes differ, nobody is told in or out."""
    for employees in EMPLOYEES.values():
        answers = Answers(
            industry=industry, years=YEARS["5-10"], form=Form.SOLE, employees=employees
        )
        found = SizeCondition(size).judge(answers, Setting(VOCABULARY.tree, TODAY)).truth
        each = {is_of_size(size, trade, Form.SOLE, employees, None) for trade in TRADES[industry]}
        assert found is (each.pop() if len(each) == 1 else UNKNOWN)
