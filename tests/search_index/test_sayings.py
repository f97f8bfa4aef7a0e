"""What people say, recognised in other words and endings, on its own and in a search."""

import pytest

from search_index import (
    SearchIndex,
    SearchQuery,
    Sort,
    SynonymExpansion,
    SynonymTable,
    find_only_word,
)
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from tests.search_index.examples import TODAY, document, fill, find

TABLE = SynonymTable(
    [["電気代", "光熱費"]],
    [
        (["人が足りない", "人が来ない"], ["人材確保"]),
        (["後継者がいない"], ["承継"]),
        (["お金がない"], ["資金繰り"]),
        (["開きたい"], ["創業"]),
        (["電気代"], ["省エネ"]),
        (["店を開く"], ["起業"]),
    ],
)


def added(text: str) -> list[str]:
    words = tokenize(normalise(text).text)
    return [word for each in TABLE.expand(words) for word in each.added]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("人が足りません", ["人材確保"]),
        ("人がぜんぜん足りなくて困っている", ["人材確保"]),
        ("足りないのは人だ", ["人材確保"]),
        ("だれも人が来てくれない", ["人材確保"]),
        ("うちには後継者もいなくて", ["承継"]),
        ("お金が無くて", ["資金繰り"]),
        ("カフェを開きたいのですが", ["創業"]),
        ("店を開きたい", ["起業"]),
        ("人が足りている", []),
        ("後継者がいる", []),
        ("補助金がない", []),
        ("説明会を開く", []),
        ("電気の代わり", []),
        ("人は商店街をどこから来て歩くか分からない", []),
    ],
)
def test_saying_is_recognised_by_its_ideas(text: str, meant: list[str]) -> None:
    assert added(text) == meant


@pytest.mark.parametrize(
    ("saying", "word"),
    [
        ("作り方を良くする", None),
        ("経営を良くする", "経営"),
        ("お金に困る", "金"),
        ("社長になる", "社長"),
        ("紹介してもらう", "紹介"),
        ("事業にする", "事業"),
        ("どの補助金", "補助金"),
        ("長く働いてもらう", None),
        ("開店する", None),
        ("家にいながら", "家"),
        ("お土産", None),
        ("保健所", None),
        ("輸出したい", None),
        ("払ってくれない", None),
        ("人が来てくれない", None),
        ("", None),
    ],
)
def test_saying_that_comes_down_to_one_word_is_known(saying: str, word: str | None) -> None:
    assert find_only_word(saying) == word


def test_tables_of_other_expansions_differ() -> None:
    assert SynonymTable([], [(["a"], ["b"])]) != SynonymTable([], [(["a"], ["c"])])
    assert SynonymTable(TABLE._groups, TABLE._expansions) == TABLE


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    titles = {
        "a": "人材確保の支援",
        "b": "光熱費",
        "c": "省エネ設備",
        "d": "事業承継",
        "e": "後継者",
    }
    fill(index, [document(id_, title) for id_, title in titles.items()])
    return index


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("人が足りない", ["a"]),
        ("人 足りない", ["a"]),
        ("電気代", ["c", "b"]),
        ("後継者 いない", ["e", "d"]),
        ("省エネ 人 足りない", ["a", "c"]),
        ("人材確保", ["a"]),
        ("「人が足りない」", []),
    ],
)
def test_saying_finds_what_is_meant(filled: SearchIndex, text: str, ids: list[str]) -> None:
    assert sorted(find(filled, text, synonyms=TABLE, sort=Sort.RELEVANCE)) == sorted(ids)


def test_what_is_added_does_not_find_what_is_said(index: SearchIndex) -> None:
    fill(index, [document("a", "電気代"), document("b", "省エネ")])
    assert find(index, "省エネ", synonyms=TABLE) == ["b"]


def test_page_is_told_what_was_added(filled: SearchIndex) -> None:
    query = SearchQuery(on=TODAY, text="人が来なくて困る", synonyms=TABLE)
    assert filled.search(query).interpretation.synonyms == (
        SynonymExpansion("人が来ない", ("人材確保",)),
    )
    spans = filled.search(query).highlighter.spans("青森の人材確保")
    assert spans == ((3, 7),)


def test_page_is_told_both_of_a_word_that_has_synonyms_and_is_a_saying(
    filled: SearchIndex,
) -> None:
    query = SearchQuery(on=TODAY, text="電気代", synonyms=TABLE)
    assert filled.search(query).interpretation.synonyms == (
        SynonymExpansion("電気代", ("光熱費", "省エネ")),
    )


def test_what_answers_a_saying_is_not_kept_back_for_a_word_beside_it(index: SearchIndex) -> None:
    fill(
        index,
        [
            document("a", "工場の見学", body="人材確保にも触れます"),
            document("b", "人材確保の支援", summary="人材確保のための窓口"),
        ],
    )
    results = index.search(
        SearchQuery(on=TODAY, text="工場で人が足りない", sort=Sort.RELEVANCE, synonyms=TABLE)
    )
    assert {hit.id for hit in results.hits} == {"a", "b"}
    assert results.interpretation.relaxed
    assert results.interpretation.strict_total is None
