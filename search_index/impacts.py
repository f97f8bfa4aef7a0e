"""What a term adds to the scores of the documents that hold it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.bits import Bits, bits_of, pack
from search_index.ranking import Scores

# A term that at least this share of all documents hold is kept as a row of all scores: adding rows
# is many times quicker than adding at places.
_DENSE_SHARE = 1 / 16


class Worth(NamedTuple):
    """What a term is worth in documents, by their numbers, ascending."""

    documents: NDArray[np.uint32]
    values: Scores

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.documents.nbytes + self.values.nbytes

    @classmethod
    def summed(cls, documents: NDArray[np.integer], values: Scores, slots: int) -> "Worth":
        """From what single entries are worth, by the numbers of their documents, ascending. Both
        ways of adding up take the same order and precision, so it does not show which was taken."""
        if len(documents) >= _DENSE_SHARE * slots:
            sums = np.bincount(documents, values, slots)
            found = np.flatnonzero(sums)
            return cls(found.astype(np.uint32), sums[found].astype(np.float32))
        if not len(documents):
            return cls(_NO_DOCUMENTS, _NO_SCORES)
        first = np.flatnonzero(np.append(True, documents[1:] != documents[:-1]))
        worth: Scores = np.add.reduceat(values, first, dtype=np.float64).astype(np.float32)
        return cls(documents[first].astype(np.uint32), worth)


class Impacts:
    """The scores a term gives, summed over the text fields; always positive."""

    __slots__ = ("_documents", "_scores", "_slots")

    def __init__(self, parts: Sequence[Worth], slots: int) -> None:
        """From what the term is worth in parts of a snapshot of ``slots`` documents."""
        self._slots = slots
        self._documents: NDArray[np.uint32] | None = None
        if sum(len(part.documents) for part in parts) >= _DENSE_SHARE * slots:
            self._scores = np.zeros(slots, np.float32)
            for part in parts:
                self._scores[part.documents] = part.values
        else:
            self._documents = np.concatenate([_NO_DOCUMENTS, *(part.documents for part in parts)])
            self._scores = np.concatenate([_NO_SCORES, *(part.values for part in parts)])

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self._scores.nbytes + (0 if self._documents is None else self._documents.nbytes)

    def add_to(self, scores: Scores) -> None:
        """Add to the scores of all documents."""
        if self._documents is None:
            scores += self._scores
        else:
            scores[self._documents] += self._scores

    def bits(self) -> Bits:
        """The documents that hold the term."""
        if self._documents is None:
            return pack(self._scores > 0)
        return bits_of(self._documents, self._slots)


_NO_DOCUMENTS = np.zeros(0, np.uint32)
_NO_SCORES = np.zeros(0, np.float32)
