"""What a day decides: the status of every document, and the orders that depend on it."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError
from search_index.segments.builder import UNKNOWN_AMOUNT
from search_index.segments.part import Part
from search_index.segments.ranking import Scores
from search_index.sets.bits import Mask, Numbers, pack
from search_index.sets.code_lists import CodeLists
from search_index.sets.facet import Facet
from search_index.sets.orders import Order, greatest
from search_index.types import STATUSES, Sort

_OPEN, _CLOSING, _UPCOMING, _ALWAYS, _UNKNOWN, _CLOSED = range(len(STATUSES))

# By status: ties of any order end with what can be used now, then what is unclear, then the past.
_STATUS_RANKS = np.array([0, 0, 0, 0, 1, 2], np.uint8)

# By status, for documents without a date to be late for.
_UNDATED_RANKS = np.array([1, 1, 1, 2, 3, 4])

# For relevance: what can be used now, what has to be asked for first, what is over.
_CURRENT, _UNCONFIRMED, _OVER = range(3)
_CURRENCIES = np.array([_CURRENT, _CURRENT, _CURRENT, _CURRENT, _UNCONFIRMED, _OVER], np.uint8)

# Hits with at least these shares of the best score are about as good as each other.
_GOOD, _FAIR = np.float32(0.4), np.float32(0.1)

# More than any score, so that groups of hits are told apart before scores are.
_GROUP_STEP = 1e6

# More than the days of the calendar and the ranks there are, and numbers of anything else that are
# still told apart.
_MOST_DAYS, _RANK_STEP, _MOST = 2**22, 4, 2**60


class Columns:
    """The sortable values of all documents, and the statuses they go through."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.slots = sum(part.segment.slots for part in parts)
        self.live: Mask = np.concatenate([np.zeros(0, bool), *(part.live for part in parts)])

    def values(self, name: str) -> Numbers:
        """A stored value of every document."""
        columns = [part.segment.arrays[name] for part in self._parts]
        return columns[0] if len(columns) == 1 else np.concatenate([_NONE, *columns])

    @cached_property
    def amounts(self) -> Numbers:
        """In yen; of unknown ones see ``has_amount``."""
        return self.values("amounts")

    @cached_property
    def has_amount(self) -> Mask:
        """Whose amount is known."""
        known: Mask = self.amounts != UNKNOWN_AMOUNT
        return known

    @cached_property
    def id_ranks(self) -> NDArray[np.integer]:
        """The place of each document among all by id, so that ties have an order."""
        if len(self._parts) == 1:
            return self._parts[0].segment.id_ranks
        ids = np.concatenate([np.zeros(0, "S1"), *(part.segment.ids for part in self._parts)])
        ranks = np.empty(len(ids), np.uint32)
        ranks[np.argsort(ids, kind="stable")] = np.arange(len(ids), dtype=np.uint32)
        return ranks

    def on(self, day: date) -> "Day":
        """What holds on ``day``: of each document its last period begun by then."""
        per_slot, from_on = self.values("periods/per_slot"), self.values("periods/from_on")
        if per_slot.sum() != len(from_on):
            raise SearchUnavailableError("the periods of the documents were damaged")
        owners = np.repeat(np.arange(self.slots), per_slot)
        begun = np.flatnonzero(from_on <= day.toordinal())
        current = np.full(self.slots, -1, np.int64)
        # Periods lie in the order of their days, and the last assignment of a document stays.
        current[owners[begun]] = begun
        known = np.flatnonzero(current >= 0)
        statuses = np.full(self.slots, _UNKNOWN, np.uint8)
        closes_on = np.zeros(self.slots, np.int64)
        statuses[known] = self.values("periods/statuses")[current[known]]
        closes_on[known] = self.values("periods/closes_on")[current[known]]
        return Day(self, day, statuses, closes_on)


_NONE = np.zeros(0, np.int64)


class Day:
    """All documents as they are on one day."""

    def __init__(
        self,
        columns: Columns,
        day: date,
        statuses: NDArray[np.uint8],
        closes_on: Numbers,
    ) -> None:
        self._columns = columns
        self._statuses = statuses
        self._closes_on = closes_on
        self._currencies = np.where(
            columns.values("last_known_on") < day.toordinal(),
            np.maximum(_CURRENCIES[statuses], _UNCONFIRMED),
            _CURRENCIES[statuses],
        )
        self._orders: dict[Sort, Order] = {}
        self.statuses = _status_facet(statuses, columns.live)

    def order(self, by: Sort) -> Order:
        """An order without scores; kept because pages of one day share it."""
        if by not in self._orders:
            self._orders[by] = Order(self._keys(by), self._columns.id_ranks)
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
            groups *= len(_CURRENCY_NAMES)
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
                self._columns.id_ranks[chosen],
                _STATUS_RANKS[self._statuses[chosen]],
                -scores[candidates],
                groups[candidates],
            )
        )
        return candidates[order[:limit]]

    def _keys(self, by: Sort) -> Numbers:
        """What decides, the smallest first: what decides first times more than the rest can be."""
        columns, ranks = self._columns, _STATUS_RANKS[self._statuses].astype(np.int64)
        keys: Numbers
        match by:
            case Sort.DEADLINE:
                is_dated = (self._closes_on > 0) & (self._statuses <= _UPCOMING)
                undated = np.where(is_dated, 0, _UNDATED_RANKS[self._statuses])
                keys = undated * _MOST_DAYS + np.where(is_dated, self._closes_on, 0)
            case Sort.POPULAR:
                keys = ranks - np.minimum(columns.values("popularity"), _MOST) * _RANK_STEP
            case Sort.AMOUNT:
                keys = ranks - np.minimum(columns.amounts, _MOST) * _RANK_STEP
            case _:
                keys = ranks * _MOST - columns.values("published_at").clip(-_MOST // 2, _MOST // 2)
        return keys


_CURRENCY_NAMES = (_CURRENT, _UNCONFIRMED, _OVER)


def _status_facet(statuses: NDArray[np.uint8], live: Mask) -> Facet:
    """The documents of each status that any has. What is about to close is open, too."""
    masks = {code: live & (statuses == number) for number, code in enumerate(STATUSES)}
    masks[STATUSES[_OPEN]] = masks[STATUSES[_OPEN]] | masks[STATUSES[_CLOSING]]
    codes = [code for code, mask in masks.items() if mask.any()]
    rows = np.zeros((len(codes), len(live) // 64), np.uint64)
    for row, code in enumerate(codes):
        rows[row] = pack(masks[code])
    numbers = [codes.index(code) if code in codes else 2 * len(codes) + 1 for code in STATUSES]
    numbers[_CLOSING] = 2 * len(codes)
    both = [[int(code in (STATUSES[_OPEN], STATUSES[_CLOSING])) for code in codes]]
    entries = np.array(numbers, np.uint8)[statuses]
    return Facet(codes, rows, CodeLists(entries, None, np.array(both, np.int64)))
