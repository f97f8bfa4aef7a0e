"""What is found when not all words have to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import SearchIndex, SearchQuery, Sort
from search_index.coverage import coverage
from tests.search_index.examples import FIXED, TODAY, document, fill, find


def masks(*parts: str) -> list[np.ndarray]:
    """Parts written as one character per document, ``x`` where it holds the part."""
    return [np.array([held == "x" for held in part]) for part in parts]


def covered_by(parts: list[np.ndarray]) -> np.ndarray:
    return coverage(parts, len(parts[0]))


def test_rare_parts_count_for_more() -> None:
    common, rare = covered_by(masks("xxx.", "...x"))[[0, 3]]
    assert rare > common > 0


def test_holding_everything_is_full_coverage() -> None:
    assert covered_by(masks("xx.", ".x.")).tolist() == pytest.approx([0.414, 1, 0], abs=0.001)


def test_a_common_part_of_an_unknown_compound_covers_nothing() -> None:
    held = covered_by(masks("x" * 99 + ".", "." * 100))
    assert not held.any()


def test_a_tail_is_cut_off_beyond_the_first_page() -> None:
    rare, common = "x" * 40 + "." * 260, "x" * 200 + "." * 100
    assert np.flatnonzero(covered_by(masks(rare, common))).tolist() == list(range(40))
    few = "x" * 5 + "." * 295
    assert len(np.flatnonzero(covered_by(masks(few, common)))) == 200


def test_what_nothing_holds_covers_nothing() -> None:
    assert not covered_by(masks("...", "...")).any()


@FIXED
@given(st.lists(st.lists(st.booleans(), min_size=12, max_size=12), min_size=1, max_size=5))
def test_what_holds_more_never_covers_less(parts: list[list[bool]]) -> None:
    held = np.array(parts, bool)
    covered = covered_by(list(held))
    assert ((covered >= 0) & (covered <= 1 + 1e-9)).all()
    for one in range(12):
        for other in range(12):
            if (held[:, one] >= held[:, other]).all():
                assert covered[one] >= covered[other] - 1e-9


def test_one_unknown_word_does_not_bring_everything(index: SearchIndex) -> None:
    fill(index, [document(f"{number:02}", "支援事業") for number in range(40)])
    assert find(index, "宇宙事業") == []


def test_words_of_the_field_do_not_drown_what_tells(index: SearchIndex) -> None:
    usual = [document(f"u{number:02}", "支援事業の補助") for number in range(20)]
    fill(index, [*usual, document("a", "看板")])
    query = SearchQuery(on=TODAY, text="看板を直す事業の補助を支援", sort=Sort.RELEVANCE)
    assert index.search(query).hits[0].id == "a"
