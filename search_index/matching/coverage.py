"""How much of a text a document answers, when answering all of it is not demanded."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.segments.ranking import Real
from search_index.sets.bits import Mask

# A tail is only cut off beyond the first page.
_KEPT = 30

# What answers less than this share of the best answer, or of the text, is no answer.
_LEAST_OF_BEST = 0.15
_LEAST_OF_TEXT = 0.05

# Sums of the same numbers in another order may differ in their last bits.
_ALIKE = 1 - 1e-9

# So many parts make one byte of a document's pattern.
_PARTS_OF_PATTERN = 8


def coverage(parts: Sequence[Mask], document_count: int) -> Real:
    """The share of a text's parts that each document holds, from 0 to 1, by how much they tell.

    ``parts`` has the documents that hold each part, of ``document_count`` in all. A part tells the
    more the fewer hold it. 0 also marks the tail: documents that hold less than an average part
    tells of those held at all, which are those of common words alone, or far less than the best, as
    long as there are others; and in any case next to nothing of the text.
    """
    counts = np.array([np.count_nonzero(part) for part in parts])
    rarity = np.log((document_count + 1) / np.maximum(1, counts))
    # Rarity alone would let odd verbs of a sentence outweigh its subject; the root evens it out.
    tells = np.sqrt(rarity)
    patterns = list(_patterns(parts))
    covered = _sums(tells, patterns)
    if (best := covered.max(initial=0)) > 0:
        least = max(tells[counts > 0].mean(), _LEAST_OF_BEST * best)
        is_kept = covered >= _bounded(least, covered) * _ALIKE
        is_kept &= _sums(rarity, patterns) >= _LEAST_OF_TEXT * rarity.sum()
        covered *= is_kept
    covered /= max(1.0, tells.sum())
    return covered


def _bounded(least: float, covered: Real) -> float:
    """``least``, or less where fewer documents than a page or so reach it."""
    if np.count_nonzero(covered >= least) >= _KEPT:
        return least
    # So few values differ that sorting them all is many times quicker than np.partition.
    return float(np.sort(covered)[-_KEPT]) if len(covered) > _KEPT else 0.0


def _patterns(parts: Sequence[Mask]) -> Iterator[NDArray[np.uint8]]:
    """For each eight parts a byte of every document: which of them it holds."""
    for first in range(0, len(parts), _PARTS_OF_PATTERN):
        pattern = np.zeros(len(parts[0]), np.uint8)
        for bit, part in enumerate(parts[first : first + _PARTS_OF_PATTERN]):
            pattern |= part.view(np.uint8) << np.uint8(bit)
        yield pattern


def _sums(weights: Real, patterns: Sequence[NDArray[np.uint8]]) -> Real:
    """For every document the weights of the parts it holds, added up. So few different sums are
    looked up rather than worked out."""
    total = np.zeros(len(patterns[0]))
    for number, pattern in enumerate(patterns):
        table = np.zeros(1)
        first = number * _PARTS_OF_PATTERN
        for weight in weights[first : first + _PARTS_OF_PATTERN]:
            table = np.concatenate([table, table + weight])
        total += table[pattern]
    return total
