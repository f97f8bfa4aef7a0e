"""Answers that share the topics of the best are likelier ones."""

import numpy as np
import pytest

from search_index import SearchIndex, SearchQuery, Sort
from search_index.segments.topics import Topics
from search_index.sets.bits import pack
from search_index.sets.code_lists import CodeLists
from search_index.sets.facet import Facet
from search_index.sets.parted_facet import PartedFacet
from tests.search_index.examples import TODAY, document, fill


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    """Three that hold two words of a question, and two that hold the same one."""
    best = [
        document(f"best{number}", "りんご 輸出", codes={"purpose": ("overseas", "sales")})
        for number in range(3)
    ]
    others = [
        document("a", "りんご 栽培", codes={"purpose": ("training",)}),
        document("b", "りんご 栽培", codes={"purpose": ("overseas",)}),
        document("c", "りんご 栽培", codes={"purpose": ("overseas", "training")}),
        document("d", "融資", codes={"purpose": ("overseas", "sales")}),
    ]
    fill(index, [*best, *others])
    return index


def ranked(index: SearchIndex, text: str) -> list[str]:
    query = SearchQuery(TODAY, text, sort=Sort.RELEVANCE)
    return [hit.id for hit in index.search(query).hits]


def test_of_equal_answers_those_come_first_that_share_the_topics_of_the_best(
    filled: SearchIndex,
) -> None:
    assert ranked(filled, "りんご 輸出")[3:] == ["b", "c", "a"]


def test_what_holds_no_word_is_not_found_by_its_topics(filled: SearchIndex) -> None:
    assert "d" not in ranked(filled, "りんご 輸出")


def test_what_all_words_are_found_in_is_ranked_by_words_alone(filled: SearchIndex) -> None:
    query = SearchQuery(TODAY, "りんご 栽培", sort=Sort.RELEVANCE)
    scores = {hit.id: hit.score for hit in filled.search(query).hits}
    assert scores["a"] == scores["b"] == scores["c"]


def topics(*holders: list[bool]) -> Topics:
    masks = [np.array(mask + [False] * (64 - len(mask))) for mask in holders]
    rows = np.array([pack(mask) for mask in masks], np.uint64).reshape(len(masks), 1)
    facet = Facet([f"topic {number}" for number in range(len(rows))], rows, CodeLists.of(rows))
    live = pack(np.arange(64) < 8)
    return Topics(PartedFacet([facet], [np.zeros(0, np.int64)]), live, 8)


SCORES = np.array([4, 3, 3, 1, 1], np.float32)
DOCUMENTS = np.arange(5)


def test_score_grows_to_twice_itself_at_most() -> None:
    same = topics([True, True, True, False, True])
    assert same.favour_alike(DOCUMENTS, SCORES).tolist() == pytest.approx([8, 6, 6, 1, 2])


@pytest.mark.parametrize("held", [[], [[False] * 4 + [True]]])
def test_best_without_topics_leave_scores_as_they_are(held: list[list[bool]]) -> None:
    assert topics(*held).favour_alike(DOCUMENTS, SCORES).tolist() == SCORES.tolist()


def test_few_answers_are_left_in_their_order() -> None:
    few = topics([True, False, True]).favour_alike(DOCUMENTS[:3], SCORES[:3])
    assert few.tolist() == SCORES[:3].tolist()
