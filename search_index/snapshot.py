"""Everything derived from one state of an index. Engines differ only in where segments come from.

Documents have the numbers of their segments, one segment after the other. Ties are broken by ids,
so equal contents give equal answers however they came about. Snapshots are shared by threads.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import Gram
from search_index.bits import Bits, CodeBits, Numbers, bits_of, pack
from search_index.cache import BoundedCache
from search_index.days import Columns, Day
from search_index.document_terms import FIELD_WEIGHTS, FORMS, TermKind, WordForm
from search_index.ranking import Scores, idf, length_factors, saturation
from search_index.scored_set import ScoredSet
from search_index.segments.array_file import Array
from search_index.segments.part import Part
from search_index.segments.segment import (
    FACET_NAMES,
    FIELD_BITS,
    FIELD_MASK,
    FIELDS_PER_DOCUMENT,
    Segment,
)
from search_index.vocabulary import Vocabulary

_IMPACT_CACHE_BYTES = 24 * 2**20
_MATCH_CACHE_BYTES = 24 * 2**20
_FORM_CACHE_BYTES = 2 * 2**20
_BYTES_PER_FORM = 500  # about, with its strings
_DAY_CACHE_BYTES = 8 * 2**20
_BYTES_PER_DAY = 64  # about, for each document, with its orders

_WEIGHTS = np.zeros(FIELDS_PER_DOCUMENT)
_WEIGHTS[: len(FIELD_WEIGHTS)] = list(FIELD_WEIGHTS.values())

Documents = NDArray[np.uint32]


class Impacts(NamedTuple):
    """The documents that hold a term in any field, ascending, and what it adds to their scores."""

    documents: Documents
    scores: Scores


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
        self.live: Bits = pack(_joined([part.live for part in self._parts], bool))
        self.columns = Columns(self._parts)
        self.facets = {name: self._facet(name) for name in FACET_NAMES}
        self.chunk_matches = BoundedCache[Hashable, ScoredSet](
            size_of=lambda scored: scored.nbytes, capacity=_MATCH_CACHE_BYTES
        )
        self._impacts = BoundedCache[tuple[TermKind, str], Impacts](
            size_of=lambda impacts: impacts.documents.nbytes + impacts.scores.nbytes,
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

    def day(self, on: date) -> Day:
        """All documents as they are on a day."""
        return self._days.get(on, lambda: self.columns.on(on))

    def id_of(self, document: int) -> str:
        """The id of a document by its number."""
        for part in reversed(self._parts):
            if document >= part.offset:
                return bytes(part.segment.ids[document - part.offset]).decode()
        raise IndexError(document)

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

    def impacts(self, kind: TermKind, term: str) -> Impacts:
        """What a term adds to the documents that hold it, summed over their fields."""
        return self._impacts.get((kind, term), lambda: self._load_impacts(kind, term))

    def holding(self, word: str) -> Bits:
        """The documents that hold a word, by its normal form."""
        return bits_of(self.impacts(TermKind.WORDS, word).documents, self.slots)

    def holding_sequence(self, grams: Sequence[Gram]) -> Bits:
        """The documents that hold the grams at the given distances in one text."""
        if len(grams) == 1:
            return bits_of(self.impacts(TermKind.GRAMS, grams[0].term).documents, self.slots)
        mask = np.zeros(self.slots, bool)
        if grams:
            for part in self._parts:
                mask[part.documents_with_sequence(grams) + part.offset] = True
        return pack(mask) & self.live

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
        found = {term for part in self._parts for term in part.terms(name, prefix, limit)}
        return sorted(found)[:limit]

    def document_frequency(self, word: str) -> int:
        """How many documents hold a word, by its normal form."""
        return sum(part.document_frequency(word) for part in self._parts)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words the index has met."""
        return Vocabulary(map(WordForm.from_term, self.lexicon(FORMS)))

    def _facet(self, name: str) -> CodeBits:
        rows = [part.segment.facets[name] for part in self._parts]
        if len(rows) == 1 and not self._parts[0].has_deleted:
            return rows[0]
        return CodeBits.in_a_row(rows).among(self.live)

    def _load_impacts(self, kind: TermKind, term: str) -> Impacts:
        found = [part.entries(kind, term) for part in self._parts]
        holders = np.zeros(FIELDS_PER_DOCUMENT, np.int64)
        for entries, _ in found:
            holders += np.bincount(entries & FIELD_MASK, minlength=FIELDS_PER_DOCUMENT)
        weights = _WEIGHTS * idf(self.document_count, holders)
        documents, scores = [], []
        for part, (entries, counts) in zip(self._parts, found, strict=True):
            if not len(entries):
                continue
            fields = entries & FIELD_MASK
            lengths = part.segment.lengths[kind][entries]
            values = saturation(counts, lengths * self._length_factors[kind][fields])
            values *= weights.astype(np.float32)[fields]
            of_documents = entries >> FIELD_BITS
            first = np.flatnonzero(np.append(True, of_documents[1:] != of_documents[:-1]))
            documents.append(of_documents[first] + np.uint32(part.offset))
            scores.append(np.add.reduceat(values, first))
        return Impacts(_joined(documents, np.uint32), _joined(scores, np.float32))

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


def _joined(arrays: Sequence[Array], kind: type) -> Array:
    """Arrays in a row; one alone is not copied."""
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate([np.zeros(0, kind), *arrays])
