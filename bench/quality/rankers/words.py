"""The words of a text for peers that cannot cut Japanese themselves.

Apart from our engine's own analysis on purpose: what a peer is given must not move with it.
"""

import re
import unicodedata

import sudachipy

_tokenizer = sudachipy.Dictionary(dict="core").tokenizer(mode=sudachipy.SplitMode.A)

_SKIPPED = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白"})
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """One width and one case, with single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def words(text: str) -> list[str]:
    """Content words in dictionary form, in order."""
    return [
        _SPACES.sub("", morpheme.normalized_form().lower())
        for morpheme in _tokenizer.tokenize(normalise(text))
        if morpheme.part_of_speech()[0] not in _SKIPPED
        and any(character.isalnum() for character in morpheme.normalized_form())
    ]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring characters within each run of letters; Latin words and numbers whole,
    and a run of one character as it is."""
    grams: list[str] = []
    for run in re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", normalise(text)):
        if run.isascii() or len(run) == 1:
            grams.append(run)
        else:
            grams.extend(run[at : at + 2] for at in range(len(run) - 1))
    return grams
