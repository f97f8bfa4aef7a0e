"""How much of a text a document answers, when answering all of it is not demanded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.segments.ranking import Real
from search_index.sets.bits import Mask, Numbers

# A tail is only cut off beyond the first page.
_KEPT = 30

# What answers less than this share of the best answer, or of the text, is no answer.
_LEAST_OF_BEST = 0.15
_LEAST_OF_TEXT = 0.05

# Sums of the same numbers in another order may differ in their last bits.
_ALIKE = 1 - 1e-9

# So many parts are looked at together: one byte for each document.
_PARTS_OF_PATTERN = 8


class Coverage:
    """The share of a text's parts that each document holds, from 0 to 1, by how much they tell."""

    def __init__(self, parts: Sequence[Mask], document_count: int) -> None:
        """``parts`` has the documents that hold each part, at least one, of ``document_count`` in
        all. A part tells the more the fewer hold it.

        0 also marks the tail: documents that hold less than an average part tells of those held at
        all, which are those of common words alone, or far less than the best, as long as there are
        others; and in any case next to nothing of the text.
        """
        counts = np.array([np.count_nonzero(part) for part in parts])
        rarity = np.log((document_count + 1) / np.maximum(1, counts))
        # Rarity alone would let odd verbs of a sentence outweigh its subject; the root evens it
        # out.
        tells = np.sqrt(rarity)
        # Documents that hold the same parts are looked at together: there are few kinds of them.
        self._kinds, times, held = _kinds_of(parts)
        covered = _sums(tells, held)
        if (best := covered.max(initial=0)) > 0:
            least = max(tells[counts > 0].mean(), _LEAST_OF_BEST * best)
            is_kept = covered >= _bounded(least, covered, times) * _ALIKE
            is_kept &= _sums(rarity, held) >= _LEAST_OF_TEXT * rarity.sum()
            covered *= is_kept
        self._shares: Real = covered / max(1.0, tells.sum())

    @property
    def found(self) -> Mask:
        """Which documents are covered at all."""
        found: Mask = (self._shares > 0).take(self._kinds)
        return found

    def of(self, documents: Numbers) -> Real:
        """The shares of some documents."""
        shares: Real = self._shares.take(self._kinds[documents])
        return shares


def _bounded(least: float, covered: Real, times: Numbers) -> float:
    """``least``, or less where fewer documents than a page or so reach it. So many documents have
    each value."""
    if times[covered >= least].sum() >= _KEPT:
        return least
    greatest_first = np.argsort(-covered)
    at = np.searchsorted(np.cumsum(times[greatest_first]), _KEPT)
    return float(covered[greatest_first[at]]) if at < len(covered) else 0.0


def _kinds_of(parts: Sequence[Mask]) -> tuple[NDArray[np.integer], Numbers, Mask]:
    """The kind of each document, how many are of each kind, and for each kind which parts it
    holds."""
    kinds: NDArray[np.integer] = np.zeros(len(parts[0]), np.uint32)
    times, held = np.array([len(parts[0])]), np.zeros((1, 0), bool)
    for first in range(0, len(parts), _PARTS_OF_PATTERN):
        some = parts[first : first + _PARTS_OF_PATTERN]
        pattern = np.zeros(len(kinds), np.uint8)
        for bit, part in enumerate(some):
            pattern |= part.view(np.uint8) << np.uint8(bit)
        finer = (kinds << _PARTS_OF_PATTERN) | pattern if first else pattern
        times = np.bincount(finer)
        present = np.flatnonzero(times)
        own = (present[:, np.newaxis] >> np.arange(len(some))) & 1
        held = np.hstack((held[present >> _PARTS_OF_PATTERN], own.astype(bool)))
        numbers = np.zeros(len(times), np.uint32)
        numbers[present] = np.arange(len(present), dtype=np.uint32)
        kinds, times = numbers.take(finer), times[present]
    return kinds, times, held


def _sums(weights: Real, held: Mask) -> Real:
    """For each kind the weights of the parts it holds, added up."""
    total = np.zeros(len(held))
    for weight, holders in zip(weights, held.T, strict=True):
        total[holders] += weight
    return total
