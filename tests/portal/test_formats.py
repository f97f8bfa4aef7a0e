"""Days, money and numbers in Japanese."""

from datetime import date, time

import pytest

from portal.formats import clock_time, era_day, full_day, grouped, near_day, yen


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0円"),
        (500, "500円"),
        (50_000, "5万円"),
        (123_500, "12万3,500円"),
        (1_000_000, "100万円"),
        (120_000_000, "1億2,000万円"),
        (100_000_001, "1億1円"),
    ],
)
def test_money_is_written_as_it_is_said(amount: int, said: str) -> None:
    assert yen(amount) == said


def test_year_is_said_only_where_it_is_another() -> None:
    assert near_day(date(2026, 12, 4), date(2026, 11, 20)) == "12月4日（金）"
    assert near_day(date(2027, 1, 5), date(2026, 11, 20)) == "2027年1月5日（火）"


def test_days_in_the_japanese_calendar() -> None:
    assert era_day(date(2019, 5, 1)) == "令和元年5月1日（水）"
    assert full_day(date(2026, 12, 4)) == "2026年12月4日（令和8年）"


def test_times_and_numbers() -> None:
    assert clock_time(time(9, 5)) == "9:05"
    assert (grouped(20748), grouped(3.0), grouped(1234.5)) == ("20,748", "3", "1,234.5")
