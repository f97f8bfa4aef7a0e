"""The grams of many texts at once: what ``extract_grams`` does for one, over arrays.

All texts of a segment lie in one row of positions, one character a position and one for any number
of symbols between two runs. Between texts stands a wall, which no sequence of grams reaches across,
and neither do they across a break within a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import BREAK, GAP, CharacterClass, classify

_WALL = "\U0010ffff"  # no character, so no text has it

_CHARACTER_BITS = 21
_CHARACTER_MASK = (1 << _CHARACTER_BITS) - 1
_RUN_FLAG = np.uint64(1 << 63)
_GAP_KEY = np.uint64(0)


@dataclass(frozen=True, slots=True)
class GramOccurrences:
    """Every gram of some texts, in no particular order."""

    terms: list[str]
    """Distinct."""
    numbers: NDArray[np.int64]
    """Of each occurrence, its place in ``terms``."""
    positions: NDArray[np.int64]
    text_starts: NDArray[np.int64]
    """The position at which each text begins; one more, at which the last has ended."""
    lengths: NDArray[np.int64]
    """Of each text, its grams as ``extract_grams`` counts them, gaps aside."""


def find_grams(texts: Sequence[str]) -> GramOccurrences:
    """All grams of normalised texts."""
    row = "".join(f"{text.replace(_WALL, ' ')}{_WALL}" for text in texts)
    characters = np.frombuffer(row.encode("utf-32-le"), np.uint32)
    classes = _classes(characters)
    is_symbol = classes == CharacterClass.SYMBOL
    kept = ~(is_symbol & np.concatenate([[False], is_symbol[:-1]]))
    characters, classes = characters[kept], classes[kept]

    is_wall = classes == CharacterClass.WALL
    japanese, other = classes == CharacterClass.JAPANESE, classes == CharacterClass.OTHER
    before, after = _shifted(japanese, 1), _shifted(japanese, -1)
    bigrams = np.flatnonzero(japanese & after)
    run_ends = np.flatnonzero(japanese & ~after)
    gaps = np.flatnonzero(classes == CharacterClass.SYMBOL)
    run_starts = np.flatnonzero(other & ~_shifted(other, 1))
    run_stops = np.flatnonzero(other & ~_shifted(other, -1)) + 1

    wide = characters.astype(np.uint64) << np.uint64(_CHARACTER_BITS)
    runs, run_numbers = _other_runs(characters, run_starts, run_stops)
    keys = np.concatenate(
        [
            wide[bigrams] | characters[bigrams + 1],
            wide[run_ends],
            np.full(len(gaps), _GAP_KEY),
            run_numbers.astype(np.uint64) | _RUN_FLAG,
        ]
    )
    distinct, numbers = np.unique(keys, return_inverse=True)
    text_of = np.cumsum(is_wall) - is_wall
    counted = np.concatenate([bigrams, run_ends[~before[run_ends]], run_starts])
    return GramOccurrences(
        terms=[_term(key, runs) for key in distinct.tolist()],
        numbers=numbers,
        positions=np.concatenate([bigrams, run_ends, gaps, run_starts]),
        text_starts=np.concatenate([[0], np.flatnonzero(is_wall) + 1]),
        lengths=np.bincount(text_of[counted], minlength=len(texts)),
    )


def _shifted(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """At each place what stands one place before (1) or after (-1) it."""
    shifted = np.zeros_like(mask)
    if by > 0:
        shifted[1:] = mask[:-1]
    else:
        shifted[:-1] = mask[1:]
    return shifted


def _other_runs(
    characters: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct runs of Latin letters or digits, and which of them stands at each start."""
    row = characters.tobytes().decode("utf-32-le")
    numbers: dict[str, int] = {}
    of_starts = [
        numbers.setdefault(row[start:stop], len(numbers))
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
    ]
    return list(numbers), np.array(of_starts, np.int64)


def _term(key: int, runs: list[str]) -> str:
    if key & int(_RUN_FLAG):
        return runs[key ^ int(_RUN_FLAG)]
    if key == _GAP_KEY:
        return GAP
    first, second = key >> _CHARACTER_BITS, key & _CHARACTER_MASK
    return chr(first) + chr(second) if second else chr(first)


def _classes(characters: NDArray[np.uint32]) -> NDArray[np.uint8]:
    table = _class_table()
    classes = table[characters]
    if (unknown := classes == CharacterClass.UNKNOWN).any():
        for character in np.unique(characters[unknown]).tolist():
            table[character] = classify(chr(character))
        classes = table[characters]
    return classes


@cache
def _class_table() -> NDArray[np.uint8]:
    """The classes of the characters met so far. Threads may fill it at once: with the same."""
    table = np.full(0x110000, CharacterClass.UNKNOWN, np.uint8)
    table[ord(_WALL)] = CharacterClass.WALL
    table[ord(BREAK)] = CharacterClass.BREAK
    return table
