"""Sets of documents as bits, 64 documents per word."""

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

DOCUMENTS_PER_WORD = 64


def pack(mask: Mask) -> Bits:
    """A mask of documents, a multiple of 64, as bits."""
    return np.packbits(mask, bitorder="little").view(np.uint64)


def bits_of(documents: NDArray[np.integer], size: int) -> Bits:
    """The given documents, of ``size`` slots, as bits."""
    mask = np.zeros(size, bool)
    mask[documents] = True
    return pack(mask)


def to_mask(bits: Bits) -> Mask:
    """The inverse of ``pack``."""
    mask: Mask = np.unpackbits(bits.view(np.uint8), bitorder="little").view(bool)
    return mask


def count(bits: Bits) -> int:
    """How many documents ``bits`` hold."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))
