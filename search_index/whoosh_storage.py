"""What Whoosh is for: which segments a commit consists of, all or nothing, and what is left over.

The only module that imports it. A segment's content is ours (``segments``); terms, matching and
ranking are too.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, clean_files

from search_index.bits import Numbers
from search_index.errors import SearchIndexError, SearchUnavailableError

FORMAT = 6
"""Raise it when the analysis or the stored values change: older indexes are then rebuilt."""

_INDEX_NAME = "MAIN"
_EXTENSION = ".arrays"
_SCHEMA = Schema()
_TOC_NAME = re.compile(rf"_{_INDEX_NAME}_(\d+)\.toc")


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


def latest_commit(folder: Path) -> int:
    """The number of the newest commit in a folder.

    :raises SearchUnavailableError: there is none.
    """
    with storage_failures():
        names = [_TOC_NAME.fullmatch(name) for name in os.listdir(folder)]
        return max(int(name[1]) for name in names if name)


def read_commit(folder: Path, number: int) -> Commit:
    """A commit by its number.

    :raises SearchUnavailableError: it is damaged, gone or of another format.
    """
    with storage_failures(), _files(folder) as files:
        commit = TOC.read(files, _INDEX_NAME, gen=number, schema=_SCHEMA).segments
        if not isinstance(commit, Commit) or commit.format != FORMAT:
            raise SearchUnavailableError(f"the index is not of format {FORMAT}")
        return commit


def write_commit(folder: Path, commit: Commit, number: int) -> None:
    """Make a commit the newest, and remove the files of all others.

    :raises SearchUnavailableError: the disk is full, read-only or not ours.
    """
    with storage_failures():
        with _files(folder) as files:
            TOC(_SCHEMA, commit, number).write(files, _INDEX_NAME)
            clean_files(files, _INDEX_NAME, number, commit)
        # Whoosh leaves behind what it was about to rename when it was killed.
        for unfinished in folder.glob(f"_{_INDEX_NAME}_*.toc.*"):
            unfinished.unlink(missing_ok=True)


@contextmanager
def storage_failures() -> Iterator[None]:
    """The one place that catches everything: damaged files make Whoosh raise whatever its parsing
    runs into, from ``struct.error`` to ``AssertionError``, and all of it means the same to us."""
    try:
        yield
    except SearchIndexError:
        raise
    except Exception as error:
        raise SearchUnavailableError(f"the index cannot be used: {error!r}") from error


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


@contextmanager
def _files(folder: Path) -> Iterator[_Files]:
    files = _Files(folder)
    try:
        yield files
    finally:
        files.release()
