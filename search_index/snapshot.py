"""Everything derived from one state of an index. Engines differ only in where segments come from.

Documents have the numbers of their segments, one segment after the other. Ties are broken by ids,
so equal contents give equal answers however they came about. Snapshots are shared by threads.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from search_index.analysis.grams import Gram
from search_index.cache import BoundedCache
from search_index.days import Columns, Day
from search_index.segments.impacts import Impacts
from search_index.segments.part import Part
from search_index.segments.ranking import Scores, idf, length_factors
from search_index.segments.segment import (
    FACET_NAMES,
    FIELDS_PER_DOCUMENT,
    Segment,
)
from search_index.segments.topics import Topics
from search_index.segments.vocabulary import Closeness
from search_index.sets.bits import Bits, Numbers, pack
from search_index.sets.candidates import Candidates
from search_index.sets.facet import Facet
from search_index.terms.document_terms import FIELD_WEIGHTS, FORMS, TermKind, WordForm

_TOPIC_FACET = "purpose"

_IMPACT_CACHE_BYTES = 40 * 2**20
_BITS_CACHE_BYTES = 12 * 2**20
_UNDERSTANDING_CACHE_BYTES = 32 * 2**20
_FORM_CACHE_BYTES = 2 * 2**20
_BYTES_PER_FORM = 500  # about, with its strings
_DAY_CACHE_BYTES = 8 * 2**20
_BYTES_PER_DAY = 64  # about, for each document, with its orders

# A term with so many times more entries than documents are asked for is not worked out for all, as
# long as it is not asked for again.
_FEW_RATIO = 4

_WEIGHTS = np.zeros(FIELDS_PER_DOCUMENT)
_WEIGHTS[: len(FIELD_WEIGHTS)] = list(FIELD_WEIGHTS.values())


class Snapshot:
    """One state of an index, ready to be searched."""

    def __init__(self, segments: Sequence[tuple[Segment, Numbers]], applied_seq: int) -> None:
        """From segments, each with the numbers of its documents that are deleted."""
        self.applied_seq = applied_seq
        offset = 0
        self._parts: list[Part] = []
        for segment, deleted in segments:
            self._parts.append(Part(segment, deleted, offset))
            offset += segment.slots
        self.slots = offset
        self.document_count = sum(part.document_count for part in self._parts)
        self.columns = Columns(self._parts)
        self.live: Bits = pack(self.columns.live)
        self.facets = {name: self._facet(name) for name in FACET_NAMES}
        self.understandings = BoundedCache[Hashable, Any](
            size_of=lambda understanding: understanding.nbytes,
            capacity=_UNDERSTANDING_CACHE_BYTES,
        )
        self.chunk_bits = BoundedCache[Hashable, Bits](
            size_of=lambda bits: bits.nbytes, capacity=_BITS_CACHE_BYTES
        )
        self._bits = BoundedCache[Hashable, Bits](
            size_of=lambda bits: bits.nbytes, capacity=_BITS_CACHE_BYTES
        )
        self._impacts = BoundedCache[tuple[TermKind, str], Impacts](
            size_of=lambda impacts: impacts.nbytes,
            capacity=_IMPACT_CACHE_BYTES,
        )
        self._forms = BoundedCache[str, Sequence[WordForm]](
            size_of=lambda forms: _BYTES_PER_FORM * (1 + len(forms)), capacity=_FORM_CACHE_BYTES
        )
        # Not of ``self.slots``: in a circle of references, old snapshots would keep their files.
        bytes_per_day = _BYTES_PER_DAY * offset
        self._days = BoundedCache[date, Day](
            size_of=lambda day: bytes_per_day, capacity=_DAY_CACHE_BYTES
        )

    @property
    def segments(self) -> list[Segment]:
        """What it consists of."""
        return [part.segment for part in self._parts]

    @cached_property
    def topics(self) -> Topics:
        """What all documents are about: what they are for."""
        return Topics(self.facets[_TOPIC_FACET].rows, self.document_count)

    def day(self, on: date) -> Day:
        """All documents as they are on a day."""
        return self._days.get(on, lambda: self.columns.on(on))

    def ids_of(self, documents: Sequence[int]) -> list[str]:
        """The ids of documents by their numbers."""
        if len(self._parts) == 1:
            return self._parts[0].ids_of(documents)
        starts = [part.offset for part in self._parts]
        of_parts = [(bisect_right(starts, document) - 1, document) for document in documents]
        return [self._parts[at].ids_of([document])[0] for at, document in of_parts]

    @cached_property
    def revisions(self) -> Mapping[str, int]:
        """The revision of every document, by id."""
        return {
            document_id.decode(): revision
            for part in self._parts
            for document_id, revision in zip(
                part.segment.ids[part.live].tolist(),
                part.segment.arrays["revisions"][part.live].tolist(),
                strict=True,
            )
        }

    def scores_of(self, kind: TermKind, term: str, among: Candidates) -> Scores:
        """What a term adds to the scores of some documents, summed over their fields."""
        impacts = self._impacts.held((kind, term))
        if impacts is None:
            unmet = sum(part.unmet_entries(kind, term) for part in self._parts)
            if _FEW_RATIO * len(among) < unmet:
                impacts = self._load_impacts(kind, term, among)
            else:
                impacts = self._impacts.get((kind, term), lambda: self._load_impacts(kind, term))
        return impacts.scores_of(among.documents)

    def holding(self, word: str) -> Bits:
        """The documents that hold a word, by its normal form."""
        return self._holding(TermKind.WORDS, word)

    def holding_sequence(self, grams: Sequence[Gram]) -> Bits:
        """The documents that hold the grams at the given distances in one text."""
        if len(grams) == 1:
            return self._holding(TermKind.GRAMS, grams[0].term)
        return self._bits.get(tuple(grams), lambda: self._find_sequence(grams))

    def _holding(self, kind: TermKind, term: str) -> Bits:
        return self._bits.get((kind, term), lambda: self._find_holders(kind, term))

    def _find_holders(self, kind: TermKind, term: str) -> Bits:
        mask = np.zeros(self.slots, bool)
        for part in self._parts:
            part.mark_holders(kind, term, mask)
        return pack(mask) & self.live

    def _find_sequence(self, grams: Sequence[Gram]) -> Bits:
        mask = np.zeros(self.slots, bool)
        if grams:
            for part in self._parts:
                mask[part.documents_with_sequence(grams) + part.offset] = True
        return pack(mask) & self.live

    def has_gram(self, term: str) -> bool:
        """Whether any text has a gram, those of deleted documents too."""
        return any(part.has_gram(term) for part in self._parts)

    def forms(self, normal: str) -> Sequence[WordForm]:
        """The ways the index has met a word of this normal form."""
        return self._forms.get(
            normal,
            lambda: [WordForm.from_term(term) for term in self.lexicon(FORMS, f"{normal}\t")],
        )

    def lexicon(self, name: str, prefix: str = "", limit: int | None = None) -> list[str]:
        """The first terms, at most ``limit``, of a dictionary that begin with ``prefix``."""
        return [term for term, _ in self.counted_lexicon(name, prefix, limit)]

    def counted_lexicon(
        self, name: str, prefix: str, limit: int | None = None
    ) -> list[tuple[str, int]]:
        """The same, each with the number of documents it stands in."""
        if len(self._parts) == 1:
            return self._parts[0].counted_terms(name, prefix, limit)
        counts: dict[str, int] = {}
        for part in self._parts:
            for term, count in part.counted_terms(name, prefix, limit):
                counts[term] = counts.get(term, 0) + count
        return sorted(counts.items())[:limit]

    def document_frequency(self, word: str) -> int:
        """How many documents hold a word, by its normal form."""
        return sum(part.document_frequency(word) for part in self._parts)

    def words_like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Words the index has met, deleted documents' too, that look like ``text`` or are read like
        it (``reading``, in katakana)."""
        for part in self._parts:
            yield from part.segment.vocabulary.like(text, reading)

    def _facet(self, name: str) -> Facet:
        facets = [part.segment.facets[name] for part in self._parts]
        if len(facets) == 1 and not self._parts[0].has_deleted:
            return facets[0]
        return Facet.in_a_row(facets, among=self.live)

    def _load_impacts(self, kind: TermKind, term: str, among: Candidates | None = None) -> Impacts:
        """Those of a term on all documents, or some only."""
        holders = np.zeros(FIELDS_PER_DOCUMENT, np.int64)
        for part in self._parts:
            holders += part.holders(kind, term)
        weights = (_WEIGHTS * idf(self.document_count, holders)).astype(np.float32)
        factors = self._length_factors[kind]
        parts = [
            part.worth_among(kind, term, among.mask, weights, factors)
            if among
            else part.worth(kind, term, weights, factors)
            for part in self._parts
        ]
        return Impacts(parts, self.slots)

    @cached_property
    def _length_factors(self) -> Mapping[TermKind, Scores]:
        return {
            kind: length_factors(
                sum(
                    (part.total_lengths(kind) for part in self._parts),
                    np.zeros(FIELDS_PER_DOCUMENT, np.int64),
                ),
                self.document_count,
            ).astype(np.float32)
            for kind in TermKind
        }
