"""Several segments into one, without what was deleted. Nothing is analysed or sorted anew.

Documents keep their order, so for each term its entries in the segments follow each other: every
array is put together from slices that are moved to their places.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.bits import CodeBits, Mask, Numbers, pack, to_mask
from search_index.document_terms import DICTIONARIES, TermKind
from search_index.segments.array_file import Array
from search_index.segments.dictionary import Dictionary
from search_index.segments.segment import (
    FACET_NAMES,
    FIELD_BITS,
    FIELD_MASK,
    FIELDS_PER_DOCUMENT,
    Postings,
    Segment,
    SegmentData,
    identity_arrays,
    padded,
    slots_for,
)

_COLUMNS = ("revisions", "published_at", "popularity", "last_known_on", "amounts")
_PERIOD_COLUMNS = ("periods/from_on", "periods/statuses", "periods/closes_on")


class _Source:
    """A segment to be merged: which of its documents, and their new numbers and positions."""

    def __init__(self, segment: Segment, live: Mask, first: int, first_position: int) -> None:
        self.segment = segment
        self.live = live
        self.count = int(live.sum())
        self.numbers = np.cumsum(live) - 1 + first
        starts = segment.document_starts.astype(np.int64)
        self.text_lengths = np.diff(starts)[live]
        self.new_starts = first_position + np.cumsum(self.text_lengths) - self.text_lengths
        self.end_position = first_position + int(self.text_lengths.sum())
        # What to add to a position, by the old number of its document.
        self._shifts = np.zeros(segment.slots, np.int64)
        self._shifts[live] = self.new_starts - starts[:-1][live]

    def of_live(self, name: str) -> Array:
        """A column of the documents that stay."""
        return self.segment.arrays[name][self.live]

    def entries(self, postings: Postings) -> tuple[Numbers, Numbers, NDArray[np.uint8]]:
        """Term by its number in this segment, new entry and count, of all entries that stay."""
        documents = postings.entries >> FIELD_BITS
        kept = self.live[documents]
        entries = (self.numbers[documents] << FIELD_BITS) | (postings.entries & FIELD_MASK)
        terms = _owners(postings.entry_starts)
        return terms[kept], entries[kept], postings.counts[kept]

    def positions(self, postings: Postings) -> tuple[Numbers, Numbers]:
        """Term by its number in this segment, and new position, of all that stay."""
        if postings.positions is None or postings.position_starts is None:
            raise ValueError("these postings hold no positions")
        documents = self.segment.documents_at(postings.positions)
        kept = self.live[documents]
        positions = postings.positions + self._shifts[documents]
        return _owners(postings.position_starts)[kept], positions[kept]


def merge_segments(segments: Iterable[tuple[Segment, Numbers]]) -> SegmentData:
    """One segment of all documents but the deleted ones, whose numbers come with each segment."""
    sources: list[_Source] = []
    first = position = 0
    for segment, deleted in segments:
        sources.append(_Source(segment, segment.live(deleted), first, position))
        first, position = first + sources[-1].count, sources[-1].end_position
    slots = slots_for(first)
    arrays: dict[str, Array] = {
        **identity_arrays(_row([source.of_live("ids") for source in sources]), slots),
        **_columns(sources, slots),
        "document_starts": _document_starts(sources, position, slots),
    }
    for name in (*TermKind, *DICTIONARIES):
        arrays |= {f"{name}/{of}": array for of, array in _postings(sources, name).items()}
    codes = {}
    for name in FACET_NAMES:
        bits = _facet(sources, name, slots)
        codes[name], arrays[f"facets/{name}"] = bits.codes, bits.rows
    return SegmentData(arrays, {"document_count": first, "codes": codes})


def _columns(sources: Sequence[_Source], slots: int) -> dict[str, Array]:
    arrays = {
        name: padded(_row([source.of_live(name) for source in sources]), slots)
        for name in (*_COLUMNS, "periods/per_slot")
    }
    for kind in TermKind:
        lengths = [
            source.segment.lengths[kind].reshape(-1, FIELDS_PER_DOCUMENT)[source.live]
            for source in sources
        ]
        arrays[f"lengths/{kind}"] = padded(_row(lengths), slots).ravel()
    per_period = [
        np.repeat(source.live, source.segment.arrays["periods/per_slot"]) for source in sources
    ]
    for name in _PERIOD_COLUMNS:
        arrays[name] = _row(
            [
                source.segment.arrays[name][kept]
                for source, kept in zip(sources, per_period, strict=True)
            ]
        )
    return arrays


def _document_starts(sources: Sequence[_Source], end: int, slots: int) -> NDArray[np.uint32]:
    starts = _row([source.new_starts for source in sources])
    filled = np.full(slots + 1, end, np.uint32)
    filled[: len(starts)] = starts
    return filled


def _postings(sources: Sequence[_Source], name: str) -> dict[str, Array]:
    all_postings = [source.segment.postings[name] for source in sources]
    found = [
        source.entries(postings) for source, postings in zip(sources, all_postings, strict=True)
    ]
    terms, numberings = _united([postings.dictionary for postings in all_postings], found)
    owners = [
        numbering[of_terms] for numbering, (of_terms, *_) in zip(numberings, found, strict=True)
    ]
    starts, places = _places(owners, len(terms))
    entries, counts = np.empty(int(starts[-1]), np.uint32), np.empty(int(starts[-1]), np.uint8)
    for at, (_, of_entries, of_counts) in zip(places, found, strict=True):
        entries[at], counts[at] = of_entries, of_counts
    dictionary = Dictionary.of(terms)
    arrays: dict[str, Array] = {
        "text": dictionary.text,
        "starts": dictionary.starts,
        "entry_starts": starts,
        "entries": entries,
        "counts": counts,
    }
    if all_postings and all_postings[0].positions is not None:
        arrays |= _positions(sources, all_postings, numberings, len(terms))
    return arrays


def _positions(
    sources: Sequence[_Source],
    all_postings: Sequence[Postings],
    numberings: Sequence[Numbers],
    term_count: int,
) -> dict[str, Array]:
    found = [
        source.positions(postings) for source, postings in zip(sources, all_postings, strict=True)
    ]
    owners = [
        numbering[of_terms] for numbering, (of_terms, _) in zip(numberings, found, strict=True)
    ]
    starts, places = _places(owners, term_count)
    positions = np.empty(int(starts[-1]), np.uint32)
    for at, (_, of_positions) in zip(places, found, strict=True):
        positions[at] = of_positions
    return {"positions": positions, "position_starts": starts}


def _united(
    dictionaries: Sequence[Dictionary], found: Sequence[tuple[Numbers, Numbers, Array]]
) -> tuple[list[bytes], list[Numbers]]:
    """The terms that still stand anywhere, sorted, and the new number of each old one."""
    kept = [np.unique(of_terms) for of_terms, *_ in found]
    spelled = [
        dictionary.encoded(numbers) for dictionary, numbers in zip(dictionaries, kept, strict=True)
    ]
    terms = sorted(set().union(*spelled))
    number_of = {term: number for number, term in enumerate(terms)}
    numberings = []
    for dictionary, numbers, encoded in zip(dictionaries, kept, spelled, strict=True):
        numbering = np.zeros(len(dictionary), np.int64)
        numbering[numbers] = [number_of[term] for term in encoded]
        numberings.append(numbering)
    return terms, numberings


def _places(owners: Sequence[Numbers], term_count: int) -> tuple[NDArray[np.uint64], list[Numbers]]:
    """Where the slices of each term begin in the whole, and the place of every value in it."""
    sizes = [np.bincount(of_one, minlength=term_count) for of_one in owners]
    starts = np.zeros(term_count + 1, np.uint64)
    np.cumsum(sum(sizes, np.zeros(term_count, np.int64)), out=starts[1:], dtype=np.uint64)
    next_free = starts[:-1].astype(np.int64)
    places = []
    for of_one, size in zip(owners, sizes, strict=True):
        own_starts = np.cumsum(size) - size
        places.append(np.arange(len(of_one)) + (next_free - own_starts)[of_one])
        next_free += size
    return starts, places


def _facet(sources: Sequence[_Source], name: str, slots: int) -> CodeBits:
    row = CodeBits.in_a_row([source.segment.facets[name] for source in sources])
    live = _row([source.live for source in sources])
    rows = np.zeros((len(row.codes), slots // 64), np.uint64)
    for number, bits in enumerate(row.rows):
        rows[number] = pack(padded(to_mask(bits)[live], slots))
    return CodeBits(row.codes, rows).among(np.full(slots // 64, ~np.uint64(0)))


def _owners(starts: NDArray[np.uint64]) -> Numbers:
    """The term of every value, from where the values of each term begin."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts).astype(np.int64))


def _row(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays)
