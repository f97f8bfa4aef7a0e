"""Sets of documents as bits: one row per code, 64 documents per word."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]


def pack(mask: Mask) -> Bits:
    """A mask of documents as bits."""
    padded = np.zeros(_word_count(mask.shape[-1]) * 64, bool)
    padded[: len(mask)] = mask
    return np.packbits(padded, bitorder="little").view(np.uint64)


def unpack(bits: Bits, size: int) -> NDArray[np.int64]:
    """The numbers of the documents in ``bits``, ascending."""
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), count=size, bitorder="little"))


def count(bits: Bits) -> int:
    """How many documents ``bits`` hold."""
    return int(np.bitwise_count(bits).sum())


def _word_count(size: int) -> int:
    return -(-size // 64)


class CodeBits:
    """For each code the documents that have it."""

    def __init__(self, codes: Sequence[str], rows: Bits) -> None:
        self._row_of = {code: row for row, code in enumerate(codes)}
        self._rows = rows

    @classmethod
    def of(cls, codes_of_documents: Sequence[Iterable[str]]) -> Self:
        """From the codes of each document in turn."""
        holders: dict[str, list[int]] = {}
        for number, codes in enumerate(codes_of_documents):
            for code in codes:
                holders.setdefault(code, []).append(number)
        rows = np.zeros((len(holders), _word_count(len(codes_of_documents))), np.uint64)
        for row, code in enumerate(sorted(holders)):
            mask = np.zeros(len(codes_of_documents), bool)
            mask[holders[code]] = True
            rows[row] = pack(mask)
        return cls(sorted(holders), rows)

    def any_of(self, codes: Iterable[str]) -> Bits:
        """The documents that have at least one of ``codes``; unknown codes have none."""
        known = [self._row_of[code] for code in codes if code in self._row_of]
        union: Bits = np.bitwise_or.reduce(self._rows[known], axis=0)
        return union

    def counts(self, among: Bits) -> dict[str, int]:
        """How many documents ``among`` those given have each code."""
        totals = np.bitwise_count(self._rows & among).sum(axis=1, dtype=np.int64)
        return {code: int(totals[row]) for code, row in self._row_of.items()}
