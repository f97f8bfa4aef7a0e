"""Years in every writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis.years import find_years, year_names, year_writings
from tests.search_index.examples import FIXED


def years(text: str) -> list[tuple[str, int]]:
    return [(text[each.start : each.end], each.year) for each in find_years(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和元年度", [("令和元年度", 2019)]),
        ("令和五年度補助金", [("令和五年度", 2023)]),
        ("令和十二年", [("令和十二年", 2030)]),
        ("平成31", [("平成31", 2019)]),
        ("平成二十三年度", [("平成二十三年度", 2011)]),
        ("h30年度とr05", [("h30年度", 2018), ("r05", 2023)]),
        ("fy2023", [("fy2023", 2023)]),
        ("二〇二三年", [("二〇二三年", 2023)]),
        ("2023-24", [("2023", 2023)]),
        ("令和5年4月", [("令和5年", 2023)]),
        ("2000万円", []),
        ("2023円 1500人 1990台", []),
        ("12023 2023.5 1868年", []),
        ("h2 h0 r0 平成40 r5a ar5", []),
        ("令和", []),
    ],
)
def test_years_are_found(text: str, expected: list[tuple[str, int]]) -> None:
    assert years(text) == expected


@FIXED
@given(st.integers(1989, 2069))
def test_every_writing_is_found_as_that_year(year: int) -> None:
    for text in (*year_writings(year), *year_names(year)):
        is_unclear = text.startswith("h") and len(text) == 2
        assert years(text) == ([] if is_unclear else [(text, year)])


@pytest.mark.parametrize(
    ("year", "names"),
    [
        (2023, ("2023年度", "令和5年度")),
        (2019, ("2019年度", "令和元年度", "平成31年度")),
        (2011, ("2011年度", "平成23年度")),
    ],
)
def test_names_of_a_fiscal_year(year: int, names: tuple[str, ...]) -> None:
    assert year_names(year) == names


@FIXED
@given(st.text("令和平成元二十五年度r5h30.fy2023円", max_size=30))
def test_any_text_is_legal_and_years_do_not_overlap(text: str) -> None:
    found = list(find_years(text))
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
