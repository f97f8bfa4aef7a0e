"""The documents whose scores are asked for: most searches need those of a few only."""

import numpy as np

from search_index.sets.bits import Bits, Mask, Numbers, to_mask


class Candidates:
    """Documents as bits, as a mask, and by their numbers, ascending."""

    __slots__ = ("bits", "documents", "mask")

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        self.mask: Mask = to_mask(bits)
        self.documents: Numbers = np.flatnonzero(self.mask)

    def __len__(self) -> int:
        return len(self.documents)

    def among(self, bits: Bits) -> "Candidates":
        """Those that are in ``bits``."""
        return Candidates(self.bits & bits)

    def places_of(self, some: "Candidates") -> Numbers:
        """Where in ``documents`` some of them stand."""
        places: Numbers = np.flatnonzero(some.mask[self.documents])
        return places
