"""BM25F as Whoosh defines it, over whole arrays."""

import numpy as np
from numpy.typing import NDArray

K1 = 0.5
B = 0.75

SYNONYM_WEIGHT = 0.5
"""What a synonym is worth beside the word that was typed."""

VARIANT_WEIGHT = 0.8
"""What a guess at the writing that was meant is worth beside the one that was typed."""

Scores = NDArray[np.float64]


def length_norms(lengths: NDArray[np.int64]) -> Scores:
    """The part of BM25's denominator that depends on a document's length in one field."""
    average = lengths.sum() / max(1, len(lengths))
    norms: Scores = K1 * ((1 - B) + B * lengths / max(1.0, average))
    return norms


def bm25(frequencies: NDArray[np.int64], norms: Scores, document_count: int) -> Scores:
    """Scores of the documents that hold a term in one field, given their frequencies and norms.

    Whoosh's idf is never negative, also where every document holds the term.
    """
    idf = np.log(document_count / (len(frequencies) + 1)) + 1
    scores: Scores = idf * frequencies * (K1 + 1) / (frequencies + norms)
    return scores
