"""Typed text, understood."""

import pytest

from search_index import SynonymTable
from search_index.query import MAX_CHARACTERS, MAX_TERMS, Chunk, ParsedQuery, parse


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
    ],
)
def test_chunks(text: str, required: list[str], excluded: list[str]) -> None:
    parsed = understood(text)
    assert shown(parsed.required) == required
    assert shown(parsed.excluded) == excluded


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
