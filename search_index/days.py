"""What a day decides: the status of every document, and the orders that depend on it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from search_index.bits import CodeBits, Mask
from search_index.postings import DocumentRow, Numbers
from search_index.types import STATUSES, Sort

_OPEN, _CLOSING, _UPCOMING, _ALWAYS, _UNKNOWN, _CLOSED = range(len(STATUSES))

# By status: ties of any order end with what can be used now, then what is unclear, then the past.
_STATUS_RANKS = np.array([0, 0, 0, 0, 1, 2])

# By status, for documents without a date to be late for.
_UNDATED_RANKS = np.array([1, 1, 1, 2, 3, 4])

# For relevance: what can be used now, what has to be asked for first, what is over.
_CURRENT, _UNCONFIRMED, _OVER = range(3)
_CURRENCIES = np.array([_CURRENT, _CURRENT, _CURRENT, _CURRENT, _UNCONFIRMED, _OVER])

# Hits with at least these shares of the best score are about as good as each other.
_GOOD, _FAIR = 0.4, 0.1

_UNKNOWN_AMOUNT = -1


class Columns:
    """The sortable values of all documents, and the statuses they go through."""

    def __init__(self, rows: Sequence[DocumentRow]) -> None:
        self.size = len(rows)
        self.published_at = np.array([row.published_at for row in rows], np.int64)
        self.popularity = np.array([row.popularity for row in rows], np.int64)
        self.amounts = np.array(
            [_UNKNOWN_AMOUNT if row.amount_max_yen is None else row.amount_max_yen for row in rows],
            np.int64,
        )
        self.last_known_on = np.array(
            [(row.last_known_on or date.max).toordinal() for row in rows], np.int64
        )
        self.has_amount: Mask = self.amounts != _UNKNOWN_AMOUNT
        periods = [period for row in rows for period in row.periods]
        self._period_owners = np.repeat(
            np.arange(self.size), np.array([len(row.periods) for row in rows], np.int64)
        )
        self._from_on = np.array([period.from_on.toordinal() for period in periods], np.int64)
        self._statuses = np.array([STATUSES.index(period.status) for period in periods], np.int64)
        self._closes_on = np.array(
            [period.closes_on.toordinal() if period.closes_on else 0 for period in periods],
            np.int64,
        )

    def on(self, day: date) -> "Day":
        """What holds on ``day``: of each document its last period begun by then."""
        begun = np.flatnonzero(self._from_on <= day.toordinal())
        current = np.full(self.size, -1, np.int64)
        # Periods lie in the order of their days, and the last assignment of a document stays.
        current[self._period_owners[begun]] = begun
        known = np.flatnonzero(current >= 0)
        statuses = np.full(self.size, _UNKNOWN, np.int64)
        closes_on = np.zeros(self.size, np.int64)
        statuses[known] = self._statuses[current[known]]
        closes_on[known] = self._closes_on[current[known]]
        return Day(self, day, statuses, closes_on)


class Day:
    """All documents as they are on one day."""

    def __init__(self, columns: Columns, day: date, statuses: Numbers, closes_on: Numbers) -> None:
        self._columns = columns
        self._statuses = statuses
        self._closes_on = closes_on
        self._status_ranks = _STATUS_RANKS[statuses]
        self._currencies = np.where(
            columns.last_known_on < day.toordinal(),
            np.maximum(_CURRENCIES[statuses], _UNCONFIRMED),
            _CURRENCIES[statuses],
        )
        self._positions: dict[Sort, Numbers] = {}
        self.status_bits = CodeBits.of([_facet_codes(status) for status in statuses])

    def order(self, documents: Numbers, by: Sort, scores: NDArray[np.float32]) -> Numbers:
        """Indices into ``documents`` that put them in order; ``scores`` are their relevances."""
        if by is Sort.RELEVANCE:
            return self._by_relevance(documents, scores)
        return np.argsort(self._positions_by(by)[documents])

    def _by_relevance(self, documents: Numbers, scores: NDArray[np.float32]) -> Numbers:
        best = scores.max(initial=0)
        classes = (scores < _GOOD * best).astype(np.int8) + (scores < _FAIR * best)
        currencies = self._currencies[documents]
        ranks = self._status_ranks[documents]
        return np.lexsort((documents, ranks, -scores, currencies, classes))

    def _positions_by(self, by: Sort) -> Numbers:
        """The place of each document among all, kept because pages of one day share it."""
        if by not in self._positions:
            # lexsort is stable and takes the most important key last; documents are numbered in
            # the order of their ids, so what is equal in all keys stays in the order of ids.
            order = np.lexsort(self._keys(by))
            positions = np.empty_like(order)
            positions[order] = np.arange(len(order))
            self._positions[by] = positions
        return self._positions[by]

    def _keys(self, by: Sort) -> tuple[Numbers, ...]:
        columns, ranks = self._columns, self._status_ranks
        match by:
            case Sort.DEADLINE:
                is_dated = (self._closes_on > 0) & (self._statuses <= _UPCOMING)
                return (
                    np.where(is_dated, self._closes_on, 0),
                    np.where(is_dated, 0, _UNDATED_RANKS[self._statuses]),
                )
            case Sort.POPULAR:
                return (ranks, -columns.popularity)
            case Sort.AMOUNT:
                return (ranks, -columns.amounts)
            case _:
                return (-columns.published_at, ranks)


def _facet_codes(status: int) -> tuple[str, ...]:
    """What finds a document of a status: what is about to close is open, too."""
    if status == _CLOSING:
        return (STATUSES[_CLOSING], STATUSES[_OPEN])
    return (STATUSES[status],)
