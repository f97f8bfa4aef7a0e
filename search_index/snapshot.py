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
from search_index.segments.builder import build_segment
from search_index.segments.part import Part, TermWeight
from search_index.segments.postings import FIELDS_PER_DOCUMENT
from search_index.segments.ranking import Scores, idf, length_factors
from search_index.segments.segment import Segment
from search_index.segments.topics import Topics
from search_index.segments.vocabulary import Closeness
from search_index.sets.bits import Bits, Numbers, count, pack
from search_index.sets.candidates import Candidates
from search_index.sets.parted_facet import PartedFacet
from search_index.terms.document_terms import FIELD_WEIGHTS, FORMS, TermKind, WordForm

_TOPIC_FACET = "purpose"

_BITS_CACHE_BYTES = 12 * 2**20
_UNDERSTANDING_CACHE_BYTES = 32 * 2**20
_WEIGHT_CACHE_BYTES = 2 * 2**20
_BYTES_PER_WEIGHT = 600  # about, with its key
_FORM_CACHE_BYTES = 2 * 2**20
_BYTES_PER_FORM = 500  # about, with its strings
_DAY_CACHE_BYTES = 2 * 2**20
_BYTES_PER_DAY = 2  # about, for each document; segments keep the rest

_WEIGHTS = np.zeros(FIELDS_PER_DOCUMENT)
_WEIGHTS[: len(FIELD_WEIGHTS)] = list(FIELD_WEIGHTS.values())

_NONE = np.zeros(0, np.int64)


class Snapshot:
    """One state of an index, ready to be searched.

    Making one takes little: what a segment says to a question is kept by the segment, for this and
    later snapshots, and put together here when it is asked for.
    """

    def __init__(self, segments: Sequence[tuple[Segment, Numbers]], applied_seq: int) -> None:
        """From segments, each with the numbers of its documents that are deleted."""
        self.applied_seq = applied_seq
        offset = 0
        self._parts: list[Part] = []
        for segment, deleted in segments or [(Segment(build_segment([])), _NONE)]:
            self._parts.append(Part(segment, deleted, offset))
            offset += segment.slots
        self.slots = offset
        self._starts = np.array([part.offset for part in self._parts])
        self.document_count = sum(part.document_count for part in self._parts)
        self.columns = Columns(self._parts)
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
        self._term_weights = BoundedCache[tuple[TermKind, str], TermWeight](
            size_of=lambda weight: _BYTES_PER_WEIGHT, capacity=_WEIGHT_CACHE_BYTES
        )
        self._forms = BoundedCache[str, Sequence[WordForm]](
            size_of=lambda forms: _BYTES_PER_FORM * (1 + len(forms)), capacity=_FORM_CACHE_BYTES
        )
        self._facets: dict[str, PartedFacet] = {}
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
    def live(self) -> Bits:
        """All documents."""
        return np.concatenate([pack(part.live) for part in self._parts])

    @cached_property
    def topics(self) -> Topics:
        """What all documents are about: what they are for."""
        return Topics(self.facet(_TOPIC_FACET), self.live, self.document_count)

    def facet(self, name: str) -> PartedFacet:
        """A facet of all documents."""
        if name not in self._facets:
            facets = [part.segment.facets[name] for part in self._parts]
            self._facets[name] = PartedFacet(facets, self._gone)
        return self._facets[name]

    def day(self, on: date) -> Day:
        """All documents as they are on a day."""
        return self._days.get(
            on,
            lambda: Day(self.columns, [part.segment.on(on) for part in self._parts], self._gone),
        )

    @property
    def _gone(self) -> list[Numbers]:
        return [part.gone for part in self._parts]

    def ids_of(self, documents: Sequence[int]) -> list[str]:
        """The ids of documents by their numbers."""
        starts = self._starts.tolist()
        return [
            self._parts[bisect_right(starts, document) - 1].id_of(document)
            for document in documents
        ]

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
        weight = self._term_weights.get((kind, term), lambda: self._weigh(kind, term))
        bounds = among.bounds(self._starts)
        scores = np.zeros(len(among), np.float32)
        for number in weight.parts:
            at = slice(bounds[number], bounds[number + 1])
            if at.start < at.stop:
                scores[at] = self._parts[number].scores_of(kind, term, among, at, weight)
        return scores

    def _weigh(self, kind: TermKind, term: str) -> TermWeight:
        parts = [number for number, part in enumerate(self._parts) if part.has(kind, term)]
        holders = np.zeros(FIELDS_PER_DOCUMENT, np.int64)
        for number in parts:
            holders += self._parts[number].holders(kind, term)
        weights = (_WEIGHTS * idf(self.document_count, holders)).astype(np.float32)
        return TermWeight.of(parts, weights, self._length_factors[kind])

    def holding(self, word: str) -> Bits:
        """The documents that hold a word, by its normal form."""
        return self._holding(TermKind.WORDS, word)

    def holding_sequence(self, grams: Sequence[Gram]) -> Bits:
        """The documents that hold the grams at the given distances in one text."""
        if len(grams) == 1:
            return self._holding(TermKind.GRAMS, grams[0].term)
        return self._bits.get(
            tuple(grams),
            lambda: self._in_a_row([part.holding_sequence(grams) for part in self._parts]),
        )

    def _holding(self, kind: TermKind, term: str) -> Bits:
        return self._bits.get(
            (kind, term),
            lambda: self._in_a_row([part.holding(kind, term) for part in self._parts]),
        )

    def _in_a_row(self, found: Sequence[Bits | None]) -> Bits:
        """The live ones of what was found in each part."""
        row = np.zeros(len(self.live), np.uint64)
        for part, bits in zip(self._parts, found, strict=True):
            if bits is not None:
                row[part.words] = bits
        row &= self.live
        return row

    def has_gram(self, term: str) -> bool:
        """Whether any text has a gram, those of deleted documents too."""
        return any(part.has(TermKind.GRAMS, term) for part in self._parts)

    def forms(self, normal: str) -> Sequence[WordForm]:
        """The ways the index has met a word of this normal form."""
        return self._forms.get(
            normal,
            lambda: [WordForm.from_term(term) for term in self.lexicon(FORMS, f"{normal}\t")],
        )

    def lexicon(self, name: str, prefix: str = "", limit: int | None = None) -> list[str]:
        """The first terms, at most ``limit``, of a dictionary that begin with ``prefix``."""
        if len(self._parts) == 1:
            return self._parts[0].terms(name, prefix, limit)
        terms = {term for part in self._parts for term in part.terms(name, prefix, limit)}
        return sorted(terms)[:limit]

    def counted_lexicon(
        self, name: str, prefix: str, limit: int | None = None
    ) -> list[tuple[str, int]]:
        """The same, each with the number of documents it stands in."""
        if len(self._parts) == 1:
            return self._parts[0].counted_terms(name, prefix, limit)
        counts: dict[str, int] = {}
        for part in self._parts:
            for term, held in part.counted_terms(name, prefix, limit):
                counts[term] = counts.get(term, 0) + held
        return sorted(counts.items())[:limit]

    def document_frequency(self, word: str) -> int:
        """How many documents hold a word, by its normal form."""
        return count(self.holding(word))

    def words_like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Words the index has met, deleted documents' too, that look like ``text`` or are read like
        it (``reading``, in katakana)."""
        for part in self._parts:
            yield from part.segment.vocabulary.like(text, reading)

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
