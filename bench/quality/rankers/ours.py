"""Our engine by the portal's own path: a search's parameters, read as the page reads them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.quality.corpus import SEARCHED_ON
from bench.quality.rankers.ranking import Filters, Rank
from portal.search.params import PAGE_SIZES, SearchParams
from portal.search.synonyms import default_synonyms
from search_index import ListingDocument, SearchIndex, SearchResults, SynonymTable, open_index

ENGINES = ("memory", "whoosh")


@contextmanager
def open_ours(engine: str, documents: Sequence[ListingDocument]) -> Iterator[SearchIndex]:
    """An index of ours, ``memory`` or ``whoosh``, filled with documents."""
    with TemporaryDirectory(prefix="bench-quality-") as folder:
        index = open_index("memory:" if engine == "memory" else f"whoosh:{Path(folder)}/index")
        index.rebuild(documents, seq=0)
        yield index


def search(
    index: SearchIndex, text: str, filters: Filters, synonyms: SynonymTable
) -> SearchResults:
    """What the search page would show for a text and chosen codes, over included."""
    params = SearchParams(
        q=text,
        choices={facet: tuple(codes) for facet, codes in filters.items()},
        include_closed=True,
        per_page=PAGE_SIZES[0],
    )
    return index.search(params.to_query(today=SEARCHED_ON, synonyms=synonyms))


def rank_with(index: SearchIndex) -> Rank:
    """Our engine as a ranker, with the synonyms that ship with the portal."""

    def rank(text: str, filters: Filters) -> list[str]:
        return [hit.id for hit in search(index, text, filters, default_synonyms()).hits]

    return rank
