"""A whole index from its documents: with all cores if wanted, and going on where it was stopped.

Documents are analysed in batches, each stored as a segment as soon as it is done and noted in a
file; at the end the segments are merged and committed. Who continues does not analyse again what
is stored. It may have changed meanwhile, so the change-log position of the first start counts.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from search_index.errors import SearchIndexError, SearchUnavailableError
from search_index.segments.builder import build_segment
from search_index.segments.segment import Segment
from search_index.storage.durable import seal, unseal, write_durably
from search_index.storage.index_folder import IndexFolder
from search_index.storage.whoosh_storage import FORMAT, StoredSegment
from search_index.types import ListingDocument

BATCH = 1_000
"""Documents analysed at a time."""

_NOTES = "unfinished"
_NICENESS = 10
_MAGIC = b"LISTUNF1"


@dataclass(slots=True)
class _Notes:
    """What an unfinished index consists of so far."""

    path: Path
    seq: int
    segments: list[StoredSegment]

    @classmethod
    def read(cls, folder: Path) -> "_Notes | None":
        """Those of a folder, if there are any and they are of this format."""
        try:
            noted = json.loads(unseal(_MAGIC, (folder / _NOTES).read_bytes()))
            if noted["format"] != FORMAT:
                return None
            segments = [StoredSegment.named(name, count) for name, count in noted["segments"]]
            return cls(folder / _NOTES, int(noted["seq"]), segments)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def add(self, stored: StoredSegment) -> None:
        """Note one more segment, all or nothing.

        :raises SearchUnavailableError: the disk is full.
        """
        self.segments.append(stored)
        segments = [(each.segid, each.doc_count_all()) for each in self.segments]
        noted = {"format": FORMAT, "seq": self.seq, "segments": segments}
        written = self.path.with_suffix(".new")
        try:
            write_durably(written, seal(_MAGIC, json.dumps(noted).encode()))
            os.replace(written, self.path)
        except OSError as error:
            raise SearchUnavailableError(f"cannot note what is built: {error}") from error


def can_be_continued(folder: Path, *, begun_from: int, begun_until: int) -> bool:
    """Whether an unfinished index is intact, and of a position in the change log between two."""
    notes = _Notes.read(folder)
    if notes is None or not begun_from <= notes.seq <= begun_until:
        return False
    try:
        for stored in notes.segments:
            IndexFolder(folder).segment(stored)
    except SearchUnavailableError:
        return False
    return True


def build_index(
    path: Path,
    documents: Iterable[ListingDocument],
    *,
    seq: int,
    processes: int,
    on_progress: Callable[[int], None],
) -> int:
    """Fill a folder that is new or can be continued; returns the number of its documents."""
    folder = IndexFolder(path)
    notes = _Notes.read(path) or _Notes(path / _NOTES, seq, [])
    known = _ids(folder.segment(stored) for stored in notes.segments)
    done = len(known)
    missing = (document for document in documents if document.id.encode() not in known)
    for stored in _stored(path, missing, processes):
        notes.add(stored)
        done += stored.doc_count_all()
        on_progress(done)
    packed = list(folder.packed(notes.segments))
    # Before the commit, which takes away the segments they tell of.
    notes.path.unlink(missing_ok=True)
    folder.commit(packed, notes.seq, number=1)
    return done


def _ids(segments: Iterable[Segment]) -> set[bytes]:
    """The ids of all documents in some segments, in UTF-8."""
    return {
        document_id
        for segment in segments
        for document_id in segment.ids[: segment.document_count].tolist()
    }


def _stored(
    path: Path, documents: Iterator[ListingDocument], processes: int
) -> Iterator[StoredSegment]:
    """Segments as they are finished, in the order of their documents."""
    batches = iter(lambda: list(islice(documents, BATCH)), [])
    first = next(batches, [])
    if processes == 1 or len(first) < BATCH:
        for batch in chain([first] if first else [], batches):
            yield _store_batch(path, batch)
        return
    with _pool(processes) as pool:
        waiting: list[Future[StoredSegment]] = []
        for batch in chain([first], batches):
            waiting.append(pool.submit(_store_batch, path, batch))
            if len(waiting) > 2 * processes:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _store_batch(path: Path, documents: list[ListingDocument]) -> StoredSegment:
    return IndexFolder(path).store(build_segment(documents))


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    # Fresh processes: a fork would inherit locks that other threads of this one hold.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin_worker
    ) as pool:
        try:
            yield pool
        except BrokenProcessPool as error:
            raise SearchIndexError(f"a process that built the index died: {error}") from error
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _begin_worker() -> None:
    """Searches come first: they have owners waiting. And left by a parent that was killed, a
    process of the pool would wait for work for ever."""
    os.nice(_NICENESS)

    def end() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
