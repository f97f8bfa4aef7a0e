"""The documents whose scores are asked for: most searches need those of a few only."""

import numpy as np

from search_index.sets.bits import Bits, Mask, Numbers, to_mask


class Candidates:
    """Documents as bits, as a mask, and by their numbers, ascending."""

    __slots__ = ("_bounds", "bits", "documents", "mask")

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        self.mask: Mask = to_mask(bits)
        self.documents: Numbers = np.flatnonzero(self.mask)
        self._bounds: list[int] | None = None

    def __len__(self) -> int:
        return len(self.documents)

    def among(self, bits: Bits) -> "Candidates":
        """Those that are in ``bits``."""
        return Candidates(self.bits & bits)

    def bounds(self, starts: Numbers) -> list[int]:
        """Where in ``documents`` those of each segment begin, and the end, for the numbers of the
        segments' first documents. All segments are of one snapshot, so they are looked up once."""
        if self._bounds is None:
            self._bounds = [*np.searchsorted(self.documents, starts).tolist(), len(self.documents)]
        return self._bounds

    def places_of(self, some: "Candidates") -> Numbers:
        """Where in ``documents`` some of them stand."""
        places: Numbers = np.flatnonzero(some.mask[self.documents])
        return places
