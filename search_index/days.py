"""What a day decides: the status of every document, and the orders that depend on it."""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.segments.builder import UNKNOWN_AMOUNT
from search_index.segments.part import Part
from search_index.segments.ranking import Scores
from search_index.segments.segment_day import CLOSED, CURRENCIES, STATUS_RANKS, SegmentDay
from search_index.sets.bits import Bits, Mask, Numbers
from search_index.sets.orders import Order, greatest
from search_index.sets.parted_facet import PartedFacet
from search_index.types import STATUSES, Sort

# Hits with at least these shares of the best score are about as good as each other.
_GOOD, _FAIR = np.float32(0.4), np.float32(0.1)

_Kind = TypeVar("_Kind", bound=np.generic)

# More than any score, so that groups of hits are told apart before scores are.
_GROUP_STEP = 1e6


class Columns:
    """The values of all documents that no day changes."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    @cached_property
    def amounts(self) -> Numbers:
        """In yen; of unknown ones see ``has_amount``."""
        return _in_a_row([part.segment.arrays["amounts"] for part in self._parts])

    @cached_property
    def has_amount(self) -> Mask:
        """Whose amount is known."""
        known: Mask = self.amounts != UNKNOWN_AMOUNT
        return known

    def id_ranks(self, documents: Numbers) -> NDArray[np.integer]:
        """The places of documents among all by id, so that ties have an order."""
        first = self._parts[0].segment
        if len(self._parts) == 1:
            return first.id_ranks.take(documents)
        places, behind = self._later_ids
        own = first.id_ranks.take(documents, mode="clip")
        in_first = own + np.searchsorted(places, own, side="right")
        later = behind.take(documents - first.slots, mode="clip")
        return np.where(documents < first.slots, in_first, later)

    @cached_property
    def _later_ids(self) -> tuple[Numbers, Numbers]:
        """Most documents are in the first segment, which has their order. Of all others: behind how
        many of the first each comes, ascending, and by their numbers their places among all."""
        first, *others = (part.segment for part in self._parts)
        ids = np.concatenate([other.ids[: other.document_count] for other in others])
        order = np.argsort(ids, kind="stable")
        places = np.searchsorted(
            first.ids[: first.document_count], ids[order], sorter=first.arrays["id_order"]
        )
        start = first.slots
        numbers = [
            np.arange(part.offset, part.offset + part.segment.document_count) - start
            for part in self._parts[1:]
        ]
        ranks = np.zeros(sum(other.slots for other in others), np.int64)
        ranks[np.concatenate(numbers)[order]] = places + np.arange(len(ids))
        return places, ranks


class Day:
    """All documents as they are on one day."""

    def __init__(
        self, columns: Columns, parts: Sequence[SegmentDay], gone: Sequence[Numbers]
    ) -> None:
        """``gone`` has the numbers of the deleted documents of each part."""
        self._columns = columns
        self._parts = parts
        self._statuses = _in_a_row([part.statuses for part in parts])
        self._currencies = _in_a_row([part.currencies for part in parts])
        self._orders: dict[Sort, Order] = {}
        self.statuses = PartedFacet([part.facet for part in parts], gone)
        self.not_closed: Bits = ~self.statuses.any_of([STATUSES[CLOSED]])
        """What is not over; and slots without documents."""

    def order(self, by: Sort) -> Order:
        """An order without scores; kept because pages of one day share it."""
        if by not in self._orders:
            parts = [part.order(by) for part in self._parts]
            self._orders[by] = Order.in_a_row(parts, self._columns.id_ranks)
        return self._orders[by]

    def first_by_relevance(self, documents: Numbers, scores: Scores, limit: int) -> Numbers:
        """Indices of the first of some documents, at most ``limit``, the best for their scores
        before the good before the rest, among them what is current first, and only then by score.
        """
        best = scores.max(initial=0)
        # Where enough are among the best, nothing else can come first.
        considered = np.flatnonzero(scores >= _GOOD * best)
        if len(considered) < limit:
            groups = (scores < _GOOD * best).astype(np.uint8)
            groups += scores < _FAIR * best
            groups *= len(CURRENCIES)
            groups += self._currencies[documents]
            return self._ordered(documents, scores, groups, limit)
        documents, scores = documents[considered], scores[considered]
        first = self._ordered(documents, scores, self._currencies[documents], limit)
        return considered[first]

    def _ordered(
        self, documents: Numbers, scores: Scores, groups: NDArray[np.uint8], limit: int
    ) -> Numbers:
        """Indices of the first documents by group and score, at most ``limit``."""
        candidates = greatest(scores - _GROUP_STEP * groups, limit)
        chosen = documents[candidates]
        order = np.lexsort(
            (
                self._columns.id_ranks(chosen),
                STATUS_RANKS[self._statuses[chosen]],
                -scores[candidates],
                groups[candidates],
            )
        )
        return candidates[order[:limit]]


def _in_a_row(arrays: Sequence[NDArray[_Kind]]) -> NDArray[_Kind]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
