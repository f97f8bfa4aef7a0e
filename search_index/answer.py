"""A whole search over one snapshot, the same for every engine: text, filters, counts, order."""

from collections.abc import Sequence

from search_index.days import Day
from search_index.matching.narrowing import narrow
from search_index.matching.scoring import Scored
from search_index.sets.bits import Bits, Numbers, to_mask
from search_index.snapshot import Snapshot
from search_index.types import Interpretation, SearchHit, SearchQuery, SearchResults, Sort
from search_index.understanding.understand import understand


def answer(snapshot: Snapshot, query: SearchQuery) -> SearchResults:
    """Answer a query from a snapshot."""
    understood = understand(snapshot, query)
    match = understood.match
    day = snapshot.day(query.on)
    narrowed = narrow(snapshot, day, query, match.documents)
    if match.scored:
        parts = match.narrowed(narrowed.subset)
        hits = _page(snapshot, day, query, parts)
    else:
        parts = []
        every = match.bits if narrowed.subset is None else narrowed.subset
        hits = _unscored_page(snapshot, day, query, every)
    strict_total = len(parts[0].documents) if match.further else None
    return SearchResults(
        total=narrowed.total,
        hits=hits,
        facets=narrowed.facets,
        interpretation=Interpretation(
            synonyms=understood.expansions,
            suggestion=understood.suggestion,
            corrected=understood.is_corrected,
            relaxed=match.is_relaxed or (strict_total == 0 and narrowed.total > 0),
            is_sentence=understood.parsed.is_sentence,
            strict_total=strict_total,
        ),
        highlighter=understood.highlighter,
        amount_unknown=narrowed.amount_unknown,
    )


def _page(
    snapshot: Snapshot, day: Day, query: SearchQuery, parts: Sequence[Scored]
) -> tuple[SearchHit, ...]:
    """The hits asked for, those of each part after all of the part before."""
    until = query.offset + query.limit
    documents: list[int] = []
    scores: list[float] = []
    for part in parts:
        if len(documents) < until:
            first = _first(day, query.sort, part, until - len(documents))
            documents += part.documents[first].tolist()
            scores += part.scores[first].tolist()
    ids = snapshot.ids_of(documents[query.offset :])
    return tuple(map(SearchHit, ids, scores[query.offset :]))


def _first(day: Day, order: Sort, part: Scored, limit: int) -> Numbers:
    if order is Sort.RELEVANCE:
        return day.first_by_relevance(part.documents, part.scores, limit)
    return day.order(order).first_of(part.documents, limit)


def _unscored_page(
    snapshot: Snapshot, day: Day, query: SearchQuery, found: Bits
) -> tuple[SearchHit, ...]:
    """The hits asked for, where no text was searched for."""
    order = Sort.NEW if query.sort is Sort.RELEVANCE else query.sort
    first = day.order(order).first_in(to_mask(found), query.offset + query.limit)
    ids = snapshot.ids_of(first[query.offset :].tolist())
    return tuple(SearchHit(id_, 0.0) for id_ in ids)
