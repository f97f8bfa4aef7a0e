"""Sets of documents as bits: one row per code, 64 documents per word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

# Counted in pieces that stay in a core's own cache, in words of 64 documents.
_PIECE_WORDS = 32_768


def pack(mask: Mask) -> Bits:
    """A mask of documents, a multiple of 64, as bits."""
    return np.packbits(mask, bitorder="little").view(np.uint64)


def bits_of(documents: NDArray[np.integer], size: int) -> Bits:
    """The given documents, of ``size`` slots, as bits."""
    mask = np.zeros(size, bool)
    mask[documents] = True
    return pack(mask)


def unpack(bits: Bits) -> Numbers:
    """The numbers of the documents in ``bits``, ascending."""
    return np.flatnonzero(to_mask(bits))


def to_mask(bits: Bits) -> Mask:
    """The inverse of ``pack``."""
    mask: Mask = np.unpackbits(bits.view(np.uint8), bitorder="little").view(bool)
    return mask


def count(bits: Bits) -> int:
    """How many documents ``bits`` hold."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


class CodeBits:
    """For each code the documents that have it."""

    def __init__(self, codes: Sequence[str], rows: Bits) -> None:
        """``rows[i]`` are the documents of ``codes[i]``."""
        self.codes = list(codes)
        self.rows = rows
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
        return cls(sorted(holders), rows)

    @classmethod
    def in_a_row(cls, parts: Sequence["CodeBits"]) -> Self:
        """Of documents that follow each other."""
        codes = sorted({code for part in parts for code in part.codes})
        rows = np.zeros((len(codes), sum(part.rows.shape[1] for part in parts)), np.uint64)
        start = 0
        for part in parts:
            end = start + part.rows.shape[1]
            rows[[codes.index(code) for code in part.codes], start:end] = part.rows
            start = end
        return cls(codes, rows)

    def among(self, documents: Bits) -> "CodeBits":
        """The same for some documents only, without codes that none of them has."""
        rows = self.rows & documents
        kept = np.flatnonzero(rows.any(axis=1))
        return CodeBits([self.codes[row] for row in kept], rows[kept])

    def any_of(self, codes: Iterable[str]) -> Bits:
        """The documents that have at least one of ``codes``; unknown codes have none."""
        known = [self._row_of[code] for code in codes if code in self._row_of]
        union: Bits = np.bitwise_or.reduce(self.rows[known], axis=0)
        return union

    def counts(self, among: Bits) -> Mapping[str, int]:
        """How many documents ``among`` those given have each code."""
        totals: list[int] = []
        step = max(1, _PIECE_WORDS // max(1, len(among)))
        for start in range(0, len(self.codes), step):
            held = np.bitwise_count(self.rows[start : start + step] & among)
            totals += held.sum(axis=1, dtype=np.uint32).tolist()
        return dict(zip(self.codes, totals, strict=True))
