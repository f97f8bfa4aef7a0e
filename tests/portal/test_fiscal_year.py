"""年度 and 元号 at their edges."""

from datetime import date

import pytest

from portal.fiscal_year import FiscalYear, era_year


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2024, 2, 29), 2023)],
)
def test_year_changes_on_the_first_of_april(day: date, year: int) -> None:
    assert FiscalYear.containing(day) == FiscalYear(year)


@pytest.mark.parametrize(
    ("year", "label"), [(2018, "平成30年度"), (2019, "令和元年度"), (2023, "令和5年度")]
)
def test_label_is_the_officials_own(year: int, label: str) -> None:
    assert FiscalYear(year).label == label


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2019, 4, 30), "平成31年"),
        (date(2019, 5, 1), "令和元年"),
        (date(1989, 1, 7), "昭和64年"),
        (date(1912, 7, 29), "1912年"),
    ],
)
def test_era_changes_on_its_day(day: date, label: str) -> None:
    assert era_year(day) == label


def test_year_runs_from_april_to_march() -> None:
    assert FiscalYear(2026).starts_on == date(2026, 4, 1)
    assert FiscalYear(2026).ends_on == date(2027, 3, 31)
