"""Words by SudachiPy: short units in their dictionary form, so that spellings meet."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import sudachipy

# Sudachi takes at most 49,149 bytes at once, and a character has up to four.
_PIECE_CHARACTERS = 12_000
_PIECE_END = re.compile(r"[\s\S]*[\n。！？!?]")

# Texts up to this length are worth remembering.
_REPEATED_CHARACTERS = 40

_CODE = re.compile(r"[a-z0-9]+")
_FUNCTION_CLASSES = frozenset({"助詞", "助動詞"})
_EMPTY_VERBS = frozenset({"為る", "有る", "居る", "成る"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of normalised text: its dictionary form and the surface it has there."""

    normal: str
    surface: str
    is_content: bool
    """Worth ranking by: no particle, no auxiliary, no verb that says nothing (する, ある …)."""
    is_particle: bool = False
    reading: str = ""
    """In katakana, as the dictionary guesses it."""


def tokenize(text: str) -> list[Word]:
    """The words of normalised ``text``, of any length, without symbols and spaces."""
    if len(text) <= _REPEATED_CHARACTERS:
        return list(_words_of_short(text))
    return [word for piece in _pieces(text) for word in _joined_codes(piece)]


@lru_cache(maxsize=2048)
def _words_of_short(text: str) -> tuple[Word, ...]:
    """Names and keywords stand in many documents, queries are asked again."""
    return tuple(_joined_codes(text))


def _pieces(text: str) -> Iterator[str]:
    """Cut at the last end of a sentence that fits, or in its middle if there is none."""
    start = 0
    while start < len(text):
        piece = text[start : start + _PIECE_CHARACTERS]
        if len(piece) == _PIECE_CHARACTERS and (whole := _PIECE_END.match(piece)):
            piece = whole.group()
        yield piece
        start += len(piece)


def _joined_codes(piece: str) -> Iterator[Word]:
    """Words in order, with codes like "r5" in one: parts of a code mean nothing apart."""
    code: list[Word] = []
    for word in _words(piece):
        is_code = word is not None and _CODE.fullmatch(word.surface) is not None
        if code and not is_code:
            yield _as_one(code)
            code = []
        if is_code and word is not None:
            code.append(word)
        elif word is not None:
            yield word
    if code:
        yield _as_one(code)


def _as_one(code: list[Word]) -> Word:
    if len(code) == 1:
        return code[0]
    surface = "".join(word.surface for word in code)
    return Word(surface, surface, is_content=True, reading=surface)


def _words(piece: str) -> Iterator[Word | None]:
    """Words in order; None stands for a symbol or space between them."""
    for morpheme in _tokenizer().tokenize(piece):
        # All that a word is follows from these three.
        key = (morpheme.surface(), morpheme.word_id(), morpheme.part_of_speech_id())
        try:
            yield _met[key]
        except KeyError:
            if len(_met) >= _MOST_MET:
                _met.clear()
            yield _met.setdefault(key, _word(morpheme))


def _word(morpheme: sudachipy.Morpheme) -> Word | None:
    surface = morpheme.surface()
    if not any(character.isalnum() for character in surface):
        return None
    normal = morpheme.normalized_form().lower()
    word_class = morpheme.part_of_speech()[0]
    is_content = word_class not in _FUNCTION_CLASSES and normal not in _EMPTY_VERBS
    return Word(normal, surface, is_content, word_class == "助詞", reading=morpheme.reading_form())


_MOST_MET = 16_384
_met: dict[tuple[str, int, int], Word | None] = {}

_local = threading.local()
_dictionary_lock = threading.Lock()


def _tokenizer() -> sudachipy.Tokenizer:
    """This thread's own, because Sudachi's refuse to be shared."""
    if not hasattr(_local, "tokenizer"):
        with _dictionary_lock:
            _local.tokenizer = _dictionary().tokenizer(mode=sudachipy.SplitMode.A)
    tokenizer: sudachipy.Tokenizer = _local.tokenizer
    return tokenizer


@cache
def _dictionary() -> sudachipy.Dictionary:
    return sudachipy.Dictionary(dict="core")
