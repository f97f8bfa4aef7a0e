"""「もしかして」."""

import pytest

from search_index import SearchIndex, SearchQuery, SynonymTable
from tests.search_index.examples import TODAY, document, fill, find


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
        ("補助菌申請", None),
        ("販路開括", "販路開拓"),
        ("じぎょうしょうけん", "事業承継"),
        ("じぎょうけいしょう", None),
        ("りごんの販路", "りんごの販路"),
        ("販開路拓", "販路開拓"),
        ("販路開設拓", "販路開拓"),
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


@pytest.mark.parametrize("text", ["りんこ" * 9, "りんこ 補助菌 りんこ 補助菌"])
def test_hopeless_text_is_not_puzzled_over(filled: SearchIndex, text: str) -> None:
    assert suggestion(filled, text) is None


def test_hits_are_those_of_the_suggestion(filled: SearchIndex) -> None:
    results = filled.search(SearchQuery(on=TODAY, text="販路開括"))
    assert [hit.id for hit in results.hits] == ["b"]
    assert results.interpretation.suggestion == "販路開拓"
    assert results.interpretation.corrected
    assert not results.interpretation.relaxed
    assert results.highlighter.spans("りんごの販路開拓") == ((4, 8),)


def test_counts_alone_are_those_of_the_suggestion_too(filled: SearchIndex) -> None:
    assert filled.search(SearchQuery(on=TODAY, text="りんこ", limit=0)).total == 1


def test_correction_has_its_synonyms(filled: SearchIndex) -> None:
    table = SynonymTable([["りんご", "補助率"]])
    assert find(filled, "りんこ", synonyms=table) == ["b", "c"]


def test_phrase_finds_what_it_says_and_is_only_offered_a_correction(filled: SearchIndex) -> None:
    results = filled.search(SearchQuery(on=TODAY, text="「りんこ」"))
    assert results.total == 0
    assert results.interpretation.suggestion == "「りんご」"
    assert not results.interpretation.corrected


def test_what_is_found_by_its_synonyms_is_not_corrected(filled: SearchIndex) -> None:
    table = SynonymTable([["りんこ", "補助金"]])
    found = filled.search(SearchQuery(on=TODAY, text="りんこ", synonyms=table)).interpretation
    assert found.suggestion is None


def test_a_whole_word_is_meant_before_parts_that_find_more(index: SearchIndex) -> None:
    diagnoses = [document(f"d{number}", "事業の診断") for number in range(3)]
    fill(index, [document("a", "事業承継", keywords=("事業承継",)), *diagnoses])
    assert suggestion(index, "事業承断") == "事業承継"


def test_numerals_are_not_what_was_meant(index: SearchIndex) -> None:
    fill(index, [document("a", "農業3人"), document("b", "農業への参入")])
    assert suggestion(index, "農業参人") == "農業参入"


def test_of_equally_close_words_the_more_frequent_is_meant(index: SearchIndex) -> None:
    fill(
        index,
        [document("a", "テレワーク"), document("b", "テレトーク"), document("c", "テレトーク")],
    )
    assert suggestion(index, "テレノーク") == "テレトーク"


def test_a_compound_in_a_row_is_likelier_than_words_that_stand_apart(index: SearchIndex) -> None:
    titles = {"a": "企業の農業参入", "b": "農業の研修、定員3人", "c": "3人の農業"}
    fill(index, [document(id_, title) for id_, title in titles.items()])
    assert suggestion(index, "農業参人") == "農業参入"


def test_a_code_is_not_taken_for_another(index: SearchIndex) -> None:
    fill(index, [document("a", "l000003x2")])
    assert suggestion(index, "l000003x1") is None
    assert find(index, "l000003x1") == []


def test_what_looks_like_a_text_is_found_where_no_word_of_it_is(index: SearchIndex) -> None:
    fill(index, [document("a", "ビズネスチャレンヂ"), document("b", "チャリティー")])
    results = index.search(SearchQuery(on=TODAY, text="ビズスチャレンチ"))
    assert [hit.id for hit in results.hits] == ["a"]
    assert results.interpretation.relaxed


def test_of_two_corrections_as_close_the_commoner_is_meant(index: SearchIndex) -> None:
    rare = [document(f"r{number}", keywords=("甲乙丙丁",)) for number in range(2)]
    common = [document(f"c{number}", keywords=("甲乙丙庚",)) for number in range(70)]
    fill(index, [*rare, *common])
    assert suggestion(index, "甲乙丙戊") == "甲乙丙庚"
