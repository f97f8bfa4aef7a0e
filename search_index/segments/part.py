"""A segment as a snapshot sees it: at an offset, and without what was deleted since."""

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import Gram
from search_index.segments.impacts import Impacts, Worth
from search_index.segments.postings import (
    FIELD_BITS,
    FIELD_MASK,
    FIELDS_PER_DOCUMENT,
    Entries,
    Postings,
    merge_entries,
)
from search_index.segments.ranking import Scores, saturation
from search_index.segments.segment import Segment
from search_index.segments.sequences import documents_with_sequence
from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, Mask, Numbers, bits_of
from search_index.sets.candidates import Candidates
from search_index.terms.document_terms import TermKind

# A term with so many times more entries than documents are asked for is not worked out for all, as
# long as it is not asked for again.
_FEW_RATIO = 4

# Counting the fields of more entries than this in one go takes longer than field by field.
_FEW_ENTRIES = 512


class TermWeight(NamedTuple):
    """What a term is worth in a snapshot."""

    parts: Sequence[int]
    """Where it stands at all, by the numbers of the parts."""
    weights: Scores
    """By text field."""
    factors: Scores
    """How the length of each text field counts."""
    key: bytes
    """Equal for equal ones."""

    @classmethod
    def of(cls, parts: Sequence[int], weights: Scores, factors: Scores) -> "TermWeight":
        """With its key."""
        return cls(parts, weights, factors, weights.tobytes() + factors.tobytes())


class Part:
    """The live documents of one segment."""

    def __init__(self, segment: Segment, deleted: Numbers, offset: int) -> None:
        """``offset`` is the snapshot's number for the segment's first document."""
        self.segment = segment
        self.offset = offset
        self.words = slice(
            offset // DOCUMENTS_PER_WORD, (offset + segment.slots) // DOCUMENTS_PER_WORD
        )
        """Where its documents lie in bits of all documents of the snapshot."""
        self.document_count = segment.document_count - len(deleted)
        self.gone = deleted
        """The numbers, within the segment, of its deleted documents, ascending."""

    @cached_property
    def live(self) -> Mask:
        """Which of the segment's documents are not deleted."""
        return self.segment.live(self.gone)

    def total_lengths(self, kind: TermKind) -> Numbers:
        """By text field, the number of terms of all live documents."""
        by_document = self.segment.lengths[kind].reshape(-1, FIELDS_PER_DOCUMENT)
        gone: Numbers = by_document[self.gone].sum(axis=0, dtype=np.int64)
        return self.segment.total_lengths[kind] - gone

    @cached_property
    def _gone_bounds(self) -> NDArray[np.uint32]:
        """For each deleted document the first entry that may be its, and the first that is not."""
        bounds = np.stack((self.gone, self.gone + 1), axis=1) << FIELD_BITS
        return bounds.astype(np.uint32).reshape(-1)

    def has(self, kind: TermKind, term: str) -> bool:
        """Whether a term stands in the segment at all, maybe in deleted documents only."""
        return len(self.segment.numbers_of(kind, term)) > 0

    def holders(self, kind: TermKind, term: str) -> Numbers:
        """By text field, how many live documents hold a term there."""
        holders = self.segment.holders.get(
            (kind, term), lambda: _by_field(self._entries(kind, term).entries)
        )
        if len(self.gone):
            gone = self._gone_entries(self._entries(kind, term).entries)
            holders = holders - _by_field(gone) if len(gone) else holders
        return holders

    def scores_of(
        self, kind: TermKind, term: str, among: Candidates, at: slice, weight: TermWeight
    ) -> Scores:
        """What a term adds to the scores of those candidates that are at ``at``, which are all that
        lie in the segment."""
        segment, key = self.segment, (kind, term, weight.key)
        documents = among.documents[at]
        if self.offset:
            documents = documents - self.offset
        impacts = segment.impacts.held(key)
        if impacts is None and len(documents) * _FEW_RATIO < self._unmet_entries(kind, term):
            own = among.mask[self.offset : self.offset + segment.slots]
            impacts = Impacts(self._worth_among(kind, term, own, weight), segment.slots)
        elif impacts is None:
            impacts = segment.impacts.get(
                key,
                lambda: Impacts(
                    self._worth_of(kind, self._entries(kind, term), weight), segment.slots
                ),
            )
        return impacts.scores_of(documents)

    def _worth_among(self, kind: TermKind, term: str, own: Mask, weight: TermWeight) -> Worth:
        """What a term adds to the scores of some documents: quicker where they are few, but not
        kept."""
        entries, counts = self._entries(kind, term)
        wanted = np.flatnonzero(own.take(entries >> FIELD_BITS))
        return self._worth_of(kind, Entries(entries.take(wanted), counts.take(wanted)), weight)

    def _worth_of(self, kind: TermKind, found: Entries, weight: TermWeight) -> Worth:
        """What some entries of a term add."""
        entries, counts = found
        fields = entries & FIELD_MASK
        # ``take`` needs half the time of an index in brackets.
        lengths = self.segment.lengths[kind].take(entries)
        values = saturation(counts, lengths * weight.factors.take(fields))
        values *= weight.weights.take(fields)
        return Worth.summed(entries >> FIELD_BITS, values)

    def _unmet_entries(self, kind: TermKind, term: str) -> int:
        """How many entries a term has, if its scores are asked for the first time; else 0. Terms
        that have to be merged are, so to say, met."""
        numbers = self.segment.numbers_of(kind, term)
        if len(numbers) != 1 or self.segment.is_met(kind, term):
            return 0
        return self.segment.postings[kind].entry_count(numbers[0])

    def holding(self, kind: TermKind, term: str) -> Bits | None:
        """The documents that hold a term, deleted ones too; None if none does."""
        numbers = self.segment.numbers_of(kind, term)
        if not len(numbers):
            return None
        return self.segment.bits.get((kind, term), lambda: self._find_holders(kind, numbers))

    def _find_holders(self, kind: TermKind, numbers: Sequence[int]) -> Bits:
        postings = self.segment.postings[kind]
        entries = [postings.entries[postings.entries_of(number)] for number in numbers]
        documents = (np.concatenate(entries) if len(entries) > 1 else entries[0]) >> FIELD_BITS
        return bits_of(documents.astype(np.intp), self.segment.slots)

    def holding_sequence(self, grams: Sequence[Gram]) -> Bits | None:
        """The documents with the grams at the given distances in one text, deleted ones too; None
        if none has them all."""
        if not all(self.has(TermKind.GRAMS, gram.term) for gram in grams):
            return None
        return self.segment.bits.get(
            tuple(grams),
            lambda: bits_of(documents_with_sequence(self.segment, grams), self.segment.slots),
        )

    def _entries(self, kind: TermKind, term: str) -> Entries:
        """The entries of a term in all documents, ascending."""
        postings = self.segment.postings[kind]
        numbers = self.segment.numbers_of(kind, term)
        if len(numbers) == 1:
            own = postings.entries_of(numbers[0])
            return Entries(postings.entries[own], postings.counts[own])
        return self.segment.merged.get(
            (kind, term), lambda: merge_entries(postings, numbers, self.segment.slots)
        )

    def id_of(self, document: int) -> str:
        """The id of a document by the snapshot's number."""
        id_: bytes = self.segment.ids.item(document - self.offset)
        return id_.decode()

    def terms(self, name: str, prefix: str, limit: int | None) -> list[str]:
        """The terms of a dictionary, at most ``limit``, that begin with ``prefix`` and stand in a
        live document."""
        postings = self.segment.postings[name]
        held = (
            number
            for number in postings.dictionary.numbers(prefix)
            # Nothing has to be counted where not all can be gone.
            if postings.entry_count(number) > len(self.gone) or self._live_count(postings, number)
        )
        return list(postings.dictionary.terms(islice(held, limit)))

    def counted_terms(self, name: str, prefix: str, limit: int | None) -> list[tuple[str, int]]:
        """The same, each with the number of live documents it stands in."""
        postings = self.segment.postings[name]
        counted = (
            (number, count)
            for number in postings.dictionary.numbers(prefix)
            if (count := self._live_count(postings, number))
        )
        chosen = list(islice(counted, limit))
        terms = postings.dictionary.terms(number for number, _ in chosen)
        return [(term, count) for term, (_, count) in zip(terms, chosen, strict=True)]

    def _live_count(self, postings: Postings, number: int) -> int:
        """In how many live documents a term of a dictionary stands, which has one entry in each."""
        count = postings.entry_count(number)
        if not len(self.gone):
            return count
        return count - len(self._gone_entries(postings.entries[postings.entries_of(number)]))

    def _gone_entries(self, entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Those of some ascending entries that are of deleted documents."""
        at = np.searchsorted(entries, self._gone_bounds)
        starts, ends = at[::2], at[1::2]
        held = np.flatnonzero(ends > starts)
        if not len(held):
            return entries[:0]
        return np.concatenate([entries[starts[each] : ends[each]] for each in held])


def _by_field(entries: NDArray[np.integer]) -> Numbers:
    fields = entries.astype(np.uint8) & np.uint8(FIELD_MASK)
    if len(fields) <= _FEW_ENTRIES:
        return np.bincount(fields, minlength=FIELDS_PER_DOCUMENT)
    # Comparing bytes eight times is quicker than np.bincount, which makes long numbers of them.
    return np.array([np.count_nonzero(fields == field) for field in range(FIELDS_PER_DOCUMENT)])
