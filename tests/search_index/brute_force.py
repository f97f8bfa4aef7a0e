"""What a search has to find, by looking at every document with plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search_index import (
    FACETS,
    LOCAL_REGION,
    STATUSES,
    ListingDocument,
    SearchQuery,
    Sort,
    StatusPeriod,
)
from tests.search_index.examples import WORDS

_RANKS = {"unknown": 1, "closed": 2}
_UNDATED = {"always": 2, "unknown": 3, "closed": 4}


@dataclass(frozen=True)
class Expected:
    ids: list[str]
    """What holds everything, in order, except where relevance decides."""
    further: list[str]
    """What follows it, in the same order."""
    facets: dict[str, dict[str, int]]
    amount_unknown: int


def search(
    documents: Iterable[ListingDocument], query: SearchQuery, further: Iterable[str] = ()
) -> Expected | None:
    """None where no document holds everything, because then words are taken one by one.

    ``further`` are ids of documents that hold enough of the text to be found, too.
    """
    library = sorted(documents, key=lambda document: document.id)
    strict = [document for document in library if _matches(document, query.text)]
    if not strict and _required(query.text):
        return None
    loose = set(further) - {document.id for document in strict}
    found = [document for document in library if document in strict or document.id in loose]
    wanted = [document for document in found if _gives_enough(document, query)]
    hits = [document for document in wanted if _passes(document, query)]
    ids = [document.id for document in sorted(hits, key=lambda hit: _sort_key(hit, query))]
    return Expected(
        [id_ for id_ in ids if id_ not in loose],
        [id_ for id_ in ids if id_ in loose],
        {
            facet: {
                code: sum(
                    code in _codes(document, facet, query) and _passes(document, query, facet)
                    for document in wanted
                )
                for code in {code for each in library for code in _codes(each, facet, query)}
            }
            for facet in (*FACETS, "status")
        },
        sum(
            document.amount_max_yen is None and _passes(document, query)
            for document in found
            if query.amount_min is not None
        ),
    )


def _required(text: str) -> list[str]:
    return [item for item in text.split() if not item.startswith("-")]


def _matches(document: ListingDocument, text: str) -> bool:
    return all(_holds(document, item) for item in _required(text)) and not any(
        _holds_together(document, item[1:]) for item in text.split() if item.startswith("-")
    )


def _holds(document: ListingDocument, item: str) -> bool:
    if _holds_together(document, item):
        return True
    words = [word for word in WORDS if word in item]
    return '"' not in item and all(_holds_together(document, word) for word in words)


def _holds_together(document: ListingDocument, item: str) -> bool:
    texts = (document.title, document.summary, *document.keywords, document.body)
    return any(item.strip('"') in text for text in texts)


def _period(document: ListingDocument, on: date) -> StatusPeriod:
    return [period for period in document.periods if period.from_on <= on][-1]


def _codes(document: ListingDocument, facet: str, query: SearchQuery) -> tuple[str, ...]:
    if facet == "status":
        status = _period(document, query.on).status
        return ("closing", "open") if status == "closing" else (status,)
    if facet == "region" and query.local_only:
        facet = LOCAL_REGION
    return document.codes.get(facet, ())


def _passes(document: ListingDocument, query: SearchQuery, but: str = "") -> bool:
    chosen = {facet: codes for facet, codes in query.filters.items() if codes}
    if "status" not in chosen and not query.include_closed:
        chosen["status"] = tuple(status for status in STATUSES if status != "closed")
    return all(
        set(codes) & set(_codes(document, facet, query))
        for facet, codes in chosen.items()
        if facet != but
    )


def _gives_enough(document: ListingDocument, query: SearchQuery) -> bool:
    if query.amount_min is None:
        return True
    return document.amount_max_yen is not None and document.amount_max_yen >= query.amount_min


def _sort_key(document: ListingDocument, query: SearchQuery) -> tuple[object, ...]:
    period = _period(document, query.on)
    rank = _RANKS.get(period.status, 0)
    amount = document.amount_max_yen
    match query.sort:
        case Sort.DEADLINE if period.closes_on and period.status in ("open", "closing", "upcoming"):
            return (0, period.closes_on)
        case Sort.DEADLINE:
            return (_UNDATED.get(period.status, 1),)
        case Sort.POPULAR:
            return (-document.popularity, rank)
        case Sort.AMOUNT:
            return (amount is None, -(amount or 0), rank)
        case _:
            return (rank, -document.published_at)
