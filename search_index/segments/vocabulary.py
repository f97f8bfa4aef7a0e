"""All words an index has met, to find those that look or sound like one it has not.

Spellings of one length are columns of one array, a row for each character, so that a word is
compared with all of them at once and none is an object of Python's. They are put together when a
segment is made: a process that meets its first misspelt text has nothing to prepare.
"""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.kana import is_kana
from search_index.segments.array_file import Array
from search_index.segments.dictionary import Dictionary
from search_index.terms.document_terms import WordForm

Codes = NDArray[np.uint32]

# Longer words are rather sentences that nobody cut.
_LONGEST = 24

# Readings are so short of sounds that fewer kana than these are like too many words.
_LEAST_READ = 5

_SPELLINGS = ("surfaces", "readings")
_OF_SPELLINGS = ("characters", "numbers", "per_length")
VOCABULARY_ARRAYS = tuple(f"{name}/{of}" for name in _SPELLINGS for of in _OF_SPELLINGS)
_CONTINUED, _CONTINUATION = 0xC0, 0x80


class Closeness(IntEnum):
    """How alike two words are, most alike first."""

    SAME_READING = 0
    SWAPPED = 1
    """Two neighbouring characters change places."""
    ONE_EDIT = 2
    """One character is inserted, left out or replaced."""


def vocabulary_arrays(text: Array, term_starts: Array) -> dict[str, Array]:
    """What a ``Vocabulary`` is made of, from the arrays of a dictionary of ``WordForm`` terms."""
    characters = _codes(text.tobytes().decode())
    is_first = (text & _CONTINUED) != _CONTINUATION
    starts = np.concatenate([[0], np.cumsum(is_first)])[term_starts]
    tabs = np.flatnonzero(characters == ord("\t")).reshape(-1, 2)
    arrays: dict[str, Array] = {}
    for name, begins, ends in (
        ("surfaces", tabs[:, 0] + 1, tabs[:, 1]),
        ("readings", tabs[:, 1] + 1, starts[1:]),
    ):
        numbers = [np.flatnonzero(ends - begins == length) for length in range(1, _LONGEST + 1)]
        spelled = [
            characters[begins[of_length] + np.arange(length)[:, np.newaxis]].ravel()
            for length, of_length in enumerate(numbers, start=1)
        ]
        arrays[f"{name}/characters"] = np.concatenate(spelled)
        arrays[f"{name}/numbers"] = np.concatenate(numbers).astype(np.uint32)
        arrays[f"{name}/per_length"] = np.array([len(each) for each in numbers], np.int64)
    return arrays


class Vocabulary:
    """The surfaces an index has met, and how they are read."""

    def __init__(self, arrays: Mapping[str, Array], forms: Dictionary) -> None:
        """From ``vocabulary_arrays``, and the dictionary they were made of."""
        self._forms = forms
        self._surfaces, self._readings = (
            _by_length(*(arrays[f"{name}/{of}"] for of in _OF_SPELLINGS)) for name in _SPELLINGS
        )

    def like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Surfaces that are not ``text`` but read like it (``reading``, in katakana) or are one
        edit away from it; for longer kana also from how they are read. One character alone is like
        everything, so only its reading counts."""
        if same := self._readings.get(len(reading)):
            heard = self._written(same.equal_to(_codes(reading)))
            yield from ((Closeness.SAME_READING, each) for each in heard if each != text)
        if len(text) > 1:
            yield from self._edited(self._surfaces, text)
            if is_kana(text) and len(text) >= _LEAST_READ:
                yield from self._edited(self._readings, reading)

    def _edited(
        self, spellings: Mapping[int, "_Spellings"], text: str
    ) -> Iterator[tuple[Closeness, str]]:
        """What is written for the spellings that are one edit away from ``text``."""
        codes = _codes(text)
        edited: list[NDArray[np.uint32]] = []
        if same := spellings.get(len(codes)):
            swapped, replaced = same.swapped_and_replaced(codes)
            edited.append(replaced)
            yield from ((Closeness.SWAPPED, each) for each in self._written(swapped))
        if longer := spellings.get(len(codes) + 1):
            edited.append(longer.inserted(codes))
        if shorter := spellings.get(len(codes) - 1):
            edited.append(shorter.left_out(codes))
        found = chain.from_iterable(map(self._written, edited))
        yield from ((Closeness.ONE_EDIT, each) for each in found)

    def _written(self, numbers: NDArray[np.uint32]) -> Iterator[str]:
        terms = self._forms.terms(numbers.tolist())
        # One word may have several dictionary forms.
        return iter(dict.fromkeys(WordForm.from_term(term).surface for term in terms))


class _Spellings:
    """Spellings of one length as columns of characters, and the number of the form of each."""

    def __init__(self, columns: Codes, numbers: NDArray[np.uint32]) -> None:
        self._columns = columns
        self._numbers = numbers

    def equal_to(self, codes: Codes) -> NDArray[np.uint32]:
        """The forms of the spelling itself."""
        columns = self._columns
        places = np.flatnonzero((columns[0] == codes[0]) & (columns[-1] == codes[-1]))
        is_equal = (columns[:, places] == codes[:, np.newaxis]).all(axis=0)
        numbers: NDArray[np.uint32] = self._numbers[places[is_equal]]
        return numbers

    def swapped_and_replaced(self, codes: Codes) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The forms of spellings with two different neighbours in each other's place, and of those
        with one other character."""
        # In two characters that change places neither stays.
        near, columns = self._near(codes if len(codes) > 2 else codes[::-1])
        differs = columns != codes[:, np.newaxis]
        two = np.flatnonzero(differs.sum(axis=0) == 2)
        crossed = (columns[:-1, two] == codes[1:, np.newaxis]) & (
            columns[1:, two] == codes[:-1, np.newaxis]
        )
        is_other = (codes[:-1] != codes[1:])[:, np.newaxis]
        swapped = near[two[(crossed & is_other).any(axis=0)]]
        if len(codes) == 2:
            near, columns = self._near(codes)
            differs = columns != codes[:, np.newaxis]
        return swapped, near[differs.sum(axis=0) == 1]

    def inserted(self, codes: Codes) -> NDArray[np.uint32]:
        """The forms of spellings that have one character more."""
        near, columns = self._near(codes)
        begin = _run_lengths(columns[:-1] == codes[:, np.newaxis])
        end = _run_lengths((columns[1:] == codes[:, np.newaxis])[::-1])
        return near[begin + end >= len(codes)]

    def left_out(self, codes: Codes) -> NDArray[np.uint32]:
        """The forms of spellings that lack one character."""
        near, columns = self._near(codes)
        begin = _run_lengths(columns == codes[:-1, np.newaxis])
        end = _run_lengths((columns == codes[1:, np.newaxis])[::-1])
        return near[begin + end >= len(codes) - 1]

    def _near(self, codes: Codes) -> tuple[NDArray[np.uint32], Codes]:
        """The forms and the characters of the spellings that begin or end like ``codes``: one edit
        leaves the first character or the last where it is."""
        columns = self._columns
        places = np.flatnonzero((columns[0] == codes[0]) | (columns[-1] == codes[-1]))
        return self._numbers[places], columns[:, places]


def _by_length(
    characters: Codes, numbers: NDArray[np.uint32], per_length: NDArray[np.int64]
) -> dict[int, _Spellings]:
    """The stored spellings by their lengths, of those that have any."""
    spellings = {}
    at = first = 0
    for length, count in enumerate(per_length.tolist(), start=1):
        if count:
            columns = characters[at : at + length * count].reshape(length, count)
            spellings[length] = _Spellings(columns, numbers[first : first + count])
        at, first = at + length * count, first + count
    return spellings


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _run_lengths(equal: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many leading rows of each column are true."""
    lengths: NDArray[np.int64] = np.logical_and.accumulate(equal, axis=0).sum(axis=0)
    return lengths
