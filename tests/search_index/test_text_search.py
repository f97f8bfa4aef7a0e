"""What typed text finds, on every engine."""

from dataclasses import replace

import pytest

from search_index import (
    SearchIndex,
    SearchQuery,
    SearchResults,
    Sort,
    SynonymExpansion,
    SynonymTable,
)
from tests.search_index.examples import TODAY, document, fill, find


def search(index: SearchIndex, text: str, **values: object) -> SearchResults:
    return index.search(SearchQuery(on=TODAY, text=text, sort=Sort.RELEVANCE, **values))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("ＨＰ 作成", "HPの作成を支援"),
        ("ﾎｰﾑﾍﾟｰｼﾞ", "ホームページ"),
        ("ホームペ－ジ", "ホームページ"),
        ("引継ぎ", "事業の引き継ぎ"),
        ("長芋", "⻑芋の販路"),
        ("補助金の申請", "補助金の\n申請"),
        ("足りない", "人手が足りず困る"),
        ("米", "新米まつり"),
        ("米", "米、りんご"),
        ("り", "ありり"),
        ("都市", "東京都市場"),
        ("R5", "r5年度"),
        ("からの", "町からの手紙"),
        ("株式会社", "㈱株式会社"),
        ("(株)", "㈱あおもり"),
        ("澤田の會社", "沢田会社"),
        ("鰺ヶ沢", "鯵ケ沢町で起業"),
        ("6か月", "６ヶ月以内"),
    ],
)
def test_finds_whatever_the_spelling(index: SearchIndex, text: str, stored: str) -> None:
    fill(index, [document("a", stored), document("b", "融資")])
    assert find(index, text) == ["a"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [("5", "R5年度"), ("D", "DX"), ("IC", "ICT")],
)
def test_a_code_is_found_whole_only(index: SearchIndex, text: str, stored: str) -> None:
    fill(index, [document("a", stored)])
    assert find(index, text) == []


def test_words_may_lie_in_different_fields_and_phrases_may_not(index: SearchIndex) -> None:
    fill(index, [document("a", "創業", summary="融資"), document("b", "創業融資")])
    assert find(index, "創業 融資") == ["a", "b"]
    assert find(index, "創業融資") == ["a", "b"]
    assert find(index, '"創業融資"') == ["b"]
    assert find(index, "「創業融資」") == ["b"]
    assert find(index, "＂創業融資＂") == ["b"]


def test_phrase_does_not_reach_from_one_keyword_into_the_next(index: SearchIndex) -> None:
    fill(index, [document("a", keywords=("創業", "融資"))])
    assert search(index, '"創業融資"').interpretation.relaxed


def test_phrase_matches_across_the_same_gap_only(index: SearchIndex) -> None:
    fill(index, [document("a", "創業・融資"), document("b", "創業と融資")])
    assert find(index, '"創業 融資"') == ["a"]


@pytest.mark.parametrize("minus", ["-", "－", "−"])
def test_exclusion_leaves_documents_out(index: SearchIndex, minus: str) -> None:
    fill(index, [document("a", "創業"), document("b", "創業の融資"), document("c", "販路")])
    assert find(index, f"創業 {minus}融資") == ["a"]
    assert find(index, f"{minus}融資") == ["a", "c"]
    assert find(index, f'{minus}"創業の融資"') == ["a", "c"]


def test_exclusion_spares_what_holds_its_words_only_apart(index: SearchIndex) -> None:
    fill(index, [document("a", "創業融資"), document("b", "創業する人への融資")])
    assert find(index, "-創業融資") == ["b"]


def test_exclusion_knows_no_synonyms(index: SearchIndex) -> None:
    table = SynonymTable([["創業", "起業"]])
    fill(index, [document("a", "創業"), document("b", "起業")])
    assert find(index, "-創業", synonyms=table) == ["b"]


@pytest.mark.parametrize("text", ["", "  　", "-", "「」", '""', "★ ！？", "\x00\t"])
def test_text_without_letters_finds_everything(index: SearchIndex, text: str) -> None:
    fill(index, [document("a", published_at=1), document("b", published_at=2)])
    results = search(index, text)
    assert [(hit.id, hit.score) for hit in results.hits] == [("b", 0), ("a", 0)]
    assert results.highlighter.spans("創業") == ()


def test_synonym_finds_less_well_than_the_word_itself(index: SearchIndex) -> None:
    table = SynonymTable([["起業", "創業", "スタートアップ"]])
    fill(index, [document("a", "起業"), document("b", "創業")])
    results = search(index, "創業", synonyms=table)
    assert [hit.id for hit in results.hits] == ["b", "a"]
    assert results.interpretation.synonyms == (
        SynonymExpansion("創業", ("起業", "スタートアップ")),
    )
    assert find(index, "創業") == ["b"]


def test_synonym_of_several_words_is_found_as_a_phrase(index: SearchIndex) -> None:
    table = SynonymTable([["R5", "令和5年度"]])
    fill(index, [document("a", "令和5年度の施策"), document("b", "5年度から令和へ")])
    assert find(index, "R5", synonyms=table) == ["a"]


def test_synonym_stands_in_for_a_part_of_a_chunk(index: SearchIndex) -> None:
    table = SynonymTable([["創業", "起業"]])
    fill(index, [document("b", "起業"), document("a", "起業の支援")])
    assert find(index, "創業支援", synonyms=table, sort=Sort.RELEVANCE) == ["a", "b"]
    understood = search(index, "創業支援", synonyms=table).interpretation
    assert understood.strict_total == 1


def test_nothing_found_is_relaxed_to_any_word_and_more_words_win(index: SearchIndex) -> None:
    fill(index, [document("a", "看板"), document("b", body="補助、相談"), document("c", "販路")])
    results = search(index, "看板 相談 補助")
    assert results.interpretation.relaxed
    assert [hit.id for hit in results.hits] == ["b", "a"]


def test_relaxing_heeds_the_text_and_not_the_filters(index: SearchIndex) -> None:
    fill(index, [document("a", "創業融資", codes={"kind": ("x",)}), document("b", "創業")])
    results = search(index, "創業 融資", filters={"kind": ("y",)})
    assert results.total == 0
    assert not results.interpretation.relaxed


def test_relaxed_search_still_excludes(index: SearchIndex) -> None:
    fill(index, [document("a", "創業"), document("b", "創業、相談")])
    assert find(index, "創業 販路 -相談") == ["a"]


def test_a_sentence_is_searched_by_any_of_its_words(index: SearchIndex) -> None:
    sentence = "人手が足りないので看板の作成と販路の開拓を手伝う補助金を探す"
    fill(index, [document("a", "販路の開拓"), document("b", sentence), document("c", "融資")])
    results = search(index, sentence)
    assert results.interpretation.relaxed
    assert [hit.id for hit in results.hits] == ["b", "a"]


def test_search_reaches_the_end_of_a_long_body(index: SearchIndex) -> None:
    fill(index, [document("a", body="融資のご案内です。" * 3000 + "りんごの剪定")])
    assert find(index, "剪定") == ["a"]
    assert find(index, '"りんごの剪定"') == ["a"]


def test_a_body_of_one_endless_word_is_indexed(index: SearchIndex) -> None:
    fill(index, [document("a", body="a" * 30_000 + " りんご")])
    assert find(index, "りんご") == ["a"]


def test_highlighter_marks_forms_synonyms_and_no_excluded_words(index: SearchIndex) -> None:
    table = SynonymTable([["創業", "起業"]])
    text = "㈱あおもりの起業。人手が足りず、融資と補助。"
    fill(index, [document("a", text)])
    marked = search(index, "創業 足りない -販路", synonyms=table).highlighter
    assert [text[start:end] for start, end in marked.spans(text)] == ["起業", "足り"]


def test_highlighter_leaves_lone_characters_of_compounds_alone(index: SearchIndex) -> None:
    fill(index, [document("a", "補助金と金庫")])
    text = "補助金と金庫"
    spans = search(index, "補助金").highlighter.spans(text)
    assert [text[start:end] for start, end in spans] == ["補助金"]


def test_status_of_the_day_decides_what_a_text_finds(index: SearchIndex) -> None:
    closed = replace(document("a").periods[0], status="closed")
    fill(index, [replace(document("a", "創業"), periods=(closed,)), document("b", "創業")])
    assert find(index, "創業") == ["b"]
    assert find(index, "創業", filters={"status": ("closed",)}) == ["a"]


def test_scores_belong_to_their_documents_in_any_order(index: SearchIndex) -> None:
    fill(
        index,
        [
            document("a", "創業", published_at=1),
            document("b", body="創業、相談", published_at=3),
            document("c", "創業の創業", published_at=2),
        ],
    )
    by_relevance = index.search(SearchQuery(on=TODAY, text="創業", sort=Sort.RELEVANCE)).hits
    newest_first = index.search(SearchQuery(on=TODAY, text="創業", sort=Sort.NEW)).hits
    assert [hit.id for hit in newest_first] == ["b", "c", "a"]
    assert set(newest_first) == set(by_relevance)
