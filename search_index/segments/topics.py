"""What documents are about, by the codes of a facet; and what the best answers have in common.

Words mislead where a text is told in somebody's own: a listing may hold three of them and be about
something else. The best answers together rarely are, so others that share their topics are
likelier answers than others that do not.
"""

import numpy as np

from search_index.segments.ranking import Scores
from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Numbers, to_mask
from search_index.sets.document_sets import FewDocuments

# Documents that tell what a text is about. More blur it, fewer may all be wrong.
_BEST = 3

_WEIGHT_DECIMALS = 2


class Topics:
    """The topics of all documents, as directions: the rarer a topic, the more it tells."""

    def __init__(self, rows: Bits, document_count: int) -> None:
        """``rows`` has for each topic the documents that have it, of ``document_count`` in all."""
        self._rows = rows
        counts = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
        rarity = np.log((document_count + 1) / np.maximum(1, counts))
        # Rounded, so that one document more or less rarely changes it.
        self._weights = np.round(rarity, _WEIGHT_DECIMALS).astype(np.float32)
        squares = np.zeros(rows.shape[1] * DOCUMENTS_PER_WORD, np.float32)
        for row, weight in zip(rows, self._weights, strict=True):
            squares += np.square(weight) * to_mask(row)
        self._lengths = np.maximum(np.sqrt(squares), np.float32(1e-6))

    def favour_alike(self, documents: Numbers, scores: Scores) -> Scores:
        """The scores of some documents, up to doubled by how alike each document's topics are to
        those of the best: not at all if it shares none. As they are where the best have none."""
        if len(documents) <= _BEST:
            return scores
        # With all that tie, so that the order of documents does not matter.
        least = np.partition(scores, -_BEST)[-_BEST]
        best = FewDocuments(documents[scores >= least])
        profile = np.array([best.count(best.holding(row)) for row in self._rows], np.float32)
        profile *= self._weights
        length = np.sqrt(np.square(profile).sum())
        if not length:
            return scores
        every = FewDocuments(documents)
        shared = np.zeros(len(documents), np.float32)
        for topic in np.flatnonzero(profile):
            weight = profile[topic] / length * self._weights[topic]
            shared += weight * every.holding(self._rows[topic])
        shared /= self._lengths[documents]
        favoured: Scores = scores * (1 + shared)
        return favoured
