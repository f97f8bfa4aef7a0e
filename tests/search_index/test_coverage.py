"""What is found when not all words have to be."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import SearchIndex, SearchQuery, Sort, StatusPeriod
from search_index.matching.coverage import Coverage
from tests.search_index.examples import FIXED, TODAY, document, fill, find


def covered_by(*parts: str) -> np.ndarray:
    """The coverage by such masks, of as many documents as they are long."""
    return shares(masks(*parts))


def shares(parts: list[np.ndarray]) -> np.ndarray:
    """The coverage of all documents; those found are those it is not 0 for."""
    coverage = Coverage(parts, len(parts[0]))
    covered = coverage.of(np.arange(len(parts[0])))
    assert coverage.found.tolist() == (covered > 0).tolist()
    return covered


def masks(*parts: str) -> list[np.ndarray]:
    """Parts written as one character per document, ``x`` where it holds the part."""
    return [np.array([held == "x" for held in part]) for part in parts]


def test_rare_parts_count_for_more() -> None:
    common, rare = covered_by("xxx.", "...x")[[0, 3]]
    assert rare > common > 0


def test_holding_everything_is_full_coverage() -> None:
    assert covered_by("xx.", ".x.").tolist() == pytest.approx([0.414, 1, 0], abs=0.001)


def test_a_common_part_of_an_unknown_compound_covers_nothing() -> None:
    held = covered_by("x" * 99 + ".", "." * 100)
    assert not held.any()


def test_a_tail_is_cut_off_beyond_the_first_page() -> None:
    rare, common = "x" * 40 + "." * 260, "x" * 200 + "." * 100
    assert np.flatnonzero(covered_by(rare, common)).tolist() == list(range(40))
    few = "x" * 5 + "." * 295
    assert len(np.flatnonzero(covered_by(few, common))) == 200


def test_what_nothing_holds_covers_nothing() -> None:
    assert not covered_by("...", "...").any()


@FIXED
@given(st.lists(st.lists(st.booleans(), min_size=12, max_size=12), min_size=1, max_size=5))
def test_what_holds_more_never_covers_less(parts: list[list[bool]]) -> None:
    held = np.array(parts, bool)
    covered = shares(list(held))
    assert ((covered >= 0) & (covered <= 1 + 1e-9)).all()
    for one in range(12):
        for other in range(12):
            if (held[:, one] >= held[:, other]).all():
                assert covered[one] >= covered[other] - 1e-9


def test_one_unknown_word_does_not_bring_everything(index: SearchIndex) -> None:
    fill(index, [document(f"{number:02}", "支援事業") for number in range(40)])
    assert find(index, "宇宙事業") == []


def test_what_holds_some_follows_what_holds_all(index: SearchIndex) -> None:
    over = (StatusPeriod(date.min, "closed"),)
    part, whole = document("a", "看板"), document("b", body="看板と融資", periods=over)
    others = [document(f"{number:02}") for number in range(20)]
    fill(index, [part, whole, *others])
    for sort in Sort:
        query = SearchQuery(on=TODAY, text="看板 融資", include_closed=True, sort=sort)
        results = index.search(query)
        assert [hit.id for hit in results.hits] == ["b", "a"]
        assert results.interpretation.strict_total == 1
        assert not results.interpretation.relaxed
        assert results.total == 2
        assert results.facets["status"] == {"open": 1, "closed": 1}


def test_only_what_holds_some_is_left_by_a_filter(index: SearchIndex) -> None:
    whole = document("a", "看板、融資", codes={"kind": ("x",)})
    part = document("b", "看板", codes={"kind": ("y",)})
    fill(index, [whole, part, *(document(f"{number:02}") for number in range(20))])
    asked = SearchQuery(on=TODAY, text="看板 融資", filters={"kind": ("y",)})
    results = index.search(asked)
    assert [hit.id for hit in results.hits] == ["b"]
    assert (results.interpretation.relaxed, results.interpretation.strict_total) == (True, 0)


def test_a_full_page_of_hits_and_a_phrase_stand_alone(index: SearchIndex) -> None:
    whole = [document(f"w{number}", "看板、融資") for number in range(10)]
    fill(index, [*whole, document("a", "看板"), document("b", "看板融資")])
    assert "a" not in find(index, "看板 融資")
    assert find(index, "「看板融資」") == ["b"]


def test_words_of_the_field_do_not_drown_what_tells(index: SearchIndex) -> None:
    usual = [document(f"u{number:02}", "支援事業の補助") for number in range(20)]
    fill(index, [*usual, document("a", body="看板")])
    query = SearchQuery(on=TODAY, text="看板を直す事業の補助を支援", sort=Sort.RELEVANCE)
    assert index.search(query).hits[0].id == "a"
