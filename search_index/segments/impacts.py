"""What a term adds to the scores of the documents that hold it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.segments.ranking import Scores
from search_index.sets.bits import Numbers

# A term that at least this share of all documents hold is kept as a row of all scores: looking
# up in a row is many times quicker than filling one first.
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
    def summed(cls, documents: NDArray[np.integer], values: Scores) -> "Worth":
        """From what single entries are worth, by the numbers of their documents, ascending."""
        if not len(documents):
            return cls(_NO_DOCUMENTS, _NO_SCORES)
        is_first = np.ones(len(documents), bool)
        np.not_equal(documents[1:], documents[:-1], out=is_first[1:])
        first, further = np.flatnonzero(is_first), np.flatnonzero(~is_first)
        sums = values.take(first).astype(np.float64)
        # Most documents have a term in one or two fields: this is quicker than np.add.reduceat.
        owners = further - np.arange(1, len(further) + 1)
        np.add.at(sums, owners, values.take(further).astype(np.float64))
        return cls(documents.take(first).astype(np.uint32), sums.astype(np.float32))


class Impacts:
    """The scores a term gives in one segment, summed over the text fields; always positive."""

    __slots__ = ("_documents", "_scores", "_slots")

    def __init__(self, worth: Worth, slots: int) -> None:
        """From what the term is worth in a segment of ``slots`` documents."""
        self._slots = slots
        self._documents: NDArray[np.uint32] | None = None
        self._scores = worth.values
        if len(worth.documents) >= _DENSE_SHARE * slots:
            self._scores = _row(worth, slots)
        else:
            self._documents = worth.documents

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self._scores.nbytes + (0 if self._documents is None else self._documents.nbytes)

    def scores_of(self, documents: Numbers) -> Scores:
        """The scores of some documents."""
        scores = self._scores
        if self._documents is not None:
            scores = _row(Worth(self._documents, self._scores), self._slots)
        found: Scores = scores.take(documents)
        return found


def _row(worth: Worth, slots: int) -> Scores:
    """The scores of all documents of a segment."""
    scores = np.zeros(slots, np.float32)
    scores[worth.documents] = worth.values
    return scores


_NO_DOCUMENTS = np.zeros(0, np.uint32)
_NO_SCORES = np.zeros(0, np.float32)
