"""Measures of a ranking, and how sure a difference between two engines is.

A ranking is the ids found, best first. Grades are 1 to 3; an id without a grade counts as 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

CUTOFF = 10
"""Ranks that are looked at: what an owner sees without scrolling for long."""

USEFUL = 2
"""The lowest grade that answers a need."""

RESAMPLES = 10_000
_SEED = 20_231


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    @property
    def is_ahead(self) -> bool:
        """Whether all of the interval lies above zero."""
        return self.low > 0


def ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Discounted gain of the first ten against the best order of everything judged, 0 to 1.

    A grade gains ``2**grade - 1``; rank r discounts by ``log2(r + 1)``. The ideal stops
    at ten too.

    :raises ValueError: nothing has a grade, so no order is better than another.
    """
    ideal = _discounted_gain(sorted(grades.values(), reverse=True))
    if not ideal:
        raise ValueError("a query without a judged listing cannot be measured")
    return _discounted_gain([grades.get(id_, 0) for id_ in ranking]) / ideal


def reciprocal_rank(
    ranking: Sequence[str], grades: Mapping[str, int], useful: int = USEFUL
) -> float:
    """One over the rank of the first id with at least grade ``useful``; 0 if none is in ten."""
    for rank, id_ in enumerate(ranking[:CUTOFF], start=1):
        if grades.get(id_, 0) >= useful:
            return 1 / rank
    return 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """The share of all graded ids that are among the first ten.

    :raises ValueError: nothing has a grade.
    """
    if not grades:
        raise ValueError("a query without a judged document cannot be measured")
    return len(grades.keys() & set(ranking[:CUTOFF])) / len(grades)


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """How much higher ``ours`` is on the same queries in the same order.

    Queries are drawn again with replacement ``RESAMPLES`` times from a fixed seed, so the same
    input gives the same interval.

    :raises ValueError: the two are empty or of different length.
    """
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    if not len(differences) or len(ours) != len(theirs):
        raise ValueError("two engines are compared on the same queries, and on at least one")
    # Drawn in parts: all at once would take gigabytes for thousands of questions.
    random = np.random.default_rng(_SEED)
    parts = max(1, len(differences) * RESAMPLES // 5_000_000)
    means = np.concatenate(
        [
            random.choice(differences, (len(part), len(differences))).mean(axis=1)
            for part in np.array_split(np.arange(RESAMPLES), parts)
        ]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(differences.mean()), float(low), float(high))


def _discounted_gain(grades: Sequence[int]) -> float:
    return sum(
        (float(2**grade) - 1) / log2(rank + 1)
        for rank, grade in enumerate(grades[:CUTOFF], start=1)
    )
