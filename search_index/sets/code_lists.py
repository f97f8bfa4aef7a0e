"""The codes of each document, the other way round than bits: quicker to count in few documents."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError
from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Numbers, to_mask

Entries = NDArray[np.unsignedinteger]


class CodeLists(NamedTuple):
    """Of ``k`` codes, an entry below ``k`` is a code that a document has, one below ``2 * k`` takes
    a code away, and ``2 * k`` stands for all codes: what has most codes has all but a few. The
    number after that stands for nothing."""

    entries: Entries
    """Document after document."""
    starts: NDArray[np.uint32] | None
    """Where the entries of each document begin, and the end; None if each has exactly one."""
    codes: int
    """How many there are."""

    @staticmethod
    def nothing(codes: int) -> int:
        """The entry that stands for nothing, of so many codes."""
        return 2 * codes + 1

    @classmethod
    def of(cls, rows: Bits) -> Self:
        """From the documents that have each code."""
        slots = rows.shape[1] * DOCUMENTS_PER_WORD
        held = to_mask(rows.reshape(-1)).reshape(len(rows), slots)
        whole, nothing = 2 * len(rows), cls.nothing(len(rows))
        counts = held.sum(axis=0)
        if counts.max(initial=0) <= 1:
            entries = np.where(counts, held.argmax(axis=0) if len(rows) else 0, nothing)
            return cls(_compact(entries, nothing), None, len(rows))
        has_most = 2 * counts > len(rows)
        documents, codes = np.nonzero((held ^ has_most).T)
        entries = np.where(has_most[documents], codes + len(rows), codes)
        owners = np.append(np.flatnonzero(has_most), documents)
        entries = np.append(np.full(np.count_nonzero(has_most), whole), entries)
        in_order = entries[np.argsort(owners, kind="stable")]
        starts = np.append(0, np.cumsum(np.bincount(owners, minlength=slots)))
        return cls(_compact(in_order, nothing), starts.astype(np.uint32), len(rows))

    def counts(self, documents: Numbers) -> Numbers:
        """How many of some documents have each code.

        :raises SearchUnavailableError: the lists were damaged.
        """
        held = np.bincount(self._entries_of(documents), minlength=2 * self.codes + 1)
        counts: Numbers = held[: self.codes] - held[self.codes : 2 * self.codes]
        counts += held[2 * self.codes]
        return counts

    def _entries_of(self, documents: Numbers) -> Entries:
        if self.starts is None:
            single: Entries = self.entries[documents]
            return single
        starts = self.starts[documents].astype(np.int64)
        sizes = self.starts[documents + 1] - starts
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        if not 0 <= total <= len(self.entries):
            raise SearchUnavailableError("the codes of the documents were damaged")
        places = np.repeat(starts - ends + sizes, sizes)
        places += np.arange(total)
        entries: Entries = self.entries[places]
        return entries


def _compact(entries: Numbers, largest: int) -> Entries:
    return entries.astype(np.min_scalar_type(largest))
