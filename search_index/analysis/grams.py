"""Character bigrams: terms that need no dictionary, for recall, phrases and unknown words."""

import re
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

_IDEOGRAPHS = "ぁ-ゖァ-ヺーヽヾゝゞ々〆〇一-鿿㐀-䶿\U00020000-\U0003ffff"
_RUN = re.compile(f"(?P<japanese>[{_IDEOGRAPHS}]+)|(?P<other>[^\\W_{_IDEOGRAPHS}]+)")
_SINGLE = re.compile(f"[{_IDEOGRAPHS}]")

GAP = " "
"""The gram of any number of symbols between two runs."""

BREAK = "\U0010fffe"  # no character, so nobody types it
"""Stands between the entries of a text, and is no gram: no sequence of grams reaches across."""


class CharacterClass(IntEnum):
    """What a character is to grams."""

    UNKNOWN = 0
    """Not looked at yet."""
    SYMBOL = 1
    JAPANESE = 2
    OTHER = 3
    """Latin letters, digits and everything else that words are made of."""
    WALL = 4
    """Between two texts."""
    BREAK = 5
    """Between two entries of one text."""


class Gram(NamedTuple):
    """A term and where it stands, counted in characters; a gap counts as one."""

    term: str
    position: int


def extract_grams(text: str) -> list[Gram]:
    """Bigrams of each run of Japanese in normalised ``text``. Runs of Latin letters or digits stay
    whole, a run of one character gives that character, and ``GAP`` stands between runs that symbols
    part.

    Two texts hold the same characters in a row exactly if their grams stand at the same distances.
    """
    grams: list[Gram] = []
    position = end = 0
    for run in _RUN.finditer(text):
        if grams and run.start() > end:
            grams.append(Gram(GAP, position))
            position += 1
        end = run.end()
        characters = run.group()
        if run.lastgroup == "other" or len(characters) == 1:
            grams.append(Gram(characters, position))
        else:
            grams.extend(
                Gram(left + right, position + offset)
                for offset, (left, right) in enumerate(pairwise(characters))
            )
        position += len(characters)
    return grams


def is_single_character(term: str) -> bool:
    """Whether a term is one Japanese character, which stands wherever a bigram begins with it, or
    a run ends with it."""
    return _SINGLE.fullmatch(term) is not None


def classify(character: str) -> CharacterClass:
    """The class of a character of normalised text."""
    run = _RUN.match(character)
    if run is None:
        return CharacterClass.SYMBOL
    return CharacterClass.JAPANESE if run.lastgroup == "japanese" else CharacterClass.OTHER
