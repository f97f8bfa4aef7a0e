"""A set of documents with a score for each, small enough to be kept and quick to be asked."""

from functools import cached_property
from typing import Self

import numpy as np

from search_index.bits import Bits, Mask, Numbers, pack
from search_index.ranking import Scores

_WORD_SHIFT, _BIT_MASK = np.int64(6), np.int64(63)
_ONE = np.uint64(1)


class ScoredSet:
    """Documents as bits and by their numbers, ascending, and their scores in the same order."""

    def __init__(self, bits: Bits, documents: Numbers, scores: Scores) -> None:
        self.bits = bits
        self.documents = documents
        self.scores = scores

    @classmethod
    def of(cls, mask: Mask, scores: Scores) -> Self:
        """The documents in ``mask``, given a score for every document there is."""
        documents = np.flatnonzero(mask)
        return cls(pack(mask), documents, scores[documents])

    @property
    def nbytes(self) -> int:
        """How much memory it takes at most."""
        return 2 * self.bits.nbytes + self.documents.nbytes + self.scores.nbytes

    @cached_property
    def _before(self) -> Numbers:
        """By word of bits, how many documents come before."""
        counts = np.bitwise_count(self.bits).astype(np.int32)
        return np.cumsum(counts, dtype=np.int32) - counts

    def scores_of(self, documents: Numbers) -> Scores:
        """The scores of some documents, all of which are in the set."""
        words = documents >> _WORD_SHIFT
        lower = (_ONE << (documents & _BIT_MASK).astype(np.uint64)) - _ONE
        places = self._before[words] + np.bitwise_count(self.bits[words] & lower)
        scores: Scores = self.scores[places]
        return scores

    def add_scores_of(self, documents: Numbers, to: Scores) -> None:
        """Add the scores of those among some documents that are in the set."""
        bits = self.bits[documents >> _WORD_SHIFT] >> (documents & _BIT_MASK).astype(np.uint64)
        held = np.flatnonzero(bits & _ONE)
        to[held] += self.scores_of(documents[held])
