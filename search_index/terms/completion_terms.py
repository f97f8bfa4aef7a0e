"""What of a document may complete a text that is being typed, and by which beginnings.

Terms of one dictionary, each begun by its kind, so that a kind is looked up by itself: keywords and
names with their text, titles with the document they belong to, and once the title of each document.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from search_index.analysis.kana import is_kana, to_hiragana
from search_index.analysis.normalise import normalise_text
from search_index.analysis.tokenizer import Word, tokenize
from search_index.types import CompletionKind, ListingDocument

COMPLETIONS = "completions"
"""Postings of no text field, with the terms of this module."""


class Place(StrEnum):
    """Where in a text a key stands."""

    FIRST = "0"
    LATER = "1"


KEY_CHARACTERS = 12
"""What is typed beyond these is compared with the text itself."""

# A title can be completed from as many of its words; what begins later is rarely what it is called.
_MAX_BEGINNINGS = 5

_TEXT = "text"
_SYMBOLS = re.compile(r"[\W_]+")


def completion_terms(document: ListingDocument) -> Iterator[str]:
    """The terms of a document."""
    address = f"{_cell(document.id)}\t{document.revision}"
    title = _cell(document.title)
    yield f"{_TEXT}\t{address}\t{title}"
    for key in _keys(title):
        yield f"{CompletionKind.TITLE}\t{key}\t{address}"
    for kind, texts in (
        (CompletionKind.KEYWORD, document.keywords),
        (CompletionKind.NAME, document.names),
    ):
        for text in map(_cell, texts):
            for key in _keys(text):
                yield f"{kind}\t{key}\t{text}"


def title_prefix(address: str) -> str:
    """What the term begins with that ends with the title of a document, given by what stands
    behind the key of its titles."""
    return f"{_TEXT}\t{address}\t"


def surface_key(normal: str) -> str:
    """What normalised text is completed by: its letters and digits alone."""
    return _SYMBOLS.sub("", normal)


@lru_cache(maxsize=8192)
def whole_keys(text: str) -> tuple[str, str]:
    """A text as it is written and as it is read, of any length."""
    return _keys_of(tokenize(normalise_text(text)))


def _keys(text: str) -> set[str]:
    """How a text begins, and from its later words on; each with the ``Place`` where it does."""
    words = tokenize(normalise_text(text))
    return {
        f"{key[:KEY_CHARACTERS]}\t{Place.LATER if start else Place.FIRST}"
        for start in _beginnings(words)
        for key in _keys_of(words[start:])
        if key
    }


def _keys_of(words: Sequence[Word]) -> tuple[str, str]:
    """Words as they are written, and as they are read as far as they can be."""
    readable = takewhile(lambda word: is_kana(word.reading), words)
    return (
        surface_key("".join(word.surface for word in words)),
        to_hiragana("".join(word.reading for word in readable)),
    )


def _beginnings(words: Sequence[Word]) -> list[int]:
    """Where words begin that one might type first: no particles, no suffixes."""
    places = [
        at
        for at, word in enumerate(words)
        if word.is_content and (at == 0 or len(word.surface) > 1 or not words[at - 1].is_content)
    ]
    return places[:_MAX_BEGINNINGS]


def _cell(text: str) -> str:
    """Text that a term can hold beside others."""
    return " ".join(text.split())
