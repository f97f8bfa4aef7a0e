"""Orders of all documents, of which a page shows the beginning. Equals are ordered by id."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.sets.bits import Mask, Numbers

# So many documents are put in order at first. Those found are looked for among them, and all others
# are only sorted if that is not enough.
_STEP = 4096

_SAMPLE_STEP = 16

_NONE = np.zeros(0, np.int64)

IdRanks = Callable[[Numbers], NDArray[np.integer]]


class Order:
    """Documents by a key of each, the smallest first."""

    def __init__(
        self,
        keys: Numbers,
        id_ranks: IdRanks,
        parts: Sequence["Order"] = (),
    ) -> None:
        """``id_ranks`` gives the places of documents by id. ``parts`` are the orders this one was
        put together from, if there are any."""
        self._keys = keys
        self._id_ranks = id_ranks
        self._parts = parts

    @classmethod
    def in_a_row(cls, parts: Sequence["Order"], id_ranks: IdRanks) -> "Order":
        """Of the documents of several orders, one order's after the other's."""
        if len(parts) == 1:
            return parts[0]
        return cls(np.concatenate([part._keys for part in parts]), id_ranks, parts)

    def first_of(self, documents: Numbers, limit: int) -> Numbers:
        """Indices of the first of some documents, at most ``limit``."""
        keys = self._keys[documents]
        candidates = greatest(-keys, limit)
        ranks = self._id_ranks(documents[candidates])
        return candidates[np.lexsort((ranks, keys[candidates]))[:limit]]

    def first_in(self, found: Mask, limit: int) -> Numbers:
        """The first of all documents that were found, at most ``limit``; quicker where many are."""
        first = [self._beginning[found[self._beginning]][:limit]]
        missing = min(limit, int(np.count_nonzero(found))) - len(first[0])
        for start in range(_STEP, len(found) if missing > 0 else 0, _STEP):
            step = self._everything[start : start + _STEP]
            first.append(step[found[step]][:missing])
            missing -= len(first[-1])
            if missing <= 0:
                break
        return np.concatenate(first)

    @cached_property
    def _beginning(self) -> Numbers:
        """What comes first is among what comes first of each part."""
        starts = np.cumsum([0, *(len(part._keys) for part in self._parts)])
        every = [part._beginning + start for part, start in zip(self._parts, starts, strict=False)]
        likely = np.concatenate(every) if every else np.arange(len(self._keys))
        return likely[self.first_of(likely, _STEP)]

    @cached_property
    def _everything(self) -> Numbers:
        return np.lexsort((self._id_ranks(np.arange(len(self._keys))), self._keys))


def greatest(keys: NDArray[np.number], limit: int) -> Numbers:
    """Indices that hold the ``limit`` greatest keys, with all ties of the last."""
    if limit >= len(keys):
        return np.arange(len(keys))
    if limit <= 0:
        return _NONE
    # The last of the greatest of some is not above the last of the greatest of all.
    some = keys[::_SAMPLE_STEP]
    if len(some) < limit:
        return np.flatnonzero(keys >= _nth_greatest(keys, limit))
    likely = np.flatnonzero(keys >= _nth_greatest(some, limit))
    return likely[keys[likely] >= _nth_greatest(keys[likely], limit)]


def _nth_greatest(keys: NDArray[np.number], number: int) -> np.number:
    nth: np.number = np.partition(keys, len(keys) - number)[len(keys) - number]
    return nth
