"""All words an index has met, to find those that look or sound like one it has not.

Words of one length are rows of one array, so that a word is compared with all of them at once and
none is an object of Python's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.kana import is_kana
from search_index.document_terms import WordForm

Codes = NDArray[np.uint32]

# Longer words are rather sentences that nobody cut.
_LONGEST = 24

# Readings are so short of sounds that fewer kana than these are like too many words.
_LEAST_READ = 5


class Closeness(IntEnum):
    """How alike two words are, most alike first."""

    SAME_READING = 0
    SWAPPED = 1
    """Two neighbouring characters change places."""
    ONE_EDIT = 2
    """One character is inserted, left out or replaced."""


class Vocabulary:
    """The surfaces an index has met, and how they are read."""

    def __init__(self, forms: Iterable[WordForm]) -> None:
        pairs = dict.fromkeys((form.surface, form.reading) for form in forms)
        self._surfaces = _by_length([(surface, surface) for surface, _ in pairs])
        self._readings = _by_length([(reading, surface) for surface, reading in pairs])

    def like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Surfaces that are not ``text`` but read like it (``reading``, in katakana) or are one
        edit away from it; for longer kana also from how they are read. One character alone is like
        everything, so only its reading counts."""
        if same := self._readings.get(len(reading)):
            heard = (surface for surface in same.equal_to(reading) if surface != text)
            yield from ((Closeness.SAME_READING, surface) for surface in heard)
        if len(text) > 1:
            yield from _edited(self._surfaces, text)
            if is_kana(text) and len(text) >= _LEAST_READ:
                yield from _edited(self._readings, reading)


def _by_length(pairs: Iterable[tuple[str, str]]) -> dict[int, "_Spellings"]:
    """Pairs of a spelling and its surface, by the length of the spelling."""
    groups: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pair in dict.fromkeys(pairs):
        groups[len(pair[0])].append(pair)
    return {length: _Spellings(groups[length]) for length in groups if 0 < length <= _LONGEST}


def _edited(spellings: dict[int, "_Spellings"], text: str) -> Iterator[tuple[Closeness, str]]:
    """What is written for the spellings that are one edit away from ``text``."""
    if same := spellings.get(len(text)):
        yield from ((Closeness.SWAPPED, surface) for surface in same.swapped(text))
        yield from ((Closeness.ONE_EDIT, surface) for surface in same.replaced(text))
    if longer := spellings.get(len(text) + 1):
        yield from ((Closeness.ONE_EDIT, surface) for surface in longer.inserted(text))
    if shorter := spellings.get(len(text) - 1):
        yield from ((Closeness.ONE_EDIT, surface) for surface in shorter.left_out(text))


class _Spellings:
    """Spellings of one length as rows of characters, each with the surface that is written so."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._rows = _codes("".join(spelling for spelling, _ in pairs)).reshape(len(pairs), -1)
        # Columns of their own, to leave most rows out before they are compared.
        self._first, self._last = self._rows[:, 0].copy(), self._rows[:, -1].copy()
        self._surfaces = _codes("".join(surface for _, surface in pairs))
        self._ends = np.cumsum([len(surface) for _, surface in pairs], dtype=np.int64)

    def equal_to(self, text: str) -> Iterator[str]:
        """Surfaces of the spelling itself."""
        codes = _codes(text)
        numbers = np.flatnonzero((self._first == codes[0]) & (self._last == codes[-1]))
        return self._written(numbers[(self._rows[numbers] == codes).all(axis=1)])

    def replaced(self, text: str) -> Iterator[str]:
        """Surfaces of spellings with one other character."""
        numbers, rows = self._near(text)
        return self._written(numbers[(rows != _codes(text)).sum(axis=1) == 1])

    def swapped(self, text: str) -> Iterator[str]:
        """Surfaces of spellings with two different neighbours in each other's place."""
        codes = _codes(text)
        numbers, rows = self._near(text) if len(text) > 2 else self._near(text[::-1])
        two_differ = (rows != codes).sum(axis=1) == 2
        numbers, rows = numbers[two_differ], rows[two_differ]
        crossed = (rows[:, :-1] == codes[1:]) & (rows[:, 1:] == codes[:-1])
        return self._written(numbers[(crossed & (codes[:-1] != codes[1:])).any(axis=1)])

    def inserted(self, text: str) -> Iterator[str]:
        """Surfaces of spellings that have one character more than ``text``."""
        codes = _codes(text)
        numbers, rows = self._near(text)
        begin = _run_lengths(rows[:, :-1] == codes)
        end = _run_lengths((rows[:, 1:] == codes)[:, ::-1])
        return self._written(numbers[begin + end >= len(codes)])

    def left_out(self, text: str) -> Iterator[str]:
        """Surfaces of spellings that lack one character of ``text``."""
        codes = _codes(text)
        numbers, rows = self._near(text)
        begin = _run_lengths(rows == codes[:-1])
        end = _run_lengths((rows == codes[1:])[:, ::-1])
        return self._written(numbers[begin + end >= len(codes) - 1])

    def _near(self, text: str) -> tuple[NDArray[np.int64], Codes]:
        """The numbers and rows of the spellings that begin or end like ``text``: one edit leaves
        the first character or the last where it is."""
        codes = _codes(text)
        numbers = np.flatnonzero((self._first == codes[0]) | (self._last == codes[-1]))
        return numbers, self._rows[numbers]

    def _written(self, numbers: NDArray[np.int64]) -> Iterator[str]:
        for number in numbers:
            start = self._ends[number - 1] if number else 0
            yield self._surfaces[start : self._ends[number]].tobytes().decode("utf-32-le")


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _run_lengths(equal: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many leading columns of each row are true."""
    lengths: NDArray[np.int64] = np.logical_and.accumulate(equal, axis=1).sum(axis=1)
    return lengths
