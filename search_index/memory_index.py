"""The contract in memory: no files, nothing shared between processes. For tests and trials."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from search_index.answer import answer
from search_index.completions import complete
from search_index.errors import IndexLockedError
from search_index.segments.builder import build_segment
from search_index.segments.segment import Segment
from search_index.snapshot import Snapshot
from search_index.types import Completion, ListingDocument, SearchQuery, SearchResults

_NONE_DELETED = np.zeros(0, np.int64)


class _MemoryWriter:
    """Collects changes beside the index and puts them in together."""

    def __init__(self, index: "MemoryIndex") -> None:
        self._index = index
        self._documents = dict(index.documents)

    @property
    def applied_seq(self) -> int:
        return self._index.applied_seq()

    def upsert(self, document: ListingDocument) -> None:
        self._documents[document.id] = document

    def delete(self, document_id: str) -> None:
        self._documents.pop(document_id, None)

    def commit(self, *, seq: int) -> None:
        self._index.replace(self._documents, seq)
        self._documents = dict(self._documents)


class MemoryIndex:
    """A ``SearchIndex`` that starts empty and is gone with its process. Each commit analyses
    everything anew."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._rebuilding = threading.Lock()
        self._commits = 0
        self.replace({}, 0)

    def replace(self, documents: Mapping[str, ListingDocument], seq: int) -> None:
        """Answer from ``documents`` from now on."""
        self.documents = documents
        self._commits += 1
        segment = Segment(build_segment(list(documents.values())))
        self._snapshot = Snapshot([(segment, _NONE_DELETED)], seq)

    def search(self, query: SearchQuery) -> SearchResults:
        return answer(self._snapshot, query)

    def complete(self, text: str, *, limit: int = 10) -> tuple[Completion, ...]:
        return complete(self._snapshot, text, limit)

    def applied_seq(self) -> int:
        return self._snapshot.applied_seq

    def commit_id(self) -> str:
        return str(self._commits)

    def revisions(self) -> Mapping[str, int]:
        return self._snapshot.revisions

    def check(self) -> None:
        """Nothing is stored that could be damaged."""

    @contextmanager
    def writer(self, *, timeout: float) -> Iterator[_MemoryWriter]:
        with _held(self._writing, timeout):
            yield _MemoryWriter(self)

    def rebuild(
        self,
        documents: Iterable[ListingDocument],
        *,
        seq: int,
        logged_after: int = 0,
        processes: int = 1,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        with _held(self._rebuilding, timeout=0):
            held: dict[str, ListingDocument] = {}
            for document in documents:
                held[document.id] = document
                on_progress(len(held))
            with self._writing:
                self.replace(held, seq)
        return len(held)


@contextmanager
def _held(lock: threading.Lock, timeout: float) -> Iterator[None]:
    if not lock.acquire(timeout=timeout):
        raise IndexLockedError("another thread is writing to this index")
    try:
        yield
    finally:
        lock.release()
