"""Everything derived from one state of an index, in arrays. Engines differ only in the source.

Documents are numbered in the order of their ids, whatever the engine calls them, so equal contents
give equal answers however they came about. Snapshots are shared by threads.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from search_index.analysis.grams import Gram, is_single_character
from search_index.bits import CodeBits, Mask
from search_index.cache import BoundedCache
from search_index.days import Columns, Day
from search_index.document_terms import (
    FIELD_WEIGHTS,
    FORMS,
    POSTING_FIELDS,
    TermKind,
    WordForm,
    posting_field,
)
from search_index.postings import Numbers, PostingSource
from search_index.ranking import Scores, bm25, length_norms
from search_index.types import FACETS, LOCAL_REGION
from search_index.vocabulary import Vocabulary

_OCCURRENCE_CACHE_BYTES = 32 * 2**20
_IMPACT_CACHE_BYTES = 32 * 2**20
_DAY_CACHE_BYTES = 8 * 2**20

# An occurrence is one number: the document above these bits, the position below.
_POSITION_BITS = 32


class Impacts(NamedTuple):
    """The documents that hold a term in any field, ascending, and what it adds to their scores."""

    documents: Numbers
    scores: Scores


class Snapshot:
    """One state of an index, ready to be searched."""

    def __init__(self, source: PostingSource) -> None:
        self._source = source
        self.applied_seq = source.applied_seq
        numbered = sorted(source.rows(), key=lambda pair: pair[1].id)
        rows = [row for _, row in numbered]
        self.size = len(rows)
        self.ids = [row.id for row in rows]
        self.revisions = {row.id: row.revision for row in rows}
        self.columns = Columns(rows)
        self.facets = {
            facet: CodeBits.of([row.codes.get(facet, ()) for row in rows])
            for facet in (*FACETS, LOCAL_REGION)
        }
        lengths = np.array([row.lengths for row in rows], np.int64)
        lengths = lengths.reshape(self.size, len(POSTING_FIELDS))
        self._norms = {
            field: length_norms(lengths[:, at]) for at, field in enumerate(POSTING_FIELDS)
        }
        # From the engine's numbers to ours; what it has deleted has none.
        self._number_of = np.full(source.document_count, -1, np.int64)
        self._number_of[[number for number, _ in numbered]] = np.arange(self.size)
        self._occurrences = BoundedCache[tuple[str, str], Numbers](
            lambda key: self._load_occurrences(*key),
            size_of=lambda occurrences: occurrences.nbytes,
            capacity=_OCCURRENCE_CACHE_BYTES,
        )
        self._impacts = BoundedCache[tuple[TermKind, str], Impacts](
            lambda key: self._load_impacts(*key),
            size_of=lambda impacts: impacts.documents.nbytes + impacts.scores.nbytes,
            capacity=_IMPACT_CACHE_BYTES,
        )
        self._days = BoundedCache[date, Day](
            self.columns.on, size_of=lambda day: 64 * self.size, capacity=_DAY_CACHE_BYTES
        )

    def day(self, on: date) -> Day:
        """All documents as they are on a day."""
        return self._days[on]

    def impacts(self, kind: TermKind, term: str) -> Impacts:
        """What a term adds to the documents that hold it, summed over their fields."""
        return self._impacts[kind, term]

    def holding(self, word: str) -> Mask:
        """The documents that hold a word, by its normal form."""
        mask = np.zeros(self.size, bool)
        mask[self.impacts(TermKind.WORDS, word).documents] = True
        return mask

    def holding_sequence(self, grams: Sequence[Gram]) -> Mask:
        """The documents that hold the grams at the given distances in one field."""
        mask = np.zeros(self.size, bool)
        if grams:
            for text_field in FIELD_WEIGHTS:
                starts = self._sequence_starts(posting_field(text_field, TermKind.GRAMS), grams)
                mask[starts >> _POSITION_BITS] = True
        return mask

    def forms(self, normal: str) -> list[WordForm]:
        """The ways the index has met a word of this normal form."""
        return [WordForm.from_term(t) for t in self._source.lexicon(FORMS, f"{normal}\t")]

    def lexicon(self, field: str, prefix: str, *, limit: int | None = None) -> list[str]:
        """The first ``limit`` terms of a dictionary that begin with ``prefix``, in order."""
        return self._source.lexicon(field, prefix, limit)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words the index has met."""
        return Vocabulary(map(WordForm.from_term, self._source.lexicon(FORMS)))

    def _sequence_starts(self, field: str, grams: Sequence[Gram]) -> Numbers:
        """Where in a field the first of ``grams`` stands with all others following."""
        starts: Numbers | None = None
        for gram in grams:
            found = self._occurrences[field, gram.term] - (gram.position - grams[0].position)
            starts = found if starts is None else np.intersect1d(starts, found, assume_unique=True)
            if not len(starts):
                break
        return np.zeros(0, np.int64) if starts is None else starts

    def _load_impacts(self, kind: TermKind, term: str) -> Impacts:
        scores = np.zeros(self.size, np.float64)
        for text_field, weight in FIELD_WEIGHTS.items():
            field = posting_field(text_field, kind)
            occurrences = self._occurrences[field, term]
            documents, counts = np.unique(occurrences >> _POSITION_BITS, return_counts=True)
            if len(documents):
                scores[documents] += weight * bm25(counts, self._norms[field][documents], self.size)
        documents = np.flatnonzero(scores)
        return Impacts(documents, scores[documents])

    def _load_occurrences(self, field: str, term: str) -> Numbers:
        """All places of a term in one field, ascending."""
        if not is_single_character(term) or not field.endswith(TermKind.GRAMS):
            return self._read_occurrences(field, term)
        # One character is no bigram: it stands wherever a bigram begins or ends with it.
        parts = [
            self._read_occurrences(field, gram) + offset
            for gram, offset in self._grams_with.get((field, term), ())
        ]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *parts]))

    def _read_occurrences(self, field: str, term: str) -> Numbers:
        postings = self._source.postings(field, term)
        documents = np.repeat(self._number_of[postings.documents], postings.counts)
        return np.sort(((documents << _POSITION_BITS) + postings.positions)[documents >= 0])

    @cached_property
    def _grams_with(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """By field and character, the terms of that field that hold it, and where in them."""
        found: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for text_field in FIELD_WEIGHTS:
            field = posting_field(text_field, TermKind.GRAMS)
            for gram in self._source.lexicon(field):
                for offset, character in enumerate(gram):
                    if is_single_character(character):
                        found.setdefault((field, character), []).append((gram, offset))
        return found
