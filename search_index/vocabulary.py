"""All words an index has met, to find those that look or sound like one it has not.

Words of one length are rows of one array, so that a word is compared with all of them at once and
none is an object of Python's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.kana import is_kana
from search_index.document_terms import WordForm

Codes = NDArray[np.uint32]

# Longer words are rather sentences that nobody cut.
_LONGEST = 24


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
        surfaces: dict[int, set[tuple[str, str]]] = defaultdict(set)
        readings: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for form in forms:
            if len(form.surface) <= _LONGEST:
                surfaces[len(form.surface)].add((form.surface, form.surface))
                readings[len(form.reading)].add((form.reading, form.surface))
        self._surfaces = {length: _Spellings(pairs) for length, pairs in surfaces.items()}
        self._readings = {length: _Spellings(pairs) for length, pairs in readings.items()}

    def like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Surfaces that are not ``text`` but read like it (``reading``, in katakana) or are one
        edit away from it; for kana also from how they are read. One character alone is like
        everything, so only its reading counts."""
        if same := self._readings.get(len(reading)):
            heard = (surface for surface in same.equal_to(reading) if surface != text)
            yield from ((Closeness.SAME_READING, surface) for surface in heard)
        if len(text) > 1:
            yield from _edited(self._surfaces, text)
            if is_kana(text):
                yield from _edited(self._readings, reading)


def _edited(spellings: dict[int, "_Spellings"], text: str) -> Iterator[tuple[Closeness, str]]:
    """What is written for the spellings that are one edit away from ``text``."""
    if same := spellings.get(len(text)):
        yield from ((Closeness.SWAPPED, written) for written in same.swapped(text))
        yield from ((Closeness.ONE_EDIT, written) for written in same.replaced(text))
    if longer := spellings.get(len(text) + 1):
        yield from ((Closeness.ONE_EDIT, written) for written in longer.inserted(text))
    if shorter := spellings.get(len(text) - 1):
        yield from ((Closeness.ONE_EDIT, written) for written in shorter.left_out(text))


class _Spellings:
    """Spellings of one length as rows of characters, each with the surface that is written so."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        spellings, surfaces = zip(*sorted(pairs), strict=True)
        self._rows = _codes("".join(spellings)).reshape(len(spellings), -1)
        self._text = "".join(surfaces).encode("utf-8")
        self._ends = np.cumsum([len(surface.encode("utf-8")) for surface in surfaces])

    def equal_to(self, text: str) -> Iterator[str]:
        """Surfaces of the spelling itself."""
        return self._surfaces((self._rows == _codes(text)).all(axis=1))

    def replaced(self, text: str) -> Iterator[str]:
        """Surfaces of spellings with one other character."""
        return self._surfaces((self._rows != _codes(text)).sum(axis=1) == 1)

    def swapped(self, text: str) -> Iterator[str]:
        """Surfaces of spellings with two different neighbours in each other's place."""
        codes = _codes(text)
        differs = self._rows != codes
        found = np.zeros(len(self._rows), bool)
        for at in range(len(codes) - 1):
            if codes[at] != codes[at + 1]:
                crossed = (self._rows[:, at : at + 2] == codes[at : at + 2][::-1]).all(axis=1)
                found |= crossed & (differs.sum(axis=1) == 2)
        return self._surfaces(found)

    def inserted(self, text: str) -> Iterator[str]:
        """Surfaces of spellings that have one character more than ``text``."""
        codes = _codes(text)
        begin = _run_lengths(self._rows[:, :-1] == codes)
        end = _run_lengths((self._rows[:, 1:] == codes)[:, ::-1])
        return self._surfaces(begin + end >= len(codes))

    def left_out(self, text: str) -> Iterator[str]:
        """Surfaces of spellings that lack one character of ``text``."""
        codes = _codes(text)
        begin = _run_lengths(self._rows == codes[:-1])
        end = _run_lengths((self._rows == codes[1:])[:, ::-1])
        return self._surfaces(begin + end >= len(codes) - 1)

    def _surfaces(self, chosen: NDArray[np.bool_]) -> Iterator[str]:
        for row in np.flatnonzero(chosen):
            start = self._ends[row - 1] if row else 0
            yield self._text[start : self._ends[row]].decode("utf-8")


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _run_lengths(equal: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many leading columns of each row are true."""
    lengths: NDArray[np.int64] = np.logical_and.accumulate(equal, axis=1).sum(axis=1)
    return lengths
