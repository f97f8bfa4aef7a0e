"""The codes of one facet, and the documents that have them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np

from search_index.sets.bits import Bits, Numbers, bits_of
from search_index.sets.code_lists import CodeLists

Counts = Mapping[str, int]

# Counted in pieces that stay in a core's own cache, in words of 64 documents.
_PIECE_WORDS = 32_768


class Facet:
    """Kept both ways: for each code the documents that have it as bits, and for each document its
    codes."""

    def __init__(self, codes: Sequence[str], rows: Bits, lists: CodeLists) -> None:
        """``rows[i]`` are the documents of ``codes[i]``."""
        self.codes = list(codes)
        self.rows = rows
        self.lists = lists
        self._row_of = {code: row for row, code in enumerate(codes)}

    @classmethod
    def of(cls, codes_of_documents: Sequence[Iterable[str]], slots: int) -> Self:
        """From the codes of each document in turn."""
        holders: dict[str, list[int]] = {}
        for number, codes in enumerate(codes_of_documents):
            for code in codes:
                holders.setdefault(code, []).append(number)
        rows = np.zeros((len(holders), slots // 64), np.uint64)
        for row, code in enumerate(sorted(holders)):
            rows[row] = bits_of(np.array(holders[code]), slots)
        return cls(sorted(holders), rows, CodeLists.of(rows))

    @classmethod
    def in_a_row(cls, parts: Sequence["Facet"], among: Bits) -> Self:
        """Of documents that follow each other, for those ``among`` them only, without codes that
        none of these has."""
        codes = sorted({code for part in parts for code in part.codes})
        rows = np.zeros((len(codes), len(among)), np.uint64)
        start = 0
        for part in parts:
            end = start + part.rows.shape[1]
            rows[[codes.index(code) for code in part.codes], start:end] = part.rows
            start = end
        rows &= among
        kept = np.flatnonzero(rows.any(axis=1))
        places = dict(zip([codes[row] for row in kept], range(len(kept)), strict=True))
        lists = CodeLists.in_a_row(
            [part.lists for part in parts],
            [np.array([places.get(code, -1) for code in part.codes], np.int64) for part in parts],
            len(kept),
        )
        return cls(list(places), rows[kept], lists)

    def any_of(self, codes: Iterable[str]) -> Bits:
        """The documents that have at least one of ``codes``; unknown codes have none."""
        known = [self._row_of[code] for code in codes if code in self._row_of]
        union: Bits = (
            self.rows[known[0]]
            if len(known) == 1
            else np.bitwise_or.reduce(self.rows[known], axis=0)
        )
        return union

    def counts(self, among: Bits) -> Counts:
        """How many documents ``among`` those given have each code."""
        totals: list[int] = []
        step = max(1, _PIECE_WORDS // max(1, len(among)))
        for start in range(0, len(self.codes), step):
            held = np.bitwise_count(self.rows[start : start + step] & among)
            totals += held.sum(axis=1, dtype=np.uint32).tolist()
        return dict(zip(self.codes, totals, strict=True))

    def counts_of(self, documents: Numbers) -> Counts:
        """The same for documents by their numbers; quicker for few."""
        return dict(zip(self.codes, self.lists.counts(documents).tolist(), strict=True))
