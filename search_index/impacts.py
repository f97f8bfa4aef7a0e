"""What a term adds to the scores of the documents that hold it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.bits import Bits, bits_of, pack
from search_index.ranking import Scores

# A term with an entry for at least this share of all documents is kept as a row of all scores:
# adding rows is many times quicker than adding at places.
_DENSE_SHARE = 1 / 8


class Worth(NamedTuple):
    """What the entries of a term are worth in one part of a snapshot."""

    offset: int
    """The snapshot's number of the part's first document."""
    slots: int
    documents: NDArray[np.integer]
    """Of each entry, ascending, as the part numbers them."""
    values: Scores


class Impacts:
    """The scores a term gives, summed over the text fields; always positive."""

    __slots__ = ("_documents", "_scores", "_slots")

    def __init__(self, documents: NDArray[np.uint32] | None, scores: Scores, slots: int) -> None:
        """The scores of ``documents``, or, without them, of all there are."""
        self._documents = documents
        self._scores = scores
        self._slots = slots

    @classmethod
    def of(cls, parts: Sequence[Worth], slots: int) -> "Impacts":
        """In one of two forms. Both add up in the same order and precision, so that it does not
        show which."""
        if sum(len(part.documents) for part in parts) >= _DENSE_SHARE * slots:
            row = np.zeros(slots, np.float32)
            for part in parts:
                own = np.bincount(part.documents, part.values, part.slots)
                row[part.offset : part.offset + part.slots] = own
            return cls(None, row, slots)
        found: list[NDArray[np.uint32]] = [_NO_DOCUMENTS]
        scores: list[Scores] = [_NO_SCORES]
        for part in parts:
            if len(part.documents):
                is_first = np.append(True, part.documents[1:] != part.documents[:-1])
                first = np.flatnonzero(is_first)
                found.append((part.documents[first] + part.offset).astype(np.uint32))
                sums = np.add.reduceat(part.values, first, dtype=np.float64)
                scores.append(sums.astype(np.float32))
        return cls(np.concatenate(found), np.concatenate(scores), slots)

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
