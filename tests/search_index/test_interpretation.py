"""What a query also stands for, on every engine: kana, Latin letters, years, names of places."""

import pytest

from search_index import SearchIndex, SearchQuery, Sort, SynonymTable
from tests.search_index.examples import TODAY, document, fill, find


def added(index: SearchIndex, text: str, **values: object) -> list[tuple[str, tuple[str, ...]]]:
    found = index.search(SearchQuery(on=TODAY, text=text, **values)).interpretation
    return [(each.term, each.added) for each in found.synonyms]


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    fill(
        index,
        [
            document("a", "事業承継の相談", keywords=("事業承継",)),
            document("b", "補助金と省エネ"),
            document("c", "外ヶ浜町のりんご"),
            document("d", "人手が足りない会社が倒産"),
            document("e", "機械と機会"),
            document("f", "ICTのデータ活用"),
        ],
    )
    return index


@pytest.mark.parametrize(
    ("text", "id_", "written"),
    [
        ("じぎょうしょうけい", "a", "事業承継"),
        ("ジギョウショウケイ", "a", "事業承継"),
        ("じぎょーしょーけい", "a", "事業承継"),
        ("jigyoushoukei", "a", "事業承継"),
        ("zigyousyoukei", "a", "事業承継"),
        ("jigyōshōkei", "a", "事業承継"),
        ("jigyoshokei", "a", "事業承継"),
        ("ほじょきん", "b", "補助金"),
        ("ほじょ金", "b", "補助金"),
        ("hojokin", "b", "補助金"),
        ("しょうえね", "b", "省エネ"),
        ("そとがはま", "c", "外ケ浜"),
        ("外が浜", "c", "外ケ浜"),
        ("ringo", "c", "りんご"),
        ("ひとでがたりない", "d", "人手が足りない"),
        ("deta", "f", "データ"),
    ],
)
def test_reading_finds_what_is_written(
    filled: SearchIndex, text: str, id_: str, written: str
) -> None:
    assert find(filled, text) == [id_]
    assert added(filled, text) == [(text, (written,))]


def test_every_word_of_a_text_may_be_a_reading(filled: SearchIndex) -> None:
    assert find(filled, "jigyou しょうけい 相談") == ["a"]


@pytest.mark.parametrize("text", ["shou ene", "shouene", "syo ene"])
def test_latin_letters_of_one_word_may_stand_apart(filled: SearchIndex, text: str) -> None:
    assert find(filled, text) == ["b"]
    assert find(filled, f"{text} hojokin") == ["b"]
    assert find(filled, f"ict {text}") == ["b", "f"]


def test_written_form_is_highlighted(filled: SearchIndex) -> None:
    marked = filled.search(SearchQuery(on=TODAY, text="hojokin")).highlighter
    assert marked.spans("補助金と省エネ") == ((0, 3),)


def test_homophones_are_all_meant(filled: SearchIndex) -> None:
    assert added(filled, "きかい") == [("きかい", ("機会", "機械"))]


def test_written_form_has_its_synonyms(filled: SearchIndex) -> None:
    table = SynonymTable([["省エネ", "節電"]])
    expected = [("しょうえね", ("省エネ",)), ("省エネ", ("節電",))]
    assert added(filled, "しょうえね", synonyms=table) == expected


@pytest.mark.parametrize("text", ["ict", "りんご", "「ほじょきん」", "会社が倒産", "データ", "の"])
def test_what_is_meant_as_it_is_typed_gains_nothing(filled: SearchIndex, text: str) -> None:
    assert added(filled, text) == []


def test_phrase_and_exclusion_are_not_read(filled: SearchIndex) -> None:
    assert find(filled, "「ほじょきん」") == []
    assert "b" in find(filled, "-ほじょきん")


@pytest.mark.parametrize("text", ["R5", "令和五年度", "2023", "Ｒ５年度"])
def test_year_finds_its_other_writings(index: SearchIndex, text: str) -> None:
    fill(index, [document("a", "令和5年度の施策"), document("b", "2024年度の施策")])
    assert find(index, text) == ["a"]


def test_year_beside_other_words_prefers_and_excludes_nothing(index: SearchIndex) -> None:
    titles = {"a": "省エネ", "b": "省エネ、令和5年度", "c": "令和5年度"}
    fill(index, [document(id_, title) for id_, title in titles.items()])
    assert find(index, "R5 省エネ", sort=Sort.RELEVANCE)[:2] == ["b", "a"]
    assert find(index, "R5省エネ", sort=Sort.RELEVANCE)[:2] == ["b", "a"]


def test_year_that_nothing_names_leaves_nothing_out(index: SearchIndex) -> None:
    fill(index, [document("a", "省エネ"), document("b", "融資")])
    assert find(index, "令和7年度") == ["a", "b"]


@pytest.mark.parametrize("text", ["あ" * 500, "a" * 500, "か" * 31, "kyo" * 15, "が" * 90 + "浜"])
def test_long_readings_are_answered(filled: SearchIndex, text: str) -> None:
    assert find(filled, text) == []
