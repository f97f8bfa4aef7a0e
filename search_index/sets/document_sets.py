"""What a text found, ready to be narrowed: few documents by their numbers, or many as bits.

Both answer the same questions about *subsets*, which can be combined with ``&``: masks over the
few, or bits of all documents.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search_index.sets.bits import Bits, Mask, Numbers, count
from search_index.sets.facet import Counts
from search_index.sets.parted_facet import PartedFacet

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

    def code_counts(
        self, facets: Mapping[str, PartedFacet], subset: Subset
    ) -> Mapping[str, Counts]:
        """How many of a subset have each code of some facets, all of the same segments."""


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

    def code_counts(self, facets: Mapping[str, PartedFacet], subset: Mask) -> Mapping[str, Counts]:
        counts: dict[str, Counts] = {}
        parts = None
        for name, facet in facets.items():
            if parts is None:
                parts = facet.split(self._documents[subset])
            counts[name] = facet.counts_of(parts)
        return counts


class ManyDocuments:
    """Documents as bits, as are their subsets."""

    def __init__(self, documents: Bits) -> None:
        self.everything = documents

    def holding(self, bits: Bits) -> Bits:
        return self.everything & bits

    def count(self, subset: Bits) -> int:
        return count(subset)

    def code_counts(self, facets: Mapping[str, PartedFacet], subset: Bits) -> Mapping[str, Counts]:
        return {name: facet.counts(subset) for name, facet in facets.items()}
