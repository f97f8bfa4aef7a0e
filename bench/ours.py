"""Our own engine, asked as its peers are."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from bench.material import DAY
from bench.peers.peer import Match, PeerAnswer, PeerQuery
from search_index import ListingDocument, SearchQuery, SearchResults, Sort, open_index

LAG = 0.2
"""Seconds that the portal lets its searches lag behind, too."""


class Ours:
    """``search_index`` in a folder, with an empty table of synonyms.

    It is asked more than its peers: it counts the statuses too, understands the text and says what
    to highlight. Closed listings are let through, since peers know no status.
    """

    name = "ours"
    version = version("shien-portal")

    def __init__(self, folder: Path) -> None:
        self.url = f"whoosh:{folder}"

    def build(
        self,
        documents: Iterable[ListingDocument],
        *,
        processes: int,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> None:
        """Index ``documents``, cutting their text; goes on where it was stopped."""
        rebuild = open_index(self.url).rebuild
        rebuild(documents, seq=0, **_known(rebuild, processes=processes, on_progress=on_progress))

    def open(self) -> None:
        self._index = open_index(self.url, lag=LAG)
        self._index.applied_seq()

    def close(self) -> None:
        del self._index

    def search(self, query: PeerQuery) -> PeerAnswer:
        results = self.find(query)
        facets = {
            name: {code: count for code, count in counts.items() if count}
            for name, counts in results.facets.items()
            if query.with_facets and name != "status"
        }
        return PeerAnswer(results.total, tuple(hit.id for hit in results.hits), facets)

    def find(self, query: PeerQuery) -> SearchResults:
        """The same with all that the engine has to say."""
        return self._index.search(to_search_query(query))


class OursNewTexts(Ours):
    """Asked every text as if for the first time: blanks at its end, which say nothing, are never
    the same. So nothing is at hand that is kept for a text, only what is kept of its words."""

    name = "ours, new text"

    def open(self) -> None:
        super().open()
        self._blanks = new_blanks()

    def find(self, query: PeerQuery) -> SearchResults:
        asked = to_search_query(query)
        return self._index.search(replace(asked, text=asked.text + next(self._blanks)))


def new_blanks() -> Iterator[str]:
    """Blanks of all sorts, none twice."""
    return ("".join(" \u3000"[bit == "1"] for bit in f"{number:b}") for number in count(1))


def to_search_query(query: PeerQuery) -> SearchQuery:
    """A query of the comparison in the engine's own terms."""
    return SearchQuery(
        **_known(
            SearchQuery,
            on=DAY,
            text=f"「{query.text}」" if query.match is Match.PHRASE else query.text,
            filters=query.filters,
            include_closed=True,
            sort=Sort.DEADLINE if query.by_deadline else Sort.RELEVANCE,
            limit=query.limit,
            with_facets=query.with_facets,
        )
    )


def _known(asked: Callable[..., object], **options: object) -> dict[str, Any]:
    """The options that this version of the engine has: older ones are measured too."""
    names = _parameters(asked)
    return {name: value for name, value in options.items() if name in names}


@cache
def _parameters(asked: Callable[..., object]) -> frozenset[str]:
    return frozenset(inspect.signature(asked).parameters)
