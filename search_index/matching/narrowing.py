"""Filters and the counts beside them: OR within a facet, AND across."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

from search_index.days import Day
from search_index.sets.bits import pack
from search_index.sets.document_sets import DocumentSet, Subset
from search_index.sets.facet import Counts
from search_index.sets.parted_facet import PartedFacet
from search_index.snapshot import Snapshot
from search_index.types import FACETS, LOCAL_REGION, SearchQuery

STATUS = "status"
"""The facet no document lists: it is derived from the day."""


@dataclass(slots=True)
class Narrowed:
    """What a text found, narrowed by everything else the query asks for."""

    subset: Subset | None
    """Of what the text found; None for all of it."""
    total: int
    facets: Mapping[str, Counts]
    amount_unknown: int


def narrow(snapshot: Snapshot, day: Day, query: SearchQuery, found: DocumentSet) -> Narrowed:
    """Apply the filters of a query to the documents its text found, and count every choice."""

    def facet(name: str) -> PartedFacet:
        if name == STATUS:
            return day.statuses
        is_local = query.local_only and name == "region"
        return snapshot.facet(LOCAL_REGION if is_local else name)

    # The documents each facet lets through, for facets that do not let all through.
    chosen = {
        name: found.holding(facet(name).any_of(codes))
        for name, codes in query.filters.items()
        if codes
    }
    if STATUS not in chosen and not query.include_closed:
        # A choice of the status facet: its own counts do not heed it.
        chosen[STATUS] = found.holding(day.not_closed)
    wanted, unknown = found.everything, 0
    if query.amount_min is not None:
        columns = snapshot.columns
        without_amount = found.holding(pack(~columns.has_amount))
        unknown = found.count(reduce(and_, chosen.values(), without_amount))
        wanted = found.holding(pack(columns.has_amount & (columns.amounts >= query.amount_min)))
    is_narrowed = chosen or query.amount_min is not None
    subset = reduce(and_, chosen.values(), wanted)
    counts: dict[str, Counts] = {}
    if query.with_facets:
        unchosen = {name: facet(name) for name in (*FACETS, STATUS) if name not in chosen}
        counts |= found.code_counts(unchosen, subset)
        for name in chosen:
            # What is chosen in a facet does not narrow the counts of its own codes.
            others = (held for other, held in chosen.items() if other != name)
            counts |= found.code_counts({name: facet(name)}, reduce(and_, others, wanted))
    return Narrowed(subset if is_narrowed else None, found.count(subset), counts, unknown)
