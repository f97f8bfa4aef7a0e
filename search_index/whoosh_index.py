"""The contract kept with a folder of Whoosh segments, shared by the processes of one host."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.answer import answer
from search_index.errors import SearchUnavailableError
from search_index.generations import Generations
from search_index.snapshot import Snapshot
from search_index.types import ListingDocument, SearchQuery, SearchResults
from search_index.whoosh_storage import WhooshSource, apply_changes, build, latest_commit

# How long a rebuild waits for a writer to finish, in seconds.
_SWITCH_TIMEOUT = 60


class _Writer:
    """Collects changes in memory; Whoosh is only told when they are committed."""

    def __init__(self, folder: Path, applied_seq: int) -> None:
        self._folder = folder
        self._applied_seq = applied_seq
        self._changes: dict[str, ListingDocument | None] = {}

    @property
    def applied_seq(self) -> int:
        return self._applied_seq

    def upsert(self, document: ListingDocument) -> None:
        self._changes[document.id] = document

    def delete(self, document_id: str) -> None:
        self._changes[document_id] = None

    def commit(self, *, seq: int) -> None:
        apply_changes(self._folder, self._changes, seq)
        self._applied_seq = seq
        self._changes.clear()


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What a snapshot was read from. A forked process must not share the files of its parent."""

    process: int
    folder: Path
    commit: int


class WhooshIndex:
    """A ``SearchIndex`` in a folder, shared by any number of processes on one host.

    Opening reads nothing. Each search looks, at the cost of a small file and a directory, whether
    there is a newer commit or another folder, and then reads that first.
    """

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._loading = threading.Lock()
        self._loaded: tuple[_Stamp, Snapshot] | None = None

    def search(self, query: SearchQuery) -> SearchResults:
        return answer(self._snapshot(), query)

    def applied_seq(self) -> int:
        return self._snapshot().applied_seq

    def commit_id(self) -> str:
        stamp = self._stamp()
        return f"{stamp.folder.name}/{stamp.commit}"

    def revisions(self) -> Mapping[str, int]:
        return self._snapshot().revisions

    def check(self) -> None:
        self._load()

    @contextmanager
    def writer(self, *, timeout: float) -> Iterator[_Writer]:
        with self._generations.writing(timeout):
            yield _Writer(self._generations.current(), self.applied_seq())

    def rebuild(
        self,
        documents: Iterable[ListingDocument],
        *,
        seq: int,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        with self._generations.building(_SWITCH_TIMEOUT) as folder:
            return build(folder, documents, seq, on_progress)

    def _snapshot(self) -> Snapshot:
        """Of the newest commit."""
        stamp = self._stamp()
        if self._loaded is None or self._loaded[0] != stamp:
            with self._loading:
                if self._loaded is None or self._loaded[0] != stamp:
                    self._loaded = self._load()
        return self._loaded[1]

    def _stamp(self) -> _Stamp:
        folder = self._generations.current()
        return _Stamp(os.getpid(), folder, latest_commit(folder))

    def _load(self) -> tuple[_Stamp, Snapshot]:
        while True:
            stamp = self._stamp()
            try:
                return stamp, Snapshot(WhooshSource(stamp.folder, stamp.commit))
            except SearchUnavailableError:
                # A commit takes files away, maybe just now; then there is a newer one to read.
                if self._stamp() == stamp:
                    raise
