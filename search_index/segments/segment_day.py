"""What a day decides for the documents of a segment: their statuses, and orders that follow."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError
from search_index.segments.array_file import Array
from search_index.sets.bits import DOCUMENTS_PER_WORD, Numbers, pack
from search_index.sets.code_lists import CodeLists
from search_index.sets.facet import Facet
from search_index.sets.orders import Order
from search_index.types import STATUSES, Sort

OPEN, CLOSING, UPCOMING, ALWAYS, UNKNOWN, CLOSED = range(len(STATUSES))

STATUS_RANKS = np.array([0, 0, 0, 0, 1, 2], np.uint8)
"""By status: ties of any order end with what can be used now, then what is unclear, then the past.
"""

# By status, for documents without a date to be late for.
_UNDATED_RANKS = np.array([1, 1, 1, 2, 3, 4])

CURRENT, UNCONFIRMED, OVER = CURRENCIES = range(3)
"""For relevance: what can be used now, what has to be asked for first, what is over."""

_CURRENCY_OF = np.array([CURRENT, CURRENT, CURRENT, CURRENT, UNCONFIRMED, OVER], np.uint8)

# More than the days of the calendar and the ranks there are, and numbers of anything else that are
# still told apart.
_MOST_DAYS, _RANK_STEP, _MOST = 2**22, 4, 2**60


class SegmentDay:
    """All documents of a segment, deleted ones too, as they are on one day."""

    def __init__(self, arrays: Mapping[str, Array], document_count: int, day: date) -> None:
        """Of each document its last period begun by then holds.

        :raises SearchUnavailableError: the periods were damaged.
        """
        self._arrays = arrays
        self._document_count = document_count
        per_slot, from_on = arrays["periods/per_slot"], arrays["periods/from_on"]
        self._slots = len(per_slot)
        if per_slot.sum() != len(from_on):
            raise SearchUnavailableError("the periods of the documents were damaged")
        owners = np.repeat(np.arange(self._slots), per_slot)
        begun = np.flatnonzero(from_on <= day.toordinal())
        current = np.full(self._slots, -1, np.int64)
        # Periods lie in the order of their days, and the last assignment of a document stays.
        current[owners[begun]] = begun
        known = np.flatnonzero(current >= 0)
        self.statuses = np.full(self._slots, UNKNOWN, np.uint8)
        self.statuses[known] = arrays["periods/statuses"][current[known]]
        self._closes_on = np.zeros(self._slots, np.int64)
        self._closes_on[known] = arrays["periods/closes_on"][current[known]]
        self.currencies: NDArray[np.uint8] = np.where(
            arrays["last_known_on"] < day.toordinal(),
            np.maximum(_CURRENCY_OF[self.statuses], UNCONFIRMED),
            _CURRENCY_OF[self.statuses],
        ).astype(np.uint8)
        self._orders: dict[Sort, Order] = {}

    @cached_property
    def facet(self) -> Facet:
        """The documents of each status that any has."""
        return _StatusFacet(self.statuses, self._document_count)

    def order(self, by: Sort) -> Order:
        """An order without scores; kept because pages of one day share it."""
        if by not in self._orders:
            self._orders[by] = Order(self._keys(by), self._arrays["id_ranks"].take)
        return self._orders[by]

    def _keys(self, by: Sort) -> Numbers:
        """What decides, the smallest first: what decides first times more than the rest can be."""
        arrays, ranks = self._arrays, STATUS_RANKS[self.statuses].astype(np.int64)
        keys: Numbers
        match by:
            case Sort.DEADLINE:
                is_dated = (self._closes_on > 0) & (self.statuses <= UPCOMING)
                undated = np.where(is_dated, 0, _UNDATED_RANKS[self.statuses])
                keys = undated * _MOST_DAYS + np.where(is_dated, self._closes_on, 0)
            case Sort.POPULAR:
                keys = ranks - np.minimum(arrays["popularity"], _MOST) * _RANK_STEP
            case Sort.AMOUNT:
                keys = ranks - np.minimum(arrays["amounts"], _MOST) * _RANK_STEP
            case _:
                keys = ranks * _MOST - arrays["published_at"].clip(-_MOST // 2, _MOST // 2)
        return keys


class _StatusFacet(Facet):
    """What is about to close is open, too."""

    def __init__(self, statuses: NDArray[np.uint8], document_count: int) -> None:
        own = statuses[:document_count]
        held = {code: own == number for number, code in enumerate(STATUSES)}
        held[STATUSES[OPEN]] |= held[STATUSES[CLOSING]]
        codes = [code for code, mask in held.items() if mask.any()]
        rows = np.zeros((len(codes), len(statuses)), bool)
        for row, code in enumerate(codes):
            rows[row, :document_count] = held[code]
        nothing = CodeLists.nothing(len(codes))
        numbers = [codes.index(code) if code in codes else nothing for code in STATUSES]
        lists = CodeLists(np.array(numbers, np.uint8)[statuses], None, len(codes))
        bits = pack(rows.reshape(-1)).reshape(len(codes), len(statuses) // DOCUMENTS_PER_WORD)
        super().__init__(codes, bits, lists)

    def counts_of(self, documents: Numbers) -> Numbers:
        counts = super().counts_of(documents)
        if STATUSES[CLOSING] in self.row_of:
            counts[self.row_of[STATUSES[OPEN]]] += counts[self.row_of[STATUSES[CLOSING]]]
        return counts
