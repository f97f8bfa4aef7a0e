"""Days, times and money are understood however people write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from portal.publishing import typed_values

OCTOBER = date(2026, 10, 15)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-10-15", "2026/10/15", "2026.10.15", "2026年10月15日", "２０２６／１０／１５"),
        *("令和8年10月15日", "令和８年１０月１５日（木）", "R8.10.15", "r8-10-15", "R8年10月15日"),
        *(" 2026年 10月 15日 ", "平成38年10月15日"),
    ],
)
def test_day_is_understood(text: str) -> None:
    assert typed_values.read_day(text) == OCTOBER


def test_first_year_of_an_era_is_understood() -> None:
    assert typed_values.read_day("令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "text",
    ["10月15日", "2026-13-01", "2027-02-29", "1999-12-31", "2101-01-01", "昭和64年1月7日", "明日"],
)
def test_what_is_no_plausible_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_values.read_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13:30", time(13, 30)),
        ("１３：３０", time(13, 30)),
        ("13時30分", time(13, 30)),
        ("9時", time(9)),
        ("午後1時30分", time(13, 30)),
        ("午前9時", time(9)),
        ("午後12時", time(12)),
    ],
)
def test_time_is_understood(text: str, expected: time) -> None:
    assert typed_values.read_time(text) == expected


@pytest.mark.parametrize("text", ["25:00", "13", "昼", "13:3"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_values.read_time(text)


def test_moment_is_a_time_in_japan() -> None:
    expected = datetime(2026, 10, 15, 0, 0, tzinfo=UTC)
    assert typed_values.read_moment("2026-10-15T09:00") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500000", 500_000),
        ("500,000円", 500_000),
        ("５０万円", 500_000),
        ("1億2,000万円", 120_000_000),
        ("1.5億", 150_000_000),
        ("12万3,500円", 123_500),
        ("0", 0),
    ],
)
def test_money_is_understood(text: str, expected: int) -> None:
    assert typed_values.read_yen(text) == expected


@pytest.mark.parametrize("text", ["いくらでも", "円", "-5", "5千円", "1" * 20])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_values.read_yen(text)


@pytest.mark.parametrize(("text", "expected"), [("30", 30), ("３０名", 30), ("1,200人", 1200)])
def test_number_of_people_is_understood(text: str, expected: int) -> None:
    assert typed_values.read_count(text) == expected


@pytest.mark.parametrize("text", ["0", "-3", "たくさん", "100000"])
def test_what_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_values.read_count(text)


@pytest.mark.parametrize("read", [typed_values.read_lines, typed_values.read_words])
def test_lists_lose_dots_blanks_and_repetitions(read: Callable[[str], tuple[str, ...]]) -> None:
    assert read("・見積書\r\n\r\n 図面 \n見積書\n") == ("見積書", "図面")


def test_words_are_parted_by_japanese_commas_too() -> None:
    assert typed_values.read_words("改装、店舗，看板") == ("改装", "店舗", "看板")
