"""What Whoosh is for: which segments a commit consists of, all or nothing, and what is left over.

The only module that imports it. A segment's content is ours (``segments``); terms, matching and
ranking are too. Whatever goes wrong leaves this module as ``SearchUnavailableError``.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import log
from pathlib import Path
from typing import NamedTuple

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, clean_files

from search_index.bits import Numbers
from search_index.errors import SearchIndexError, SearchUnavailableError
from search_index.segments.array_file import ArrayFile, write_array_file
from search_index.segments.builder import build_segment
from search_index.segments.merging import merge_segments
from search_index.segments.segment import MAX_POSITIONS, Segment, SegmentData
from search_index.snapshot import Snapshot
from search_index.types import ListingDocument

FORMAT = 4
"""Raise it when the analysis or the stored values change: older indexes are then rebuilt."""

_INDEX_NAME = "MAIN"
_EXTENSION = ".arrays"
_TOC_NAME = re.compile(rf"_{_INDEX_NAME}_(\d+)\.toc")

# This many segments of about the same size are merged by the commit that completes them.
_MERGE_FACTOR = 8

# Larger segments would be better to search and worse to make.
_MAX_DOCUMENTS = 250_000


class StoredSegment(WhooshSegment):  # type: ignore[misc]  # Whoosh is untyped
    """A segment in a commit: its file, how many documents it has, which of them are deleted."""

    def __init__(self, document_count: int) -> None:
        super().__init__(_INDEX_NAME)
        self._document_count = document_count
        self._deleted: frozenset[int] = frozenset()

    @classmethod
    def named(cls, segid: str, document_count: int) -> "StoredSegment":
        """One that was stored before."""
        stored = cls(document_count)
        stored.segid = segid
        return stored

    @property
    def file_name(self) -> str:
        """In the folder of the index."""
        return str(self.make_filename(_EXTENSION))

    @property
    def live_count(self) -> int:
        """How many documents are not deleted."""
        return self._document_count - len(self._deleted)

    @property
    def is_mostly_deleted(self) -> bool:
        """Whether it is worth writing anew for that."""
        return len(self._deleted) * 2 > self._document_count

    def doc_count_all(self) -> int:
        return self._document_count

    def deleted(self) -> Numbers:
        """The numbers of the deleted documents, ascending."""
        return np.array(sorted(self._deleted), np.int64)

    def without(self, numbers: Iterable[int]) -> "StoredSegment":
        """The same with more documents deleted; the old one stays as it is."""
        other = StoredSegment.named(self.segid, self._document_count)
        other._deleted = self._deleted.union(numbers)
        return other


class Commit(list[StoredSegment]):
    """The segments of a commit, and the change-log position they hold. Whoosh pickles it whole."""

    def __init__(self, segments: Iterable[StoredSegment], applied_seq: int) -> None:
        super().__init__(segments)
        self.applied_seq = applied_seq
        self.format = FORMAT


class _Opened(NamedTuple):
    file: ArrayFile
    segment: Segment


class _Files(FileStorage):  # type: ignore[misc]  # Whoosh is untyped
    """A folder that closes every file opened in it, also those Whoosh drops when it fails."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._opened: list[StructFile] = []

    def open_file(self, name: str, **options: object) -> StructFile:
        self._opened.append(super().open_file(name, **options))
        return self._opened[-1]

    def create_file(self, name: str, **options: object) -> StructFile:
        self._opened.append(super().create_file(name, **options))
        return self._opened[-1]

    def release(self) -> None:
        """Close every file, also after one that could not be: what was written counts by commit."""
        for file in self._opened:
            if not file.is_closed:
                with suppress(OSError):
                    file.close()


class IndexFolder:
    """The segments in one folder. Files once opened stay mapped for the snapshots after it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: dict[str, _Opened] = {}

    def latest_commit(self) -> int:
        """The number of the newest commit."""
        with _failures():
            names = [_TOC_NAME.fullmatch(name) for name in os.listdir(self.path)]
            return max(int(name[1]) for name in names if name)

    def read_newest(self) -> tuple[int, Snapshot]:
        """The number of the newest commit, and its state."""
        while True:
            number = self.latest_commit()
            try:
                return number, self._read(number)
            except SearchUnavailableError:
                # A commit takes files away, maybe just now; then there is a newer one to read.
                if self.latest_commit() == number:
                    raise

    def _read(self, number: int) -> Snapshot:
        with _failures():
            commit = self._read_commit(number)
            # A new dict, because other threads may be looking at the old one.
            self._opened = {stored.file_name: self._open(stored) for stored in commit}
            segments = [(self.segment(stored), stored.deleted()) for stored in commit]
            return Snapshot(segments, commit.applied_seq)

    def refuse_if_cut(self) -> None:
        """Notice files that were cut since they were opened."""
        for opened in self._opened.values():
            opened.file.refuse_if_cut()

    def verify(self) -> None:
        """Read every file of the newest commit, and compare it with its checksums."""
        self.read_newest()
        for opened in self._opened.values():
            opened.file.verify()

    def apply(self, changes: Mapping[str, ListingDocument | None], seq: int) -> None:
        """Replace documents, or remove those that are None, and note ``seq``, all in one commit."""
        with _failures():
            number = self.latest_commit()
            segments = [self._without(stored, changes) for stored in self._read_commit(number)]
        added = [document for document in changes.values() if document is not None]
        if added:
            segments.append(self.store(build_segment(added)))
        with _failures():
            self.commit(self._merged(segments), seq, number=number + 1)

    def store(self, data: SegmentData) -> StoredSegment:
        """Write a segment, which belongs to no commit yet."""
        with _failures():
            stored = StoredSegment(data.meta["document_count"])
            write_array_file(self.path / stored.file_name, data.arrays, data.meta)
            return stored

    def segment(self, stored: StoredSegment) -> Segment:
        """A stored segment, opened."""
        with _failures():
            return self._open(stored).segment

    def commit(self, segments: Iterable[StoredSegment], seq: int, *, number: int) -> None:
        """Make some segments the state of the index, and remove the files of all others."""
        with _failures():
            commit = Commit(segments, seq)
            with _files(self.path) as files:
                TOC(_SCHEMA, commit, number).write(files, _INDEX_NAME)
                clean_files(files, _INDEX_NAME, number, commit)
            # Whoosh leaves behind what it was about to rename when it was killed.
            for unfinished in self.path.glob(f"_{_INDEX_NAME}_*.toc.*"):
                unfinished.unlink(missing_ok=True)

    def packed(self, segments: Iterable[StoredSegment]) -> Iterator[StoredSegment]:
        """The documents of some segments in as few as may be."""
        group: list[StoredSegment] = []
        documents = positions = 0
        for stored in segments:
            documents += stored.live_count
            positions += (own := self.segment(stored).position_count)
            if group and (documents > _MAX_DOCUMENTS or positions > MAX_POSITIONS):
                yield self._merge(group)
                group, documents, positions = [], stored.live_count, own
            group.append(stored)
        if group:
            yield self._merge(group)

    def _read_commit(self, number: int) -> Commit:
        with _files(self.path) as files:
            commit = TOC.read(files, _INDEX_NAME, gen=number, schema=_SCHEMA).segments
        if not isinstance(commit, Commit) or commit.format != FORMAT:
            raise SearchUnavailableError(f"the index is not of format {FORMAT}")
        return commit

    def _open(self, stored: StoredSegment) -> _Opened:
        name = stored.file_name
        if name in self._opened:
            return self._opened[name]
        file = ArrayFile(self.path / name)
        return _Opened(file, Segment(SegmentData(file.arrays, file.meta)))

    def _without(self, stored: StoredSegment, changed: Iterable[str]) -> StoredSegment:
        segment = self.segment(stored)
        numbers = (segment.number_of(document_id) for document_id in changed)
        return stored.without(number for number in numbers if number is not None)

    def _merged(self, segments: Sequence[StoredSegment]) -> Iterator[StoredSegment]:
        """The segments of a commit, those of about the same size merged where they are many."""
        tiers: dict[int, list[StoredSegment]] = {}
        for stored in segments:
            if stored.live_count:
                tiers.setdefault(int(log(stored.live_count, _MERGE_FACTOR)), []).append(stored)
        for of_one_size in tiers.values():
            if len(of_one_size) >= _MERGE_FACTOR:
                yield from self.packed(of_one_size)
            else:
                yield from (self._merge([stored]) for stored in of_one_size)

    def _merge(self, group: Sequence[StoredSegment]) -> StoredSegment:
        if len(group) == 1 and not group[0].is_mostly_deleted:
            return group[0]
        return self.store(
            merge_segments([(self._verified(stored), stored.deleted()) for stored in group])
        )

    def _verified(self, stored: StoredSegment) -> Segment:
        """A stored segment whose damage would else get a new checksum that fits it."""
        opened = self._open(stored)
        opened.file.verify()
        return opened.segment


_SCHEMA = Schema()


@contextmanager
def _files(folder: Path) -> Iterator[_Files]:
    files = _Files(folder)
    try:
        yield files
    finally:
        files.release()


@contextmanager
def _failures() -> Iterator[None]:
    """The one place that catches everything: damaged files make Whoosh raise whatever its parsing
    runs into, from ``struct.error`` to ``AssertionError``, and all of it means the same to us."""
    try:
        yield
    except SearchIndexError:
        raise
    except Exception as error:
        raise SearchUnavailableError(f"the index cannot be used: {error!r}") from error
