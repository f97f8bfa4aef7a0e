"""Where grams stand in a row in the texts of a segment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.analysis.grams import GAP, Gram
from search_index.segments.segment import Segment
from search_index.sets.bits import Numbers
from search_index.terms.document_terms import TermKind

Positions = NDArray[np.uint32]

_NO_POSITIONS = np.zeros(0, np.uint32)

# With this many times more places to look in than to look for, looking each up is quicker than
# sorting both together.
_LOOK_UP_RATIO = 16


def documents_with_sequence(segment: Segment, grams: Sequence[Gram]) -> Numbers:
    """The documents with the grams at the given distances in one text; deleted ones too. One may
    come more than once."""
    return segment.documents_at(_sequence_starts(segment, grams))


def _sequence_starts(segment: Segment, grams: Sequence[Gram]) -> Positions:
    """Where the first of ``grams`` stands with all others following."""
    places = [(_positions(segment, gram.term), gram) for gram in grams]
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


def _positions(segment: Segment, term: str) -> Positions:
    postings = segment.postings[TermKind.GRAMS]
    parts = [postings.positions_of(number) for number in segment.numbers_of(TermKind.GRAMS, term)]
    return parts[0] if len(parts) == 1 else _sorted(np.concatenate([_NO_POSITIONS, *parts]))


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
