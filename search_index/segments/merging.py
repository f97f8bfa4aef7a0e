"""Several segments into one, without what was deleted. Nothing is analysed or sorted anew.

Documents keep their order, so for each term its entries in the segments follow each other: every
array is put together from slices that are moved to their places.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.segments.array_file import Array
from search_index.segments.dictionary import Dictionary
from search_index.segments.layout import (
    FACET_NAMES,
    SegmentData,
    derived_arrays,
    facet_arrays,
    identity_arrays,
    padded,
    slots_for,
)
from search_index.segments.postings import FIELD_BITS, FIELD_MASK, FIELDS_PER_DOCUMENT, Postings
from search_index.segments.segment import Segment
from search_index.sets.bits import DOCUMENTS_PER_WORD, Numbers, pack, to_mask
from search_index.sets.code_lists import CodeLists
from search_index.sets.facet import Facet
from search_index.terms.document_terms import DICTIONARIES, TermKind

_COLUMNS = ("revisions", "published_at", "popularity", "last_known_on", "amounts")
_PERIOD_COLUMNS = ("periods/from_on", "periods/statuses", "periods/closes_on")


class _Source:
    """A segment to be merged: which of its documents, and their new numbers and positions."""

    def __init__(self, segment: Segment, deleted: Numbers, first: int, first_position: int) -> None:
        self.segment = segment
        self.live = segment.live(deleted)
        self.count = segment.document_count - len(deleted)
        self._keeps_all = not len(deleted)
        self._numbers = np.cumsum(self.live) - 1 + first
        starts = segment.document_starts.astype(np.int64)
        text_lengths = np.diff(starts)[self.live]
        self.end_position = first_position + int(text_lengths.sum())
        self.new_starts = first_position + np.cumsum(text_lengths) - text_lengths
        # What to add to a position, by the old number of its document.
        self._shifts = np.zeros(segment.slots, np.int64)
        self._shifts[self.live] = self.new_starts - starts[:-1][self.live]

    def of_live(self, name: str) -> Array:
        """A column of the documents that stay."""
        return self.segment.arrays[name][self.live]

    def entries(self, postings: Postings) -> "_Values":
        """The new entries of all terms, of documents that stay, each with its count."""
        documents = postings.entries >> FIELD_BITS
        entries = (self._numbers[documents] << FIELD_BITS) | (postings.entries & FIELD_MASK)
        return self._kept(postings.entry_starts, documents, entries, postings.counts)

    def positions(self, postings: Postings) -> "_Values":
        """The new positions of all terms, in documents that stay."""
        if postings.positions is None or postings.position_starts is None:
            raise ValueError("these postings hold no positions")
        documents = self.segment.documents_at(postings.positions)
        positions = postings.positions + self._shifts[documents]
        return self._kept(postings.position_starts, documents, positions)

    def _kept(self, starts: Array, documents: Array, *values: Array) -> "_Values":
        sizes = np.diff(starts).astype(np.int64)
        if self._keeps_all:
            return _Values(sizes, values)
        kept = self.live[documents]
        owners = np.repeat(np.arange(len(sizes)), sizes)[kept]
        return _Values(
            np.bincount(owners, minlength=len(sizes)), tuple(of_one[kept] for of_one in values)
        )


class _Values(NamedTuple):
    """Values of the terms of a dictionary, term after term: so many of each."""

    sizes: Numbers
    columns: tuple[Array, ...]


def merge_segments(segments: Iterable[tuple[Segment, Numbers]]) -> SegmentData:
    """One segment of all documents but the deleted ones, whose numbers come with each segment."""
    sources: list[_Source] = []
    first = position = 0
    for segment, deleted in segments:
        sources.append(_Source(segment, deleted, first, position))
        first, position = first + sources[-1].count, sources[-1].end_position
    slots = slots_for(first)
    arrays: dict[str, Array] = {
        **identity_arrays(_row([source.of_live("ids") for source in sources]), slots),
        **_columns(sources, slots),
        "document_starts": _document_starts(sources, position, slots),
    }
    for name in (*TermKind, *DICTIONARIES):
        arrays |= {f"{name}/{of}": array for of, array in _postings(sources, name).items()}
    arrays |= derived_arrays(arrays)
    codes = {}
    for name in FACET_NAMES:
        facet = _facet(sources, name, slots)
        codes[name] = facet.codes
        arrays |= facet_arrays(name, facet)
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
    postings = [source.segment.postings[name] for source in sources]
    sizes = [source.entries(held).sizes for source, held in zip(sources, postings, strict=True)]
    dictionary, numberings = _united([held.dictionary for held in postings], sizes)
    starts, (entries, counts) = _put_together(
        (source.entries(held) for source, held in zip(sources, postings, strict=True)),
        numberings,
        _total(sizes, numberings, len(dictionary)),
        (np.uint32, np.uint8),
    )
    arrays: dict[str, Array] = {
        **dictionary.arrays,
        "entry_starts": starts,
        "entries": entries,
        "counts": counts,
    }
    if postings[0].positions is not None:
        sizes = [
            source.positions(held).sizes for source, held in zip(sources, postings, strict=True)
        ]
        arrays["position_starts"], (arrays["positions"],) = _put_together(
            (source.positions(held) for source, held in zip(sources, postings, strict=True)),
            numberings,
            _total(sizes, numberings, len(dictionary)),
            (np.uint32,),
        )
    return arrays


def _united(
    dictionaries: Sequence[Dictionary], sizes: Sequence[Numbers]
) -> tuple[Dictionary, list[Numbers]]:
    """The terms that still stand anywhere, and the new number of each old one; terms that are gone
    have any."""
    spelled = [
        dictionary.encoded(np.flatnonzero(of_one).tolist())
        for dictionary, of_one in zip(dictionaries, sizes, strict=True)
    ]
    terms = sorted(set().union(*spelled))
    number_of = {term: number for number, term in enumerate(terms)}
    numberings = []
    for of_one, encoded in zip(sizes, spelled, strict=True):
        numbering = np.zeros(len(of_one), np.int64)
        numbering[of_one > 0] = [number_of[term] for term in encoded]
        numberings.append(numbering)
    return Dictionary.of(terms), numberings


def _total(sizes: Sequence[Numbers], numberings: Sequence[Numbers], term_count: int) -> Numbers:
    """How many values each term has in all."""
    total = np.zeros(term_count, np.int64)
    for of_one, numbering in zip(sizes, numberings, strict=True):
        held = of_one > 0
        total[numbering[held]] += of_one[held]
    return total


def _put_together(
    found: Iterable[_Values],
    numberings: Sequence[Numbers],
    total: Numbers,
    kinds: Sequence[type[np.generic]],
) -> tuple[NDArray[np.uint64], tuple[Array, ...]]:
    """All values, term after term, and where those of each term begin. Sources are taken one at a
    time, because their values together are as much as the result."""
    starts = np.zeros(len(total) + 1, np.uint64)
    np.cumsum(total, out=starts[1:], dtype=np.uint64)
    columns = tuple(np.empty(int(starts[-1]), kind) for kind in kinds)
    next_free = starts[:-1].astype(np.int64)
    for (sizes, values), numbering in zip(found, numberings, strict=True):
        held = np.flatnonzero(sizes)
        own_sizes, numbers = sizes[held], numbering[held]
        own_starts = np.cumsum(own_sizes) - own_sizes
        places = np.repeat(next_free[numbers] - own_starts, own_sizes)
        places += np.arange(len(places))
        for column, of_source in zip(columns, values, strict=True):
            column[places] = of_source
        next_free[numbers] += own_sizes
    return starts, columns


def _facet(sources: Sequence[_Source], name: str, slots: int) -> Facet:
    codes = sorted({code for source in sources for code in source.segment.facets[name].codes})
    held = np.zeros((len(codes), slots), bool)
    first = 0
    for source in sources:
        facet = source.segment.facets[name]
        own = to_mask(facet.rows.reshape(-1)).reshape(len(facet.codes), facet.slots)
        places = [codes.index(code) for code in facet.codes]
        held[places, first : first + source.count] = own[:, source.live]
        first += source.count
    kept = np.flatnonzero(held.any(axis=1))
    rows = pack(held[kept].reshape(-1)).reshape(len(kept), slots // DOCUMENTS_PER_WORD)
    return Facet([codes[row] for row in kept], rows, CodeLists.of(rows))


def _row(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays)
