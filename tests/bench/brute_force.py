"""What a peer must answer, found out by looking at every document."""

from collections import Counter
from collections.abc import Sequence

from bench.peers.peer import FACET_FIELDS, Match, PeerAnswer, PeerDocument, PeerQuery


def answer(documents: Sequence[PeerDocument], query: PeerQuery) -> PeerAnswer:
    """All hits by deadline and id, and the counts if asked for."""
    matching = [document for document in documents if _matches(document, query)]
    hits = [d for d in matching if _passes(d, query, None)]
    facets = {
        facet: Counter(
            code for d in matching if _passes(d, query, facet) for code in d.facets[facet]
        )
        for facet in (FACET_FIELDS if query.with_facets else ())
    }
    hits.sort(key=lambda d: (d.closes_on is None, d.closes_on, d.id))
    return PeerAnswer(len(hits), tuple(d.id for d in hits), facets)


def _matches(document: PeerDocument, query: PeerQuery) -> bool:
    fields = [text.split() for text in document.tokenised.values()]
    if query.match is Match.PHRASE:
        return any(
            tuple(words[at : at + len(query.words)]) == query.words
            for words in fields
            for at in range(len(words))
        )
    held = {word for words in fields for word in words}
    if query.match is Match.ANY:
        return bool(held & set(query.words))
    return held >= set(query.words)


def _passes(document: PeerDocument, query: PeerQuery, left_out: str | None) -> bool:
    return all(
        set(document.facets[facet]) & set(codes)
        for facet, codes in query.filters.items()
        if facet != left_out
    )
