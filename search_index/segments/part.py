"""A segment as a snapshot sees it: at an offset, and without what was deleted since."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import GAP, Gram
from search_index.segments.impacts import Worth
from search_index.segments.ranking import Scores, saturation
from search_index.segments.segment import (
    FIELD_BITS,
    FIELD_MASK,
    FIELDS_PER_DOCUMENT,
    MAX_COUNT,
    Entries,
    Postings,
    Segment,
)
from search_index.sets.bits import Mask, Numbers
from search_index.terms.document_terms import TermKind

Positions = NDArray[np.uint32]

_NO_POSITIONS = np.zeros(0, np.uint32)

_COUNT_BITS = np.uint64(8)

# With this many times more places to look in than to look for, looking each up is quicker than
# sorting both together.
_LOOK_UP_RATIO = 16


class Part:
    """The live documents of one segment."""

    def __init__(self, segment: Segment, deleted: Numbers, offset: int) -> None:
        """``offset`` is the snapshot's number for the segment's first document."""
        self.segment = segment
        self.offset = offset
        self.live: Mask = segment.live(deleted)
        self.document_count = segment.document_count - len(deleted)
        self.has_deleted = len(deleted) > 0
        self._gone = deleted

    def total_lengths(self, kind: TermKind) -> Numbers:
        """By text field, the number of terms of all live documents."""
        by_document = self.segment.lengths[kind].reshape(-1, FIELDS_PER_DOCUMENT)
        gone: Numbers = by_document[self._gone].sum(axis=0, dtype=np.int64)
        return self.segment.total_lengths[kind] - gone

    def holders(self, kind: TermKind, term: str) -> Numbers:
        """By text field, how many live documents hold a term there."""
        holders = self.segment.holders.get(
            (kind, term), lambda: _by_field(self._entries(kind, term).entries)
        )
        if self.has_deleted and holders.any():
            return holders - _by_field(_of_documents(self._entries(kind, term).entries, self._gone))
        return holders

    def worth(self, kind: TermKind, term: str, weights: Scores, factors: Scores) -> Worth:
        """What a term adds to the scores of live documents, by the snapshot's numbers, given what
        it is worth in each text field and how their lengths count."""
        kept = self.segment.worth.get(
            (kind, term, weights.tobytes(), factors.tobytes()),
            lambda: self._worth_of(kind, self._entries(kind, term), weights, factors),
        )
        documents, values = kept
        if self.has_deleted:
            is_live = self.live[documents]
            documents, values = documents[is_live], values[is_live]
        return Worth(documents + np.uint32(self.offset), values)

    def worth_among(
        self, kind: TermKind, term: str, among: Mask, weights: Scores, factors: Scores
    ) -> Worth:
        """The same for some live documents only, a mask by the snapshot's numbers: quicker where
        they are few, but not kept."""
        entries, counts = self._entries(kind, term)
        own = among[self.offset : self.offset + self.segment.slots]
        wanted = np.flatnonzero(own.take(entries >> FIELD_BITS))
        documents, values = self._worth_of(
            kind, Entries(entries.take(wanted), counts.take(wanted)), weights, factors
        )
        return Worth(documents + np.uint32(self.offset), values)

    def _worth_of(self, kind: TermKind, found: Entries, weights: Scores, factors: Scores) -> Worth:
        """What some entries of a term add, by the segment's numbers."""
        entries, counts = found
        fields = entries & FIELD_MASK
        # ``take`` needs half the time of an index in brackets.
        lengths = self.segment.lengths[kind].take(entries)
        values = saturation(counts, lengths * factors.take(fields))
        values *= weights.take(fields)
        return Worth.summed(entries >> FIELD_BITS, values)

    def mark_holders(self, kind: TermKind, term: str, mask: Mask) -> None:
        """Set in a mask by the snapshot's numbers what holds a term, deleted documents too."""
        own = mask[self.offset : self.offset + self.segment.slots]
        postings = self.segment.postings[kind]
        for number in self.segment.numbers_of(kind, term):
            documents = postings.entries[postings.entries_of(number)] >> FIELD_BITS
            own[documents.astype(np.intp)] = True

    def unmet_entries(self, kind: TermKind, term: str) -> int:
        """How many entries a term has, if it was not asked for before; else 0. Terms that have to
        be merged are, so to say, met."""
        postings = self.segment.postings[kind]
        numbers = self.segment.numbers_of(kind, term)
        if len(numbers) != 1 or self.segment.holders.held((kind, term)) is not None:
            return 0
        return postings.entry_count(numbers[0])

    def _entries(self, kind: TermKind, term: str) -> Entries:
        """The entries of a term in all documents, ascending."""
        postings = self.segment.postings[kind]
        numbers = self.segment.numbers_of(kind, term)
        if len(numbers) == 1:
            own = postings.entries_of(numbers[0])
            return Entries(postings.entries[own], postings.counts[own])
        return self.segment.merged.get(
            (kind, term), lambda: _merged(postings, numbers, self.segment.slots)
        )

    def ids_of(self, documents: Sequence[int]) -> list[str]:
        """The ids of documents by the snapshot's numbers."""
        numbers = np.array(documents, np.int64) - self.offset
        return [document_id.decode() for document_id in self.segment.ids[numbers].tolist()]

    def document_frequency(self, word: str) -> int:
        """How many live documents hold a word in any field."""
        documents = self._entries(TermKind.WORDS, word).entries >> FIELD_BITS
        if self.has_deleted:
            documents = documents[self.live[documents]]
        return int(np.count_nonzero(np.diff(documents))) + bool(len(documents))

    def has_gram(self, term: str) -> bool:
        """Whether the segment has a gram at all."""
        return len(self.segment.numbers_of(TermKind.GRAMS, term)) > 0

    def documents_with_sequence(self, grams: Sequence[Gram]) -> NDArray[np.uint32]:
        """The documents with the grams at the given distances in one text; deleted ones too. One
        may come more than once."""
        return self.segment.sequences.get(
            tuple(grams),
            lambda: self.segment.documents_at(self._sequence_starts(grams)).astype(np.uint32),
        )

    def counted_terms(self, name: str, prefix: str, limit: int | None) -> list[tuple[str, int]]:
        """The terms of a dictionary that begin with ``prefix`` and stand in a live document, each
        with the number of live documents it stands in."""
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
        if not self.has_deleted:
            return postings.entry_count(number)
        documents = postings.entries[postings.entries_of(number)] >> FIELD_BITS
        return int(np.count_nonzero(self.live[documents]))

    def _sequence_starts(self, grams: Sequence[Gram]) -> Positions:
        """Where the first of ``grams`` stands with all others following."""
        places = [(self._positions(gram.term), gram) for gram in grams]
        places.sort(key=lambda place: len(place[0]))
        uncovered = {at for gram in grams for at in _covered(gram)}
        starts: Positions | None = None
        for positions, gram in places:
            # Grams overlap: when rarer ones show all its characters, there is nothing to ask.
            if uncovered.isdisjoint(_covered(gram)):
                continue
            uncovered.difference_update(_covered(gram))
            distance = np.uint32(gram.position - grams[0].position)
            starts = (
                _at_distance(positions, distance)
                if starts is None
                else _followed(starts, positions, distance)
            )
            if not len(starts):
                break
        return _NO_POSITIONS if starts is None else starts

    def _positions(self, term: str) -> Positions:
        postings = self.segment.postings[TermKind.GRAMS]
        parts = [
            postings.positions_of(number)
            for number in self.segment.numbers_of(TermKind.GRAMS, term)
        ]
        return parts[0] if len(parts) == 1 else _sorted(np.concatenate([_NO_POSITIONS, *parts]))


def _by_field(entries: NDArray[np.integer]) -> Numbers:
    # Comparing bytes eight times is quicker than np.bincount, which makes long numbers of them.
    fields = entries.astype(np.uint8) & np.uint8(FIELD_MASK)
    return np.array([np.count_nonzero(fields == field) for field in range(FIELDS_PER_DOCUMENT)])


def _of_documents(entries: NDArray[np.uint32], documents: Numbers) -> NDArray[np.uint32]:
    """Those of some ascending entries that are of the given documents."""
    starts = np.searchsorted(entries, (documents << FIELD_BITS).astype(np.uint32))
    ends = np.searchsorted(entries, ((documents + 1) << FIELD_BITS).astype(np.uint32))
    held = np.flatnonzero(ends > starts)
    return np.concatenate([entries[:0], *(entries[starts[at] : ends[at]] for at in held)])


def _merged(postings: Postings, numbers: Sequence[int], slots: int) -> Entries:
    """The entries of several terms, counted together."""
    slices = [postings.entries_of(number) for number in numbers]
    if sum(each.stop - each.start for each in slices) > slots:
        return _counted_in_place(postings, slices, slots)
    entries = np.concatenate([postings.entries[:0], *(postings.entries[at] for at in slices)])
    counts = np.concatenate([postings.counts[:0], *(postings.counts[at] for at in slices)])
    if not len(entries):
        return Entries(entries, counts)
    # Numbers that hold both are sorted many times quicker than an order of places.
    keys = (entries.astype(np.uint64) << _COUNT_BITS) | counts
    keys.sort()
    entries, counts = (keys >> _COUNT_BITS).astype(np.uint32), keys.astype(np.uint8)
    first = np.flatnonzero(np.append(True, entries[1:] != entries[:-1]))
    summed = np.add.reduceat(counts, first, dtype=np.int64)
    return Entries(entries[first], np.minimum(summed, MAX_COUNT).astype(np.uint8))


def _counted_in_place(postings: Postings, slices: Sequence[slice], slots: int) -> Entries:
    """The same for so many entries that counting at the place of each beats sorting them."""
    totals = np.zeros(slots * FIELDS_PER_DOCUMENT, np.uint32)
    for at in slices:
        totals[postings.entries[at]] += postings.counts[at]
    found = np.flatnonzero(totals)
    counts = np.minimum(totals[found], MAX_COUNT).astype(np.uint8)
    return Entries(found.astype(np.uint32), counts)


def _covered(gram: Gram) -> range:
    """The characters of a text that a gram shows, by their positions."""
    return range(gram.position, gram.position + (1 if gram.term == GAP else len(gram.term)))


def _at_distance(positions: Positions, distance: np.uint32) -> Positions:
    """So far before the positions."""
    before: Positions = positions[np.searchsorted(positions, distance) :] - distance
    return before


def _followed(starts: Positions, positions: Positions, distance: np.uint32) -> Positions:
    """Those of ``starts`` that a position follows at a distance; neither holds anything twice."""
    if len(starts) * _LOOK_UP_RATIO < len(positions):
        wanted = starts + distance
        at = np.searchsorted(positions, wanted)
        at[at == len(positions)] = 0
        # At the end of a full segment, numbers begin anew.
        followed: Positions = starts[(positions[at] == wanted) & (wanted >= starts)]
        return followed
    before = _at_distance(positions, distance)
    if len(before) * _LOOK_UP_RATIO < len(starts):
        at = np.searchsorted(starts, before)
        at[at == len(starts)] = 0
        held: Positions = before[starts[at] == before]
    else:
        both = _sorted(np.concatenate([starts, before]))
        held = both[:-1][both[1:] == both[:-1]]
    return held


def _sorted(runs: Positions) -> Positions:
    """Of a few ascending runs in a row, which a stable sort merges without comparing anew."""
    runs.sort(kind="stable")
    return runs
