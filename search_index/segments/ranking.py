"""BM25F as Whoosh defines it, over the entries of a term in whole arrays."""

import numpy as np
from numpy.typing import NDArray

K1 = 0.5
B = 0.5

SYNONYM_WEIGHT = np.float32(0.5)
"""What a synonym is worth beside the word that was typed."""

EXPANSION_WEIGHT = np.float32(1.0)
"""What a word of the field is worth where people told what they need in their own words."""

VARIANT_WEIGHT = np.float32(0.8)
"""What a guess at the writing that was meant is worth beside the one that was typed."""

_IDF_DECIMALS = 2
_AVERAGE_DIGITS = 3

Scores = NDArray[np.float32]
Real = NDArray[np.float64]


def idf(document_count: int, holders: NDArray[np.int64]) -> Real:
    """How telling a term is in each field, given how many of all documents hold it there.

    Whoosh's is never negative, also where every document holds the term. Rounded, so that one
    document more or less rarely changes it, and what was worked out with it can be kept.
    """
    return np.round(np.log(max(1, document_count) / (holders + 1)) + 1, _IDF_DECIMALS)


def length_factors(total_lengths: NDArray[np.int64], document_count: int) -> Real:
    """By field, what one term more in a document adds to BM25's denominator. Rounded as ``idf``."""
    averages = np.maximum(1.0, total_lengths / max(1, document_count))
    steps = 10.0 ** (np.floor(np.log10(averages)) - _AVERAGE_DIGITS + 1)
    return K1 * B / (np.round(averages / steps) * steps)


def saturation(counts: NDArray[np.uint8], length_parts: Scores) -> Scores:
    """BM25 of entries but for the idf: how often a term stands there, for so long a text.

    ``length_parts`` are the lengths times their fields' ``length_factors``.
    """
    frequencies = counts.astype(np.float32)
    saturated: Scores = frequencies * np.float32(K1 + 1)
    saturated /= frequencies + length_parts + np.float32(K1 * (1 - B))
    return saturated
