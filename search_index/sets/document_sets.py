"""What a text found, ready to be narrowed: few documents by their numbers, or many as bits.

Both answer the same questions about *subsets*, which can be combined with ``&``: masks over the
few, or bits of all documents.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search_index.sets.bits import Bits, Mask, Numbers, count
from search_index.sets.facet import Counts, Facet

Subset = NDArray[Any]


class DocumentSet(Protocol):
    """Documents, and what can be asked of their subsets."""

    @property
    def everything(self) -> Subset:
        """All of them."""

    def holding(self, bits: Bits) -> Subset:
        """A subset by bits of all documents; of those it has no more may be asked."""

    def count(self, subset: Subset) -> int:
        """How many a subset has."""

    def code_counts(self, facet: Facet, subset: Subset) -> Counts:
        """How many of a subset have each code of a facet."""


class FewDocuments:
    """Documents by their numbers; subsets are masks over them."""

    def __init__(self, documents: Numbers) -> None:
        self._documents = documents
        self._bytes = documents >> 3
        self._bits = np.left_shift(1, documents & 7).astype(np.uint8)

    @property
    def everything(self) -> Mask:
        return np.ones(len(self._documents), bool)

    def holding(self, bits: Bits) -> Mask:
        held: Mask = (bits.view(np.uint8)[self._bytes] & self._bits) != 0
        return held

    def count(self, subset: Mask) -> int:
        return int(np.count_nonzero(subset))

    def code_counts(self, facet: Facet, subset: Mask) -> Counts:
        return facet.counts_of(self._documents[subset])


class ManyDocuments:
    """Documents as bits, as are their subsets."""

    def __init__(self, documents: Bits) -> None:
        self.everything = documents

    def holding(self, bits: Bits) -> Bits:
        return self.everything & bits

    def count(self, subset: Bits) -> int:
        return count(subset)

    def code_counts(self, facet: Facet, subset: Bits) -> Counts:
        return facet.counts(subset)
