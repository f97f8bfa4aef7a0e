"""Filters and the counts beside them: OR within a facet, AND across."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

from search_index.bits import Bits, CodeBits, count, pack
from search_index.days import Day
from search_index.snapshot import Snapshot
from search_index.types import FACETS, LOCAL_REGION, SearchQuery

STATUS = "status"
"""The facet no document lists: it is derived from the day."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a text found, narrowed by everything else the query asks for."""

    documents: Bits
    total: int
    facets: Mapping[str, Mapping[str, int]]
    amount_unknown: int


def narrow(snapshot: Snapshot, day: Day, query: SearchQuery, found: Bits) -> Narrowed:
    """Apply the filters of a query to the documents its text found, and count every choice."""
    facets = _facets(snapshot, day, query)
    chosen = _chosen(facets, query)
    wanted, unknown = found, 0
    if query.amount_min is not None:
        columns = snapshot.columns
        wanted = found & pack(columns.has_amount & (columns.amounts >= query.amount_min))
        unknown = count(reduce(and_, chosen.values(), found & pack(~columns.has_amount)))
    documents = reduce(and_, chosen.values(), wanted)
    return Narrowed(
        documents,
        count(documents),
        _counts(facets, chosen, wanted, documents) if query.with_facets else {},
        unknown,
    )


def _counts(
    facets: Mapping[str, CodeBits], chosen: Mapping[str, Bits], wanted: Bits, documents: Bits
) -> Mapping[str, Mapping[str, int]]:
    """For each facet what choosing one of its codes would show, its own choice aside."""
    counts = {}
    for name, codes in facets.items():
        among = documents
        if name in chosen:
            others = (bits for other, bits in chosen.items() if other != name)
            among = reduce(and_, others, wanted)
        counts[name] = codes.counts(among)
    return counts


def _facets(snapshot: Snapshot, day: Day, query: SearchQuery) -> dict[str, CodeBits]:
    facets = {name: snapshot.facets[name] for name in FACETS}
    if query.local_only:
        facets["region"] = snapshot.facets[LOCAL_REGION]
    return facets | {STATUS: day.status_bits}


def _chosen(facets: Mapping[str, CodeBits], query: SearchQuery) -> dict[str, Bits]:
    """The documents each facet lets through, for facets that do not let all through.

    Leaving out what is closed is a choice of the status facet: its own counts do not heed it.
    """
    chosen = {name: facets[name].any_of(codes) for name, codes in query.filters.items() if codes}
    if STATUS not in chosen and not query.include_closed:
        chosen[STATUS] = ~facets[STATUS].any_of(("closed",))
    return chosen
