"""What documents are about, by the codes of a facet; and what the best answers have in common.

Words mislead where a text is told in somebody's own: a listing may hold three of them and be about
something else. The best answers together rarely are, so others that share their topics are
likelier answers than others that do not.
"""

import numpy as np

from search_index.segments.ranking import Scores
from search_index.sets.bits import Bits, Numbers
from search_index.sets.document_sets import FewDocuments
from search_index.sets.parted_facet import PartedFacet

# Documents that tell what a text is about. More blur it, fewer may all be wrong.
_BEST = 3

_WEIGHT_DECIMALS = 2

# Of documents without a topic that tells anything, which share none either.
_SHORTEST = np.float32(1e-6)


class Topics:
    """The topics of all documents, as directions: the rarer a topic, the more it tells."""

    def __init__(self, facet: PartedFacet, live: Bits, document_count: int) -> None:
        """A topic is a code of ``facet``; ``live`` are all documents, ``document_count`` in all."""
        self._facet = facet
        counts = np.array(list(facet.counts(live).values()), np.int64)
        rarity = np.log((document_count + 1) / np.maximum(1, counts))
        # Rounded, so that one document more or less rarely changes it.
        self._weights = np.round(rarity, _WEIGHT_DECIMALS).astype(np.float32)

    def favour_alike(self, documents: Numbers, scores: Scores) -> Scores:
        """The scores of some documents, up to doubled by how alike each document's topics are to
        those of the best: not at all if it shares none. As they are where the best have none."""
        if len(documents) <= _BEST:
            return scores
        # With all that tie, so that the order of documents does not matter.
        least = np.partition(scores, -_BEST)[-_BEST]
        best = FewDocuments(documents[scores >= least])
        rows = [self._facet.any_of([code]) for code in self._facet.codes]
        profile = np.array([best.count(best.holding(row)) for row in rows], np.float32)
        profile *= self._weights
        length = np.sqrt(np.square(profile).sum())
        if not length:
            return scores
        every = FewDocuments(documents)
        shared, squares = np.zeros((2, len(documents)), np.float32)
        for row, weight, share in zip(rows, self._weights, profile / length, strict=True):
            held = every.holding(row)
            squares += np.square(weight) * held
            if share:
                shared += share * weight * held
        shared /= np.maximum(np.sqrt(squares), _SHORTEST)
        favoured: Scores = scores * (1 + shared)
        return favoured
