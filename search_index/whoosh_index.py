"""The contract kept with a folder of Whoosh segments, shared by the processes of one host."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from search_index.answer import answer
from search_index.completions import complete
from search_index.errors import SearchUnavailableError
from search_index.snapshot import Snapshot
from search_index.storage.building import build_index, can_be_continued
from search_index.storage.generations import Generations
from search_index.storage.index_folder import IndexFolder
from search_index.types import Completion, ListingDocument, SearchQuery, SearchResults

# How long a rebuild waits for a writer to finish, in seconds.
_SWITCH_TIMEOUT = 60


class _Writer:
    """Collects changes in memory; they are only analysed and stored when they are committed."""

    def __init__(self, folder: IndexFolder, applied_seq: int) -> None:
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
        self._folder.apply(self._changes, seq)
        self._applied_seq = seq
        self._changes.clear()


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A snapshot and where it was read from."""

    pointer_state: tuple[int, ...]
    folder: IndexFolder
    commit: int
    snapshot: Snapshot
    known_at: float
    """When it was last known to be the newest, by the clock that only goes forward."""


class WhooshIndex:
    """A ``SearchIndex`` in a folder, shared by any number of processes on one host.

    Opening reads nothing. Each search asks the file system whether there is a newer commit or
    another folder, which takes some microseconds, and then maps that first. What was the newest
    less than ``lag`` seconds ago is good enough for searches, unless this index changed it: while
    listings are published one after the other, not every search pays for another commit.
    """

    def __init__(self, folder: Path, lag: float = 0) -> None:
        self._lag = lag
        self._generations = Generations(folder)
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    def search(self, query: SearchQuery) -> SearchResults:
        snapshot = self._recent().snapshot
        with _damage():
            return answer(snapshot, query)

    def complete(self, text: str, *, limit: int = 10) -> tuple[Completion, ...]:
        snapshot = self._recent().snapshot
        with _damage():
            return complete(snapshot, text, limit)

    def applied_seq(self) -> int:
        return self._newest().snapshot.applied_seq

    def commit_id(self) -> str:
        loaded = self._recent()
        return f"{loaded.folder.path.name}/{loaded.commit}"

    def revisions(self) -> Mapping[str, int]:
        snapshot = self._newest().snapshot
        with _damage():
            return snapshot.revisions

    def check(self) -> None:
        IndexFolder(self._generations.current()).verify()

    @contextmanager
    def writer(self, *, timeout: float) -> Iterator[_Writer]:
        with self._generations.writing(timeout):
            applied_seq = self.applied_seq()
            # Opened anew: damage is to be noticed before anything is built on it.
            yield _Writer(IndexFolder(self._generations.current()), applied_seq)
        self._expire()

    def rebuild(
        self,
        documents: Iterable[ListingDocument],
        *,
        seq: int,
        logged_after: int = 0,
        processes: int = 1,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        with self._generations.building(
            _SWITCH_TIMEOUT,
            lambda folder: can_be_continued(folder, begun_from=logged_after, begun_until=seq),
        ) as folder:
            count = build_index(
                folder, documents, seq=seq, processes=processes, on_progress=on_progress
            )
        self._expire()
        return count

    def _expire(self) -> None:
        """What this index itself changed is to be seen at once."""
        with self._loading:
            if self._loaded:
                self._loaded = replace(self._loaded, known_at=-inf)

    def _recent(self) -> _Loaded:
        """The newest commit, or one that was the newest ``lag`` seconds ago."""
        loaded = self._loaded
        now = time.monotonic()
        if loaded is None or now - loaded.known_at >= self._lag:
            loaded = self._newest()
            with self._loading:
                # Unless it was changed or expired meanwhile.
                if self._loaded is loaded:
                    self._loaded = replace(loaded, known_at=now)
            return loaded
        loaded.folder.refuse_if_cut()
        return loaded

    def _newest(self) -> _Loaded:
        """The newest commit, loaded."""
        loaded = self._loaded
        if loaded is None or not self._is_newest(loaded):
            with self._loading:
                loaded = self._loaded
                if loaded is None or not self._is_newest(loaded):
                    loaded = self._loaded = self._load(loaded)
        loaded.folder.refuse_if_cut()
        return loaded

    def _is_newest(self, loaded: _Loaded) -> bool:
        return (
            self._generations.pointer_state() == loaded.pointer_state
            and loaded.folder.is_latest(loaded.commit)
        )

    def _load(self, before: _Loaded | None) -> _Loaded:
        """The newest commit, on top of the files that are open already."""
        known_at = time.monotonic()
        state = self._generations.pointer_state()
        path = self._generations.current()
        folder = before.folder if before and before.folder.path == path else IndexFolder(path)
        commit, snapshot = folder.read_newest()
        return _Loaded(state, folder, commit, snapshot, known_at)


@contextmanager
def _damage() -> Iterator[None]:
    """Damaged numbers lead out of the arrays they point into, damaged text is no UTF-8."""
    try:
        yield
    except (IndexError, ValueError) as error:
        raise SearchUnavailableError(f"the index cannot be used: {error!r}") from error
