"""How much of a text a document answers, when answering all of it is not demanded."""

from collections.abc import Sequence

import numpy as np

from search_index.bits import Mask
from search_index.ranking import Scores

# A tail is only cut off beyond the first page.
_KEPT = 30

# What answers less than this share of the best answer, or of the text, is no answer.
_LEAST_OF_BEST = 0.15
_LEAST_OF_TEXT = 0.05


def coverage(parts: Sequence[Mask], document_count: int) -> Scores:
    """The share of a text's parts that each document holds, from 0 to 1, by how much they tell.

    ``parts`` has the documents that hold each part, of ``document_count`` in all. A part tells the
    more the fewer hold it. 0 also marks the tail: documents that hold less than an average part
    tells of those held at all, which are those of common words alone, or far less than the best, as
    long as there are others; and in any case next to nothing of the text.
    """
    held = np.array(parts, bool)
    counts = held.sum(axis=1)
    rarity = np.log((document_count + 1) / np.maximum(1, counts))
    # Rarity alone would let odd verbs of a sentence outweigh its subject; the root evens it out.
    tells = np.sqrt(rarity)
    covered: Scores = tells @ held
    if covered.any():
        least = max(tells[counts > 0].mean(), _LEAST_OF_BEST * covered.max())
        kept = np.partition(covered, -_KEPT)[-_KEPT] if len(covered) > _KEPT else 0
        # Sums of the same numbers in another order may differ in their last bits.
        covered[covered < min(least, kept) * (1 - 1e-9)] = 0
        covered[rarity @ held < _LEAST_OF_TEXT * rarity.sum()] = 0
    share: Scores = covered / max(1.0, tells.sum())
    return share
