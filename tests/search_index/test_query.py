"""Typed text, understood."""

import pytest

from search_index import SynonymTable
from search_index.query.chunks import Chunk
from search_index.query.parsing import MAX_CHARACTERS, MAX_TERMS, ParsedQuery, parse


def understood(text: str) -> ParsedQuery:
    return parse(text, SynonymTable())


def shown(chunks: tuple[Chunk, ...]) -> list[str]:
    return [f"<{chunk.text}>" if chunk.is_phrase else chunk.text for chunk in chunks]


@pytest.mark.parametrize(
    ("text", "required", "excluded"),
    [
        ("創業　融資", ["創業", "融資"], []),
        ("ＨＰ 作成", ["hp", "作成"], []),
        ('"創業 融資" 相談', ["<創業 融資>", "相談"], []),
        ("“創業” ＂融資＂ 「相談」", ["<創業>", "<融資>", "<相談>"], []),
        ("「創業」融資", ["<創業>", "融資"], []),
        ('-"創業 融資" －相談 −販路', [], ["<創業 融資>", "相談", "販路"]),
        ("e-mail 創業-融資", ["e-mail", "創業-融資"], []),
        ("創業 - 融資", ["創業", "融資"], []),
        ("--創業", [], ["-創業"]),
        ('創業 "融資', ["創業", "融資"], []),
        ('-"創業', ["創業"], []),
        ("」創業「", ["創業"], []),
        ("title:x AND (b OR c)*", ["title:x", "and", "(b", "or", "c)*"], []),
        ("創業\x00融資\n相談", ["創業", "融資", "相談"], []),
        ("★ -★ 「」", [], []),
        ("は が の", [], []),
        ("りんご の 販路", ["りんご", "販路"], []),
        ("補助金 ありますか", ["補助金"], []),
        ("教えてください", [], []),
        ("「教えてください」", ["<教えてください>"], []),
        ("探す", ["探す"], []),
        ("り", ["り"], []),
    ],
)
def test_chunks(text: str, required: list[str], excluded: list[str]) -> None:
    parsed = understood(text)
    assert shown(parsed.required) == required
    assert shown(parsed.excluded) == excluded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("看板を直したいけど使える補助金はありますか", ["看板", "直す", "補助", "金"]),
        ("人手が足りなくて困っている", ["人手", "足りる"]),
        ("どうすればいいか教えて", []),
    ],
)
def test_words_of_a_question_are_no_content(text: str, words: list[str]) -> None:
    units = [unit for chunk in understood(text).required for unit in chunk.units]
    assert [word for unit in units for word in unit.words] == words


@pytest.mark.parametrize("text", ["R5", "Ｒ５年度", "令和5年", "令和五年度", "2023", "2023年度"])
def test_every_writing_of_a_year_stands_for_all_others(text: str) -> None:
    (chunk,) = understood(text).required
    (unit,) = chunk.units
    assert chunk.is_optional
    searched = {synonym.text for synonym in unit.synonyms}
    assert searched >= {"2023", "令和5年", "令和五年", "r5"}


def test_year_within_a_chunk_is_optional_and_the_rest_is_not() -> None:
    (chunk,) = understood("令和5年度補助金").required
    assert [unit.is_optional for unit in chunk.units] == [True, False, False]
    assert not chunk.is_optional
    assert [each.added for each in chunk.all_expansions()] == [("2023年度",)]


def test_year_in_a_phrase_is_taken_literally() -> None:
    (chunk,) = understood("「令和5年度」").required
    assert not chunk.is_optional


def test_span_is_where_the_chunk_was_typed() -> None:
    text = "㈱　－ＨＰ 「創業」"
    parsed = understood(text)
    chunks = (*parsed.required, *parsed.excluded)
    assert [text[slice(*chunk.span)] for chunk in chunks] == ["㈱", "創業", "ＨＰ"]


def test_number_of_terms_and_characters_is_bounded() -> None:
    parsed = understood("創業 -融資 " * 100)
    assert len(parsed.required) + len(parsed.excluded) == MAX_TERMS
    assert len(understood("米" * 10_000).required[0].text) == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "is_sentence"),
    [
        ("人手が足りないので看板の作成と販路の開拓を手伝う補助金", True),
        ("人手が足りない", False),
        ("創業 融資 相談 補助 販路 看板 人手 設備", False),
        ("人手が足りないので看板の作成と販路の開拓を手伝う「補助金」", False),
    ],
)
def test_sentence_is_told_from_words(text: str, is_sentence: bool) -> None:
    assert understood(text).is_sentence is is_sentence
