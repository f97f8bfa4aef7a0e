"""「もしかして」."""

import pytest

from search_index import SearchIndex, SearchQuery
from search_index.vocabulary import Closeness, compare
from tests.search_index.examples import TODAY, document, fill


def suggestion(index: SearchIndex, text: str) -> str | None:
    return index.search(SearchQuery(on=TODAY, text=text)).interpretation.suggestion


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    fill(
        index,
        [
            document("a", "事業承継の相談", keywords=("事業承継",)),
            document("b", "りんごの販路開拓"),
            document("c", "補助金", keywords=("補助金", "補助率")),
            document("d", "補助金"),
        ],
    )
    return index


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("じぎょうしょうけい", None),
        ("事業継承", "事業承継"),
        ("リンコ", None),
        ("りんこ", "りんご"),
        ("販路　りんこ", "販路　りんご"),
        ("補助菌", "補助金"),
        ("補助菌 -りんご", "補助金 -りんご"),
        ("「りんこ」", "「りんご」"),
        ("ぬるぽがっ", None),
        ("りんこ 宇宙開発", None),
        ("りんご", None),
        ("★", None),
    ],
)
def test_corrects_to_words_of_the_index(
    filled: SearchIndex, text: str, expected: str | None
) -> None:
    assert suggestion(filled, text) == expected


def test_never_suggests_what_finds_nothing_together(filled: SearchIndex) -> None:
    assert suggestion(filled, "補助金 りんこ") is None


def test_never_suggests_a_word_of_deleted_documents_only(filled: SearchIndex) -> None:
    with filled.writer(timeout=1) as writer:
        writer.delete("b")
        writer.commit(seq=2)
    assert suggestion(filled, "りんこ") is None


@pytest.mark.parametrize(
    ("one", "other", "closeness"),
    [
        ("承継", "継承", Closeness.SWAPPED),
        ("補助金", "補助菌", Closeness.ONE_EDIT),
        ("補助金", "補金", Closeness.ONE_EDIT),
        ("補助", "補助金", Closeness.ONE_EDIT),
        ("りんご", "りんご", None),
        ("りんご", "みかん", None),
        ("abc", "cba", None),
        ("", "a", Closeness.ONE_EDIT),
    ],
)
def test_closeness(one: str, other: str, closeness: Closeness | None) -> None:
    assert compare(one, other) is closeness
    assert compare(other, one) is closeness


@pytest.mark.parametrize("text", ["りんこ" * 9, "りんこ 補助菌 りんこ 補助菌"])
def test_hopeless_text_is_not_puzzled_over(filled: SearchIndex, text: str) -> None:
    assert suggestion(filled, text) is None


def test_asking_for_counts_alone_brings_no_suggestion(filled: SearchIndex) -> None:
    query = SearchQuery(on=TODAY, text="りんこ", limit=0)
    assert filled.search(query).interpretation.suggestion is None
