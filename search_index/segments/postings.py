"""Where the terms of a segment stand, and how often.

A place where a term stands is an *entry*: the document's number and the text field in one number,
so entries ascend. Occurrences of grams have *positions* too, counted through all texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.segments.dictionary import Dictionary

FIELD_BITS = 3
FIELDS_PER_DOCUMENT = 1 << FIELD_BITS
FIELD_MASK = FIELDS_PER_DOCUMENT - 1
"""An entry is ``document << FIELD_BITS | number of the text field``."""

MAX_COUNT = 255
"""Occurrences of a term in one text field are counted up to this; more say nothing new."""

MAX_POSITIONS = 2**32 - 1
"""The characters of all texts of a segment, and the walls between them."""

_COUNT_BITS = np.uint64(8)


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term of a dictionary its entries, how often it stands there, and maybe where."""

    dictionary: Dictionary
    entry_starts: NDArray[np.uint64]
    entries: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    position_starts: NDArray[np.uint64] | None = None
    positions: NDArray[np.uint32] | None = None

    def entries_of(self, number: int) -> slice:
        """Where the entries of a term lie."""
        return slice(int(self.entry_starts[number]), int(self.entry_starts[number + 1]))

    def entry_count(self, number: int) -> int:
        """How many entries a term has."""
        return int(self.entry_starts[number + 1] - self.entry_starts[number])

    def positions_of(self, number: int) -> NDArray[np.uint32]:
        """The positions of a term, ascending; none where they are not stored."""
        if self.positions is None or self.position_starts is None:
            return np.zeros(0, np.uint32)
        start, end = self.position_starts[number : number + 2]
        return self.positions[int(start) : int(end)]


class Entries(NamedTuple):
    """Where a term stands in a segment, and how often."""

    entries: NDArray[np.uint32]
    counts: NDArray[np.uint8]

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.entries.nbytes + self.counts.nbytes


def merge_entries(postings: Postings, numbers: Sequence[int], slots: int) -> Entries:
    """The entries of several terms, counted together."""
    slices = [postings.entries_of(number) for number in numbers]
    if sum(each.stop - each.start for each in slices) > slots:
        return _counted_in_place(postings, slices, slots)
    entries = np.concatenate([postings.entries[:0], *(postings.entries[at] for at in slices)])
    counts = np.concatenate([postings.counts[:0], *(postings.counts[at] for at in slices)])
    if not len(entries):
        return Entries(entries, counts)
    # Numbers that hold both are sorted many times quicker than an order of places.
    keys = (entries.astype(np.uint64) << _COUNT_BITS) | counts
    keys.sort()
    entries, counts = (keys >> _COUNT_BITS).astype(np.uint32), keys.astype(np.uint8)
    first = np.flatnonzero(np.append(True, entries[1:] != entries[:-1]))
    summed = np.add.reduceat(counts, first, dtype=np.int64)
    return Entries(entries[first], np.minimum(summed, MAX_COUNT).astype(np.uint8))


def _counted_in_place(postings: Postings, slices: Sequence[slice], slots: int) -> Entries:
    """The same for so many entries that counting at the place of each beats sorting them."""
    totals = np.zeros(slots * FIELDS_PER_DOCUMENT, np.uint32)
    for at in slices:
        totals[postings.entries[at]] += postings.counts[at]
    found = np.flatnonzero(totals)
    counts = np.minimum(totals[found], MAX_COUNT).astype(np.uint8)
    return Entries(found.astype(np.uint32), counts)
