"""The three-valued tables."""

import pytest

from portal.eligibility.truth import Truth, agreed, all_of, any_of, truth_of

NO, UNKNOWN, YES = Truth


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (NO, YES, NO, YES),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, YES, UNKNOWN, YES),
        (YES, YES, YES, YES),
    ],
)
def test_and_and_or_in_either_order(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert all_of([left, right]) is all_of([right, left]) is both
    assert any_of([left, right]) is any_of([right, left]) is either


def test_nothing_asked_is_met_and_nothing_offered_is_not() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


def test_cases_agree_or_leave_it_open() -> None:
    assert agreed([YES, YES]) is YES
    assert agreed([NO]) is NO
    assert agreed([YES, NO]) is UNKNOWN
    assert agreed([UNKNOWN, YES]) is UNKNOWN


def test_fact_is_a_truth() -> None:
    assert [truth_of(fact) for fact in (True, False, None)] == [YES, NO, UNKNOWN]
