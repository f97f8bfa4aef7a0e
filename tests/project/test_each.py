"""A test of many cases fails with each case that fails, and with none left out."""

import pytest

from tests.each import each


def test_every_case_that_fails_is_told_by_its_name() -> None:
    @each("number", (1, 2, 3, 4), called=lambda number: f"no. {number}")
    def run(number: int, divisor: int) -> None:
        assert number % divisor == 0

    run(divisor=1)
    with pytest.raises(ExceptionGroup, match="2 of 4 fail") as told:
        run(divisor=2)
    notes = [error.__notes__ for error in told.value.exceptions]
    assert notes == [["number: no. 1"], ["number: no. 3"]]


def test_no_case_at_all_is_a_failure() -> None:
    @each("number", ())
    def run(number: int) -> None:
        raise AssertionError(number)

    with pytest.raises(AssertionError):
        run()
