"""A facet of documents that lie in several segments, without what was deleted."""

from collections.abc import Sequence

import numpy as np

from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Numbers
from search_index.sets.facet import Counts, Facet


class PartedFacet:
    """The facets of segments whose documents follow each other. They are asked where they are:
    putting them together for every commit would cost more than many searches."""

    def __init__(self, parts: Sequence[Facet], gone: Sequence[Numbers]) -> None:
        """``gone`` has for each part the numbers, within it, of documents that count no more."""
        self._parts = parts
        self.codes = _held_codes(parts, gone)
        """Those that any document has."""
        numbers = {code: number for number, code in enumerate(self.codes)}
        # Counts of codes that none has any more, which are 0, go to a place behind all others.
        self._places = [
            np.arange(len(part.codes))
            if part.codes == self.codes
            else np.array([numbers.get(code, len(numbers)) for code in part.codes], np.intp)
            for part in parts
        ]
        self._ends = np.cumsum([part.slots for part in parts]).tolist()
        self._is_whole = len(parts) == 1 and parts[0].codes == self.codes

    def any_of(self, codes: Sequence[str]) -> Bits:
        """The documents that have at least one of ``codes``, maybe deleted ones too."""
        if len(self._parts) == 1:
            return self._parts[0].any_of(codes)
        return np.concatenate([part.any_of(codes) for part in self._parts])

    def counts(self, among: Bits) -> Counts:
        """How many documents ``among`` those given, of which none is deleted, have each code."""
        if self._is_whole:
            return self._named(self._parts[0].counts(among))
        totals = np.zeros(len(self.codes) + 1, np.int64)
        start = 0
        for part, places, end in zip(self._parts, self._places, self._ends, strict=True):
            words = among[start // DOCUMENTS_PER_WORD : end // DOCUMENTS_PER_WORD]
            totals[places] += part.counts(words)
            start = end
        return self._named(totals)

    def counts_of(self, documents: Sequence[Numbers]) -> Counts:
        """The same for documents by their numbers within each part, part for part."""
        if self._is_whole:
            return self._named(self._parts[0].counts_of(documents[0]))
        totals = np.zeros(len(self.codes) + 1, np.int64)
        for part, places, own in zip(self._parts, self._places, documents, strict=True):
            if len(own):
                totals[places] += part.counts_of(own)
        return self._named(totals)

    def split(self, documents: Numbers) -> list[Numbers]:
        """Documents by their numbers, as ``counts_of`` wants them."""
        if len(self._ends) == 1:
            return [documents]
        split, start = [], 0
        for end in self._ends:
            own = documents[(documents >= start) & (documents < end)]
            split.append(own - start if start else own)
            start = end
        return split

    def _named(self, totals: Numbers) -> Counts:
        return dict(zip(self.codes, totals.tolist(), strict=False))


def _held_codes(parts: Sequence[Facet], gone: Sequence[Numbers]) -> list[str]:
    """The codes that a document has that is not gone, in their order."""
    held = [
        part.codes
        if not len(deleted)
        else [part.codes[row] for row in np.flatnonzero(part.totals > part.counts_of(deleted))]
        for part, deleted in zip(parts, gone, strict=True)
    ]
    return held[0] if len(held) == 1 else sorted(set().union(*held))
