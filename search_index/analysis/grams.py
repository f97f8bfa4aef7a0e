"""Character bigrams: terms that need no dictionary, for recall, phrases and unknown words."""

import re
from itertools import pairwise
from typing import NamedTuple

_IDEOGRAPHS = "ぁ-ゖァ-ヺーヽヾゝゞ々〆〇一-鿿㐀-䶿\U00020000-\U0003ffff"
_RUN = re.compile(f"(?P<japanese>[{_IDEOGRAPHS}]+)|(?P<other>[^\\W_{_IDEOGRAPHS}]+)")
_SINGLE = re.compile(f"[{_IDEOGRAPHS}]")


GAP = 4096
"""What symbols between two runs add to positions, however many: more than a run has characters, so
that no gap is taken for text nor text for a gap."""


class Gram(NamedTuple):
    """A term and where it stands: counted in characters, and ``GAP`` for each gap between runs."""

    term: str
    position: int


def extract_grams(text: str) -> list[Gram]:
    """Bigrams of each run of Japanese in normalised ``text``. Runs of Latin letters or digits stay
    whole, a run of one character gives that character; symbols only part runs.

    Two texts hold the same characters in a row exactly if their grams stand at the same distances.
    """
    grams: list[Gram] = []
    position = end = 0
    for run in _RUN.finditer(text):
        if run.start() > end:
            position += GAP
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
    """Whether a term is one Japanese character, which bigrams hold only as a part of them."""
    return _SINGLE.fullmatch(term) is not None
