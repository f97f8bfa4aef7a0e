"""The peers by name, and opening those that are installed."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from bench.quality.rankers.fts5 import open_trigrams, open_words
from bench.quality.rankers.groonga import open_groonga
from bench.quality.rankers.postgresql import open_postgresql
from bench.quality.rankers.ranking import (
    OpenMatch,
    Rank,
    RankerMissingError,
    field_text,
    with_fallback,
)
from bench.quality.rankers.tantivy_words import open_tantivy
from bench.quality.rankers.whoosh_bigrams import open_whoosh
from search_index import ListingDocument

PEERS: Mapping[str, OpenMatch] = {
    "FTS5 trigram": open_trigrams,
    "FTS5 words": open_words,
    "tantivy words": open_tantivy,
    "Groonga bigram": open_groonga,
    "Whoosh bigram": open_whoosh,
    "PostgreSQL words": open_postgresql,
}


def open_peers(stack: ExitStack, documents: Sequence[ListingDocument]) -> dict[str, Rank]:
    """Every installed peer filled with the documents, until the stack closes.

    Who is missing is named on standard error.
    """
    texts = [field_text(document) for document in documents]
    ranks: dict[str, Rank] = {}
    for name, open_match in PEERS.items():
        try:
            match = stack.enter_context(open_match(texts))
        except RankerMissingError as missing:
            print(f"left out, {missing}", file=sys.stderr)
            continue
        ranks[name] = with_fallback(match, documents)
    return ranks
