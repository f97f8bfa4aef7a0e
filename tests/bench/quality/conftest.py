"""The corpus of the judged queries, made once."""

import pytest

from bench.quality.corpus import real_documents
from search_index import ListingDocument


@pytest.fixture(scope="session")
def documents() -> list[ListingDocument]:
    return real_documents()
