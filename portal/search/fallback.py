"""Search without the index: plain matching in the database, everything else as always."""

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.indexing.documents import to_document
from portal.listings import queries
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import popularity
from search_index import SearchIndex, open_index

CANDIDATES = 2_000
"""Listings looked at, the newest first, so that the answer stays quick in a large portal."""


_WORD = re.compile(r'([-－−]?)(?:["“”「]([^"“”「」]+)["“”」]?|([^\s"“”「」]+))')


def plain_words(text: str) -> tuple[list[str], list[str]]:
    """The words and phrases of a query to be found, and those to be avoided."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, phrase, word in _WORD.findall(text):
        (unwanted if minus else wanted).append((phrase or word).strip())
    return [word for word in wanted if word], [word for word in unwanted if word]


def plain_index(session: Session, text: str, vocabulary: Vocabulary) -> SearchIndex:
    """An index in memory of the published listings that hold every word of a text literally.

    Filters, facet counts and sorts are then those of any other search.
    """
    wanted, unwanted = plain_words(text)
    found = queries.newest_published_containing(session, wanted, unwanted, limit=CANDIDATES)
    views = popularity.views_of(session, [listing.id for listing in found])
    index = open_index("memory:")
    with index.writer(timeout=1) as writer:
        for listing in found:
            # The database matched the text already, so none has to be analysed.
            popular = views.get(listing.id, 0)
            document = to_document(listing, vocabulary, popularity=popular)
            writer.upsert(replace(document, title="", summary="", keywords=(), names=(), body=""))
        writer.commit(seq=0)
    return index
