"""Peers are treated as somebody would who knows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.quality.rankers.fts5 import open_trigrams, open_words
from bench.quality.rankers.ranking import (
    FieldText,
    Match,
    OpenMatch,
    field_text,
    obeys,
    with_fallback,
)
from bench.quality.rankers.whoosh_bigrams import open_whoosh
from bench.quality.rankers.words import bigrams, words
from search_index import ListingDocument

DOCUMENTS = [
    ListingDocument("apple", 1, "りんごの輸出", body="海外の商談会", codes={"industry": ("A",)}),
    ListingDocument("bus", 1, "路線バスの補助金", body="赤字の路線", codes={"industry": ("H",)}),
    ListingDocument("both", 1, "運送の補助金", body="りんごの輸送", codes={"industry": ("A", "H")}),
]
TEXTS: list[FieldText] = [field_text(document) for document in DOCUMENTS]

every_engine = pytest.mark.parametrize("open_match", [open_trigrams, open_words, open_whoosh])


@contextmanager
def opened(open_match: OpenMatch) -> Iterator[Match]:
    with open_match(TEXTS) as match:
        yield match


@every_engine
def test_title_counts_more_than_body(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        assert match("りんご", True) == ["apple", "both"]


@every_engine
def test_two_characters_are_found(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        assert match("赤字", True) == ["bus"]


@every_engine
def test_all_words_come_before_any_word(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        rank = with_fallback(match, DOCUMENTS)
        assert rank("補助金 りんご", {}) == ["both"]
        assert set(rank("商談会 補助金", {})) == {"apple", "bus", "both"}


@every_engine
def test_filters_are_obeyed_before_falling_back(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        rank = with_fallback(match, DOCUMENTS)
        assert rank("りんご 輸出", {"industry": ("H",)}) == ["both"]


@every_engine
def test_text_without_a_word_finds_nothing(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        assert with_fallback(match, DOCUMENTS)("？！", {}) == []


@every_engine
def test_quotes_and_operators_are_text(open_match: OpenMatch) -> None:
    with opened(open_match) as match:
        assert match('"りんご" NOT', False)[0] == "apple"


def test_one_code_of_every_facet_must_fit() -> None:
    document = DOCUMENTS[2]
    assert obeys(document, {"industry": ("H", "M")})
    assert not obeys(document, {"industry": ("M",)})


def test_words_are_in_dictionary_form_without_particles() -> None:
    assert words("りんごを売った") == ["林檎", "売る"]


def test_bigrams_keep_latin_words_whole_and_single_characters() -> None:
    assert bigrams("ＤＸの補助金 米") == ["dx", "の補", "補助", "助金", "米"]
