"""The codes of one facet, and the documents that have them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

import numpy as np

from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Numbers, bits_of
from search_index.sets.code_lists import CodeLists

Counts = Mapping[str, int]

# Counted in pieces that stay in a core's own cache, in words of 64 documents.
_PIECE_WORDS = 32_768


class Facet:
    """The facet of one segment. Kept both ways: for each code the documents that have it as bits,
    and for each document its codes."""

    def __init__(self, codes: Sequence[str], rows: Bits, lists: CodeLists) -> None:
        """``rows[i]`` are the documents of ``codes[i]``."""
        self.codes = list(codes)
        self.rows = rows
        self.lists = lists
        self.row_of = {code: row for row, code in enumerate(codes)}

    @classmethod
    def of(cls, codes_of_documents: Sequence[Iterable[str]], slots: int) -> Self:
        """From the codes of each document in turn."""
        holders: dict[str, list[int]] = {}
        for number, codes in enumerate(codes_of_documents):
            for code in codes:
                holders.setdefault(code, []).append(number)
        rows = np.zeros((len(holders), slots // DOCUMENTS_PER_WORD), np.uint64)
        for row, code in enumerate(sorted(holders)):
            rows[row] = bits_of(np.array(holders[code]), slots)
        return cls(sorted(holders), rows, CodeLists.of(rows))

    @property
    def slots(self) -> int:
        """For how many documents it has room."""
        return DOCUMENTS_PER_WORD * len(self.rows.T)

    @cached_property
    def totals(self) -> Numbers:
        """How many documents have each code."""
        return self.counts(np.full(self.rows.shape[1], -1, np.int64).view(np.uint64))

    def any_of(self, codes: Iterable[str]) -> Bits:
        """The documents that have at least one of ``codes``; unknown codes have none."""
        known = [self.row_of[code] for code in codes if code in self.row_of]
        union: Bits = (
            self.rows[known[0]]
            if len(known) == 1
            else np.bitwise_or.reduce(self.rows[known], axis=0)
        )
        return union

    def counts(self, among: Bits) -> Numbers:
        """How many documents ``among`` those given have each code."""
        step = max(1, _PIECE_WORDS // max(1, len(among)))
        totals = np.zeros(len(self.codes), np.int64)
        for start in range(0, len(self.codes), step):
            held = np.bitwise_count(self.rows[start : start + step] & among)
            totals[start : start + step] = held.sum(axis=1, dtype=np.uint32)
        return totals

    def counts_of(self, documents: Numbers) -> Numbers:
        """The same for documents by their numbers; quicker for few."""
        return self.lists.counts(documents)
