"""The codes of each document, the other way round than bits: quicker to count in few documents."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError
from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Numbers, to_mask

Entries = NDArray[np.unsignedinteger]


class CodeLists(NamedTuple):
    """Of ``k`` codes, an entry below ``k`` is a code that a document has, one below ``2 * k`` takes
    a code away, and those after them stand for all codes of a row of ``groups``: what has most
    codes has all but a few. The number after the last group stands for nothing."""

    entries: Entries
    """Document after document."""
    starts: NDArray[np.uint32] | None
    """Where the entries of each document begin, and the end; None if each has exactly one."""
    groups: NDArray[np.int64]
    """For each group and code 1 or 0."""

    @classmethod
    def stored(cls, entries: Entries, starts: NDArray[np.uint32] | None, codes: int) -> Self:
        """As ``of`` made them, for so many codes: the one group is all codes."""
        return cls(entries, starts, np.ones((1, codes), np.int64))

    @classmethod
    def of(cls, rows: Bits) -> Self:
        """From the documents that have each code."""
        slots = rows.shape[1] * DOCUMENTS_PER_WORD
        held = to_mask(rows.reshape(-1)).reshape(len(rows), slots)
        whole, nothing = 2 * len(rows), 2 * len(rows) + 1
        counts = held.sum(axis=0)
        if counts.max(initial=0) <= 1:
            entries = np.where(counts, held.argmax(axis=0) if len(rows) else 0, nothing)
            return cls.stored(_compact(entries, nothing), None, len(rows))
        has_most = 2 * counts > len(rows)
        documents, codes = np.nonzero((held ^ has_most).T)
        entries = np.where(has_most[documents], codes + len(rows), codes)
        owners = np.append(np.flatnonzero(has_most), documents)
        entries = np.append(np.full(np.count_nonzero(has_most), whole), entries)
        in_order = entries[np.argsort(owners, kind="stable")]
        starts = np.append(0, np.cumsum(np.bincount(owners, minlength=slots)))
        return cls.stored(_compact(in_order, nothing), starts.astype(np.uint32), len(rows))

    @classmethod
    def in_a_row(cls, parts: Sequence["CodeLists"], places: Sequence[Numbers], codes: int) -> Self:
        """Of documents that follow each other. ``places`` has for each part the new numbers of its
        codes, of ``codes`` in all, or -1 for a code that no document has any more."""
        nothing = 2 * codes + sum(len(part.groups) for part in parts)
        entries: list[Numbers] = [np.zeros(0, np.int64)]
        groups: list[NDArray[np.int64]] = [np.zeros((0, codes), np.int64)]
        for part, place in zip(parts, places, strict=True):
            known = place >= 0
            first = 2 * codes + sum(len(group) for group in groups)
            numbers = [
                np.where(known, place, nothing),
                np.where(known, place + codes, nothing),
                np.arange(first, first + len(part.groups)),
                np.array([nothing]),
            ]
            entries.append(np.concatenate(numbers)[part.entries])
            moved = np.zeros((len(part.groups), codes), np.int64)
            moved[:, place[known]] = part.groups[:, known]
            groups.append(moved)
        starts = None
        if any(part.starts is not None for part in parts):
            sizes = np.concatenate([part.sizes for part in parts])
            starts = np.append(0, np.cumsum(sizes)).astype(np.uint32)
        return cls(_compact(np.concatenate(entries), nothing), starts, np.concatenate(groups))

    @property
    def sizes(self) -> Numbers:
        """How many entries each document has."""
        if self.starts is None:
            return np.ones(len(self.entries), np.int64)
        return np.diff(self.starts).astype(np.int64)

    def counts(self, documents: Numbers) -> Numbers:
        """How many of some documents have each code.

        :raises SearchUnavailableError: the lists were damaged.
        """
        codes, groups = self.groups.shape[1], len(self.groups)
        entries = self._entries_of(documents)
        held = np.bincount(entries, minlength=2 * codes + groups)
        counts: Numbers = held[:codes] - held[codes : 2 * codes]
        return counts + held[2 * codes : 2 * codes + groups] @ self.groups

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
