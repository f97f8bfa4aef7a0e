"""What Whoosh is for: which segments a commit consists of, all or nothing, and what is left over.

The only module that imports it. A segment's content is ours (``segments``); terms, matching and
ranking are too. Whoosh would pickle a commit, and run what it finds when it reads one. Its table of
contents is therefore sealed by a checksum, with plain data where the pickle would be.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.fields import STORED, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, clean_files

from search_index.errors import SearchIndexError, SearchUnavailableError
from search_index.sets.bits import Numbers
from search_index.storage.durable import seal, sync_folder, unseal, write_durably

FORMAT = 7
"""Raise it when the analysis or the stored values change: older indexes are then rebuilt."""

_INDEX_NAME = "MAIN"
_EXTENSION = ".arrays"
_SEGMENT_ID = re.compile(r"[0-9a-z]{16}")
_MAGIC = b"LISTTOC1"

# Whoosh unpickles the schema of a file unless it is given one, and one without fields is none.
_SCHEMA = Schema(id=STORED)
_TOC_NAME = re.compile(rf"_{_INDEX_NAME}_(\d+)\.toc")


class StoredSegment(WhooshSegment):  # type: ignore[misc]  # Whoosh is untyped
    """A segment in a commit: its file, how many documents it has, which of them are deleted."""

    def __init__(self, document_count: int) -> None:
        super().__init__(_INDEX_NAME)
        self._document_count = document_count
        self._deleted: frozenset[int] = frozenset()

    @classmethod
    def named(cls, segid: str, document_count: int, deleted: Iterable[int] = ()) -> "StoredSegment":
        """One that was stored before.

        :raises ValueError: there can be no such segment.
        """
        stored = cls(document_count)
        stored.segid = segid
        stored._deleted = frozenset(deleted)
        # The name becomes a path, and the numbers places in arrays.
        last = max(stored._deleted, default=-1)
        if not _SEGMENT_ID.fullmatch(segid) or not -1 <= last < document_count:
            raise ValueError(f"{segid!r} is no segment of {document_count} documents")
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
        return StoredSegment.named(self.segid, self._document_count, self._deleted.union(numbers))


class Commit(list[StoredSegment]):
    """The segments of a commit, and the change-log position they hold."""

    def __init__(self, segments: Iterable[StoredSegment], applied_seq: int) -> None:
        super().__init__(segments)
        self.applied_seq = applied_seq

    def to_bytes(self) -> bytes:
        """All of it as JSON."""
        segments = [(each.segid, each.doc_count_all(), each.deleted().tolist()) for each in self]
        noted = {"format": FORMAT, "applied_seq": self.applied_seq, "segments": segments}
        return json.dumps(noted, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, content: bytes) -> "Commit":
        """What ``to_bytes`` gave.

        :raises SearchUnavailableError: it is of another format.
        """
        noted = json.loads(content)
        if noted["format"] != FORMAT:
            raise SearchUnavailableError(f"the index is not of format {FORMAT}")
        segments = (StoredSegment.named(*values) for values in noted["segments"])
        return cls(segments, int(noted["applied_seq"]))


def latest_commit(folder: Path) -> int:
    """The number of the newest commit in a folder.

    :raises SearchUnavailableError: there is none.
    """
    with storage_failures():
        names = [_TOC_NAME.fullmatch(name) for name in os.listdir(folder)]
        return max(int(name[1]) for name in names if name)


def is_latest(folder: str, number: int) -> bool:
    """Whether a commit is the newest. One that is followed is soon removed, and its follower has
    the next number: two questions tell, however many there were since."""
    toc = f"{folder}/_{_INDEX_NAME}_"
    return os.access(f"{toc}{number}.toc", os.F_OK) and not os.access(
        f"{toc}{number + 1}.toc", os.F_OK
    )


def read_commit(folder: Path, number: int) -> Commit:
    """A commit by its number.

    :raises SearchUnavailableError: it is damaged, gone or of another format.
    """
    with storage_failures():
        toc = TOC.read(_Files(folder), _INDEX_NAME, gen=number, schema=_SCHEMA)
        commit: Commit = toc.segments
        return commit


def write_commit(folder: Path, commit: Commit, number: int) -> None:
    """Make a commit the newest, and remove the files of all others. Its segments are on disk; when
    this returns, it is too.

    :raises SearchUnavailableError: the disk is full, read-only or not ours.
    """
    with storage_failures():
        files = _Files(folder)
        TOC(_SCHEMA, commit, number).write(files, _INDEX_NAME)
        # Before anything is removed: a power cut must not leave the names of neither.
        sync_folder(folder)
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


class _TableOfContents(StructFile):  # type: ignore[misc]  # Whoosh is untyped
    """The file that Whoosh reads and writes, in memory, without a pickle that is ever read."""

    def write_pickle(self, obj: Commit, protocol: int = -1) -> None:
        self.write_string(obj.to_bytes())

    def read_pickle(self) -> Commit:
        return Commit.from_bytes(super().read_string())

    def read_string(self) -> bytes:
        """Whoosh asks for strings only to unpickle them."""
        raise SearchUnavailableError("the index is of another version of Whoosh")


class _Files(FileStorage):  # type: ignore[misc]  # Whoosh is untyped
    """A folder whose tables of contents have a checksum, and are on disk before they count."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._path = folder

    def open_file(self, name: str, **options: object) -> StructFile:
        return _TableOfContents(BytesIO(unseal(_MAGIC, (self._path / name).read_bytes())), name)

    def create_file(self, name: str, **options: object) -> StructFile:
        def store(file: _TableOfContents) -> None:
            write_durably(self._path / name, seal(_MAGIC, file.raw_file().getvalue()))

        return _TableOfContents(BytesIO(), name, onclose=store)
