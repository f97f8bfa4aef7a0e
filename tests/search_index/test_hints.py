"""What words hint at beyond the sayings they stand in."""

import pytest

from search_index import (
    SearchIndex,
    SearchQuery,
    SearchResults,
    Sort,
    SynonymExpansion,
    SynonymTable,
)
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from tests.search_index.examples import TODAY, document, fill

TABLE = SynonymTable(
    expansions=[
        (["仕入れが高い", "仕入れ値が上がる"], ["物価高騰"]),
        (["屋根が壊れる", "屋根が落ちる"], ["災害"]),
        (["店が狭い", "店を広げる"], ["増築"]),
        (["店を開く", "店を持つ"], ["創業"]),
        (["店を継ぐ"], ["事業承継"]),
        (["店が暇", "客が来ない"], ["集客"]),
        (["機械を買う", "釜が冷える", "釜が古い"], ["設備投資"]),
        (["若い人が辞める"], ["定着"]),
    ]
)


def hinted(text: str) -> list[str]:
    words = tokenize(normalise(text).text)
    return [added for hint in TABLE.hints(words, TABLE.expand(words)) for added in hint.added]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("仕入れがきつい", ["物価高騰"]),
        ("屋根に穴があいた", ["災害"]),
        ("仕入れのために屋根に上る", ["物価高騰", "災害"]),
        ("店に猫がいる", []),
        ("釜を磨く", []),
        ("災害の屋根", ["災害"]),
        ("創業", []),
        ("屋根が落ちる", []),
        ("何もない", []),
    ],
)
def test_words_hint_at_the_need_they_mostly_stand_for(text: str, meant: list[str]) -> None:
    assert sorted(hinted(text)) == sorted(meant)


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    fill(index, [document("a", title="災害からの復旧"), document("b", title="屋根の塗装")])
    return index


def search(index: SearchIndex, text: str) -> SearchResults:
    return index.search(SearchQuery(TODAY, text, sort=Sort.RELEVANCE, synonyms=TABLE))


def test_hint_finds_what_it_hints_at_after_the_word_itself(filled: SearchIndex) -> None:
    results = search(filled, "屋根")
    assert [hit.id for hit in results.hits] == ["b", "a"]
    assert results.interpretation.synonyms == (SynonymExpansion("屋根", ("災害",)),)


def test_quoted_word_hints_at_nothing(filled: SearchIndex) -> None:
    assert [hit.id for hit in search(filled, "「屋根」").hits] == ["b"]


def test_words_that_hint_together_are_named_together(filled: SearchIndex) -> None:
    results = search(filled, "屋根が全部壊れかけだ")
    assert [each.added for each in results.interpretation.synonyms] == [("災害",)]
    assert [hit.id for hit in results.hits] == ["a"]
