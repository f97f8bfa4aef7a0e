"""A segment: documents that never change. ``layout`` and ``postings`` tell of its arrays."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import is_single_character
from search_index.cache import BoundedCache
from search_index.errors import SearchUnavailableError
from search_index.segments.dictionary import Dictionary
from search_index.segments.impacts import Impacts
from search_index.segments.layout import FACET_NAMES, SegmentData
from search_index.segments.postings import Entries, Postings
from search_index.segments.segment_day import SegmentDay
from search_index.segments.vocabulary import VOCABULARY_ARRAYS, Vocabulary
from search_index.sets.bits import Bits, Numbers
from search_index.sets.code_lists import CodeLists
from search_index.sets.facet import Facet
from search_index.terms.document_terms import DICTIONARIES, FORMS, TermKind

_IMPACTS_CACHE_BYTES = 80 * 2**20
_BITS_CACHE_BYTES = 12 * 2**20
_MERGED_CACHE_BYTES = 8 * 2**20
_HOLDERS_CACHE_BYTES = 2 * 2**20
_BYTES_PER_HOLDERS = 400  # about, with its key
_MET_CACHE_BYTES = 2 * 2**20
_BYTES_PER_MET = 250  # likewise
_DAY_CACHE_BYTES = 8 * 2**20
_BYTES_PER_DAY = 64  # about, for each document, with its orders


class Segment:
    """The arrays of one segment by what they mean."""

    def __init__(self, data: SegmentData) -> None:
        """Take stored arrays as they are.

        :raises SearchUnavailableError: they are not what a segment consists of.
        """
        self.arrays, self.meta = data.arrays, data.meta
        try:
            self.document_count: int = data.meta["document_count"]
            self.ids = self.arrays["ids"]
            self.id_ranks = self.arrays["id_ranks"]
            self.document_starts = self.arrays["document_starts"]
            self.facets = {name: self._facet(name) for name in FACET_NAMES}
            self.lengths = {kind: self.arrays[f"lengths/{kind}"] for kind in TermKind}
            self.total_lengths = {kind: self.arrays[f"total_lengths/{kind}"] for kind in TermKind}
            """By text field, the number of terms of all documents, deleted ones too."""
            self.postings = {name: self._postings(name) for name in (*TermKind, *DICTIONARIES)}
            self._vocabulary = {
                name: self.arrays[f"vocabulary/{name}"] for name in VOCABULARY_ARRAYS
            }
        except (KeyError, TypeError, ValueError) as error:
            raise SearchUnavailableError(f"not a segment: {error!r}") from error
        self.slots = len(self.ids)
        # What was worked out for a term holds for every snapshot of the segment.
        self.impacts = BoundedCache[Hashable, Impacts](
            size_of=lambda impacts: impacts.nbytes, capacity=_IMPACTS_CACHE_BYTES
        )
        self.bits = BoundedCache[Hashable, Bits](
            size_of=lambda bits: bits.nbytes, capacity=_BITS_CACHE_BYTES
        )
        self.merged = BoundedCache[Hashable, Entries](
            size_of=lambda merged: merged.nbytes, capacity=_MERGED_CACHE_BYTES
        )
        self.holders = BoundedCache[Hashable, Numbers](
            size_of=lambda holders: _BYTES_PER_HOLDERS, capacity=_HOLDERS_CACHE_BYTES
        )
        self._met = BoundedCache[Hashable, bool](
            size_of=lambda is_met: _BYTES_PER_MET, capacity=_MET_CACHE_BYTES
        )
        # Not of ``self``: in a circle of references, segments would keep their files.
        bytes_per_day = _BYTES_PER_DAY * self.slots
        self._days = BoundedCache[date, SegmentDay](
            size_of=lambda day: bytes_per_day, capacity=_DAY_CACHE_BYTES
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words of its documents, of those deleted since too."""
        return Vocabulary(self._vocabulary, self.postings[FORMS].dictionary)

    @property
    def position_count(self) -> int:
        """How many positions its texts take."""
        return int(self.document_starts[-1])

    def number_of(self, document_id: str) -> int | None:
        """The number of a document, or None."""
        wanted = document_id.encode()
        order = self.arrays["id_order"]
        at = int(np.searchsorted(self.ids[: self.document_count], wanted, sorter=order))
        if at == self.document_count or self.ids[order[at]] != wanted:
            return None
        return int(order[at])

    def is_met(self, kind: TermKind, term: str) -> bool:
        """Whether this was asked of the term before, which it was from then on."""
        if self._met.held((kind, term)) is None:
            self._met.get((kind, term), lambda: True)
            return False
        return True

    def numbers_of(self, kind: TermKind, term: str) -> Sequence[int]:
        """The terms of a dictionary that are occurrences of ``term``: itself, and for a character
        alone all that begin with it."""
        dictionary = self.postings[kind].dictionary
        if kind is TermKind.GRAMS and is_single_character(term):
            return dictionary.numbers(term)
        number = dictionary.number(term)
        return () if number is None else (number,)

    def documents_at(self, positions: NDArray[np.uint32]) -> Numbers:
        """The documents in whose texts the positions lie."""
        return np.searchsorted(self.document_starts, positions, side="right") - 1

    def live(self, deleted: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which slots hold a document that is not deleted."""
        mask = np.zeros(self.slots, bool)
        mask[: self.document_count] = True
        mask[deleted] = False
        return mask

    def on(self, day: date) -> SegmentDay:
        """All documents as they are on a day.

        :raises SearchUnavailableError: the segment was damaged.
        """
        return self._days.get(day, lambda: SegmentDay(self.arrays, self.document_count, day))

    def _facet(self, name: str) -> Facet:
        arrays, prefix = self.arrays, f"facets/{name}"
        codes = self.meta["codes"][name]
        lists = CodeLists(arrays[f"{prefix}/entries"], arrays.get(f"{prefix}/starts"), len(codes))
        return Facet(codes, arrays[f"{prefix}/rows"], lists)

    def _postings(self, name: str) -> Postings:
        arrays = self.arrays
        return Postings(
            Dictionary(*(arrays[f"{name}/{of}"] for of in ("text", "starts", "keys"))),
            arrays[f"{name}/entry_starts"],
            arrays[f"{name}/entries"],
            arrays[f"{name}/counts"],
            arrays.get(f"{name}/position_starts"),
            arrays.get(f"{name}/positions"),
        )
