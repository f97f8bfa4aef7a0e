"""A set of documents with a score for each, small enough to be kept and quick to be asked."""

from typing import Self

import numpy as np

from search_index.bits import Bits, Mask, Numbers, pack
from search_index.ranking import Scores

_WORD_SHIFT, _BIT_MASK = np.int64(6), np.int64(63)
_ONE = np.uint64(1)


class ScoredSet:
    """Documents as bits, and their scores in ascending order of documents."""

    __slots__ = ("_before", "bits", "scores")

    def __init__(self, bits: Bits, scores: Scores) -> None:
        self.bits = bits
        self.scores = scores
        counts = np.bitwise_count(bits).astype(np.int32)
        self._before = np.cumsum(counts, dtype=np.int32) - counts

    @classmethod
    def of(cls, mask: Mask, scores: Scores) -> Self:
        """The documents in ``mask``, given a score for every document there is."""
        return cls(pack(mask), scores[mask])

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.bits.nbytes + self.scores.nbytes + self._before.nbytes

    def scores_of(self, documents: Numbers) -> Scores:
        """The scores of some documents, ascending, all of which are in the set."""
        if len(documents) == len(self.scores):
            return self.scores
        words = documents >> _WORD_SHIFT
        lower = (_ONE << (documents & _BIT_MASK).astype(np.uint64)) - _ONE
        places = self._before[words] + np.bitwise_count(self.bits[words] & lower)
        scores: Scores = self.scores[places]
        return scores

    def add_scores_of(self, documents: Numbers, to: Scores) -> None:
        """Add the scores of those among some documents, ascending, that are in the set."""
        bits = self.bits[documents >> _WORD_SHIFT] >> (documents & _BIT_MASK).astype(np.uint64)
        held = np.flatnonzero(bits & _ONE)
        to[held] += self.scores_of(documents[held])
