"""A whole search over one snapshot, the same for every engine: text, filters, counts, order."""

import numpy as np

from search_index.bits import Bits, count, unpack
from search_index.days import Day
from search_index.facets import narrow
from search_index.matching import TextMatch
from search_index.snapshot import Snapshot
from search_index.types import Interpretation, SearchHit, SearchQuery, SearchResults, Sort
from search_index.understanding import understand


def answer(snapshot: Snapshot, query: SearchQuery) -> SearchResults:
    """Answer a query from a snapshot."""
    understood = understand(snapshot, query)
    match = understood.match(snapshot)
    day = snapshot.day(query.on)
    narrowed = narrow(snapshot, day, query, match.all_bits)
    strict_total = count(narrowed.documents & match.bits) if match.further else None
    return SearchResults(
        total=narrowed.total,
        hits=_page(snapshot, day, query, match, narrowed.documents),
        facets=narrowed.facets,
        interpretation=Interpretation(
            synonyms=understood.parsed.expansions,
            suggestion=understood.suggestion,
            corrected=understood.is_corrected,
            relaxed=match.is_relaxed or (strict_total == 0 and narrowed.total > 0),
            strict_total=strict_total,
        ),
        highlighter=understood.highlighter,
        amount_unknown=narrowed.amount_unknown,
    )


def _page(
    snapshot: Snapshot, day: Day, query: SearchQuery, match: TextMatch, found: Bits
) -> tuple[SearchHit, ...]:
    """The hits asked for, of all documents that were found; those of ``match.further`` last."""
    until = query.offset + query.limit
    first = _first(day, query, match, found & match.bits, until) if query.limit else []
    if match.further and len(first) < until:
        rest = until - len(first)
        first += _first(day, query, match.further, found & match.further.bits, rest)
    first = first[query.offset :]
    ids = snapshot.ids_of([document for document, _ in first])
    return tuple(SearchHit(id_, score) for id_, (_, score) in zip(ids, first, strict=True))


def _first(
    day: Day, query: SearchQuery, match: TextMatch, found: Bits, limit: int
) -> list[tuple[int, float]]:
    """The first documents of those found with their scores, in the order asked for."""
    if query.sort is Sort.RELEVANCE and match.scored:
        documents = unpack(found)
        scores = match.scores_of(documents)
        first = day.first_by_relevance(documents, scores, limit)
        documents, scores = documents[first], scores[first]
    else:
        order = Sort.NEW if query.sort is Sort.RELEVANCE else query.sort
        documents = day.first_by(order, found, limit)
        ascending = np.argsort(documents)
        scores = np.empty(len(documents), np.float32)
        scores[ascending] = match.scores_of(documents[ascending])
    return list(zip(documents.tolist(), scores.tolist(), strict=True))
