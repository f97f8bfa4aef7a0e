"""Faceted full-text search over Japanese listings, behind one small face.

Knows neither the web nor a database: documents come in, ids, counts and highlight spans go out.
"""

from search_index.analysis.kana import reading_key
from search_index.analysis.sayings import find_only_word
from search_index.analysis.synonyms import SynonymTable
from search_index.analysis.typed_readings import typed_reading_keys
from search_index.errors import IndexLockedError, SearchIndexError, SearchUnavailableError
from search_index.factory import open_index
from search_index.highlight import Highlighter
from search_index.index import IndexWriter, SearchIndex
from search_index.types import (
    FACETS,
    LOCAL_REGION,
    STATUSES,
    Completion,
    CompletionKind,
    Interpretation,
    ListingDocument,
    SearchHit,
    SearchQuery,
    SearchResults,
    Sort,
    StatusPeriod,
    SynonymExpansion,
)

__all__ = [
    "FACETS",
    "LOCAL_REGION",
    "STATUSES",
    "Completion",
    "CompletionKind",
    "Highlighter",
    "IndexLockedError",
    "IndexWriter",
    "Interpretation",
    "ListingDocument",
    "SearchHit",
    "SearchIndex",
    "SearchIndexError",
    "SearchQuery",
    "SearchResults",
    "SearchUnavailableError",
    "Sort",
    "StatusPeriod",
    "SynonymExpansion",
    "SynonymTable",
    "find_only_word",
    "open_index",
    "reading_key",
    "typed_reading_keys",
]
