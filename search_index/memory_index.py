"""The contract in dicts: no files, nothing shared between processes. For tests and trials."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from search_index.answer import answer
from search_index.document_terms import DocumentTerms, extract_terms
from search_index.errors import IndexLockedError
from search_index.postings import DocumentRow, Postings
from search_index.snapshot import Snapshot
from search_index.types import ListingDocument, SearchQuery, SearchResults

_Entry = tuple[DocumentRow, DocumentTerms]


class _MemorySource:
    """One state of the index, never changed: a commit makes a new one."""

    def __init__(self, entries: Mapping[str, _Entry], applied_seq: int) -> None:
        self._entries = list(entries.values())
        self.applied_seq = applied_seq
        self.document_count = len(entries)

    def rows(self) -> Iterable[tuple[int, DocumentRow]]:
        return enumerate(row for row, _ in self._entries)

    def postings(self, field: str, term: str) -> Postings:
        found = [
            (number, terms.positions[field][term])
            for number, (_, terms) in enumerate(self._entries)
            if term in terms.positions[field]
        ]
        return Postings(
            documents=np.array([number for number, _ in found], np.int64),
            counts=np.array([len(positions) for _, positions in found], np.int64),
            positions=np.array([at for _, positions in found for at in positions], np.int64),
        )

    def lexicon(self, field: str, prefix: str = "") -> list[str]:
        terms = {term for _, terms in self._entries for term in terms.positions[field]}
        return sorted(term for term in terms if term.startswith(prefix))


class _MemoryWriter:
    """Collects changes beside the index and puts them in together."""

    def __init__(self, index: "MemoryIndex") -> None:
        self._index = index
        self._entries = dict(index.entries)

    @property
    def applied_seq(self) -> int:
        return self._index.applied_seq()

    def upsert(self, document: ListingDocument) -> None:
        self._entries[document.id] = _analyse(document)

    def delete(self, document_id: str) -> None:
        self._entries.pop(document_id, None)

    def commit(self, *, seq: int) -> None:
        self._index.replace(self._entries, seq)
        self._entries = dict(self._entries)


class MemoryIndex:
    """A ``SearchIndex`` that starts empty and is gone with its process."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._rebuilding = threading.Lock()
        self._commits = 0
        self.replace({}, 0)

    def replace(self, entries: Mapping[str, _Entry], seq: int) -> None:
        """Answer from ``entries`` from now on."""
        self.entries = entries
        self._commits += 1
        self._snapshot = Snapshot(_MemorySource(entries, seq))

    def search(self, query: SearchQuery) -> SearchResults:
        return answer(self._snapshot, query)

    def applied_seq(self) -> int:
        return self._snapshot.applied_seq

    def commit_id(self) -> str:
        return str(self._commits)

    def revisions(self) -> Mapping[str, int]:
        return self._snapshot.revisions

    def check(self) -> None:
        """Nothing is stored."""

    @contextmanager
    def writer(self, *, timeout: float) -> Iterator[_MemoryWriter]:
        with _held(self._writing, timeout):
            yield _MemoryWriter(self)

    def rebuild(
        self,
        documents: Iterable[ListingDocument],
        *,
        seq: int,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        with _held(self._rebuilding, timeout=0):
            entries: dict[str, _Entry] = {}
            for document in documents:
                entries[document.id] = _analyse(document)
                on_progress(len(entries))
            with self._writing:
                self.replace(entries, seq)
        return len(entries)


def _analyse(document: ListingDocument) -> _Entry:
    terms = extract_terms(document)
    return DocumentRow.of(document, terms), terms


@contextmanager
def _held(lock: threading.Lock, timeout: float) -> Iterator[None]:
    if not lock.acquire(timeout=timeout):
        raise IndexLockedError("another thread is writing to this index")
    try:
        yield
    finally:
        lock.release()
