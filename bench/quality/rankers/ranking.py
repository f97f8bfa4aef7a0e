"""What every ranker is, and the care a competent developer would give any of the peers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from search_index import ListingDocument

FIELD_WEIGHTS = {"title": 2.0, "summary": 1.5, "keywords": 3.0, "names": 2.0, "body": 1.0}
"""What a word is worth in each field, in every engine."""

Filters = Mapping[str, Collection[str]]

Rank = Callable[[str, Filters], list[str]]
"""From a typed text and chosen codes by facet to the ids found, best first."""

Match = Callable[[str, bool], list[str]]
"""From a text to the ids found, best first. True asks for all words of it, False for any."""


@dataclass(frozen=True, slots=True)
class FieldText:
    """A document as a peer sees it: the same text that our engine is given, by field."""

    id: str
    fields: Mapping[str, str]


OpenMatch = Callable[[Sequence[FieldText]], AbstractContextManager[Match]]
"""Indexes documents, and answers while the block lasts.

:raises RankerMissingError: what it needs is not installed.
"""


class RankerMissingError(Exception):
    """A peer is not installed; the message names it and says how to get it."""


def field_text(document: ListingDocument) -> FieldText:
    """A document's fields as plain text."""
    return FieldText(
        document.id,
        {
            "title": document.title,
            "summary": document.summary,
            "keywords": "\n".join(document.keywords),
            "names": "\n".join(document.names),
            "body": document.body,
        },
    )


def with_fallback(match: Match, documents: Sequence[ListingDocument]) -> Rank:
    """All words first, any word where that finds nothing; filters as our engine reads them."""

    def rank(text: str, filters: Filters) -> list[str]:
        allowed = {document.id for document in documents if obeys(document, filters)}
        for needs_all in (True, False):
            found = [id_ for id_ in match(text, needs_all) if id_ in allowed]
            if found:
                return found
        return []

    return rank


def obeys(document: ListingDocument, filters: Filters) -> bool:
    """Whether a document has one of the chosen codes in every facet."""
    return all(set(codes) & set(document.codes[facet]) for facet, codes in filters.items())
