"""Filters and the counts beside them: OR within a facet, AND across."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

from search_index.days import Day
from search_index.sets.bits import Bits, pack
from search_index.sets.document_sets import DocumentSet, Subset
from search_index.sets.facet import Counts, Facet
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
    facets = _facets(snapshot, day, query)
    chosen = {name: found.holding(bits) for name, bits in _chosen(facets, query).items()}
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
        for name, facet in facets.items():
            # What is chosen in a facet does not narrow the counts of its own codes.
            others = (held for other, held in chosen.items() if other != name)
            among = reduce(and_, others, wanted) if name in chosen else subset
            counts[name] = found.code_counts(facet, among)
    return Narrowed(subset if is_narrowed else None, found.count(subset), counts, unknown)


def _facets(snapshot: Snapshot, day: Day, query: SearchQuery) -> dict[str, Facet]:
    facets = {name: snapshot.facets[name] for name in FACETS}
    if query.local_only:
        facets["region"] = snapshot.facets[LOCAL_REGION]
    facets[STATUS] = day.statuses
    return facets


def _chosen(facets: Mapping[str, Facet], query: SearchQuery) -> dict[str, Bits]:
    """The documents each facet lets through, for facets that do not let all through.

    Leaving out what is closed is a choice of the status facet: its own counts do not heed it.
    """
    chosen = {name: facets[name].any_of(codes) for name, codes in query.filters.items() if codes}
    if STATUS not in chosen and not query.include_closed:
        chosen[STATUS] = ~facets[STATUS].any_of(("closed",))
    return chosen
