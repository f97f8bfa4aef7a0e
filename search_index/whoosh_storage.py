"""What Whoosh is for: segments on disk and commits that are all or nothing.

The only module that imports it. It is asked for postings and stored rows alone; terms, matching and
ranking are ours. Whatever it raises leaves this module as ``SearchUnavailableError``.
"""

import os
import re
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from whoosh.codec.base import Segment
from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search_index.document_terms import DICTIONARIES, POSTING_FIELDS, extract_terms
from search_index.errors import SearchIndexError, SearchUnavailableError
from search_index.postings import DocumentRow, Postings
from search_index.types import ListingDocument

FORMAT = 3
"""Raise it when the analysis or the stored values change: older indexes are then rebuilt."""

_INDEX_NAME = "MAIN"
_STATE_KEY = "state"
_TOC_NAME = re.compile(rf"_{_INDEX_NAME}_(\d+)\.toc")

# More segments than this are merged by the next commit.
_MAX_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class _State:
    """Stored as a document of its own, so that it changes in the same commit as the others."""

    applied_seq: int
    format: int = FORMAT


class _PositionLists(Format):  # type: ignore[misc]  # Whoosh is untyped
    """Takes terms with their positions, already extracted, and stores them as flat arrays."""

    def word_values(
        self, value: Iterable[tuple[str, tuple[int, ...]]], analyzer: None, **options: object
    ) -> Iterator[tuple[str, int, float, bytes]]:
        for term, positions in value:
            yield term, len(positions), float(len(positions)), array("I", positions).tobytes()


_SCHEMA = Schema(
    key=ID(unique=True),
    row=STORED,
    state=STORED,
    **{
        name: FieldType(_PositionLists(), analyzer=None)
        for name in (*POSTING_FIELDS, *DICTIONARIES)
    },
)


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


class WhooshSource:
    """The postings and rows of one commit, from files that stay open as long as this lives."""

    def __init__(self, folder: Path, commit: int) -> None:
        with _engine_failures():
            self._open(folder, commit)

    def _open(self, folder: Path, commit: int) -> None:
        files = _Files(folder)
        weakref.finalize(self, files.release)
        self._lock = threading.Lock()  # the files have one position each
        self._segments: list[tuple[SegmentReader, int]] = []
        self.document_count = 0
        for segment in TOC.read(files, _INDEX_NAME, gen=commit, schema=_SCHEMA).segments:
            self._segments.append((SegmentReader(files, _SCHEMA, segment), self.document_count))
            self.document_count += segment.doc_count_all()
        self._rows: list[tuple[int, DocumentRow]] = []
        state: _State | None = None
        for reader, offset in self._segments:
            for number, stored in reader.iter_docs():
                if "state" in stored:
                    state = stored["state"]
                else:
                    self._rows.append((offset + number, stored["row"]))
        if state is None or state.format != FORMAT:
            raise SearchUnavailableError(f"the index is not of format {FORMAT}: {state}")
        self.applied_seq = state.applied_seq

    def rows(self) -> Iterable[tuple[int, DocumentRow]]:
        return self._rows

    def postings(self, field: str, term: str) -> Postings:
        documents: list[int] = []
        values: list[bytes] = []
        with self._lock, _engine_failures():
            for reader, offset in self._segments:
                if (field, term) in reader:
                    matcher = reader.postings(field, term)
                    while matcher.is_active():
                        documents.append(offset + matcher.id())
                        values.append(matcher.value())
                        matcher.next()
            if max(documents, default=-1) >= self.document_count:
                raise SearchUnavailableError("postings name documents that do not exist")
        return Postings(
            documents=np.array(documents, np.int64),
            counts=np.array([len(value) for value in values], np.int64) // array("I").itemsize,
            positions=np.frombuffer(b"".join(values), np.uint32).astype(np.int64),
        )

    def lexicon(self, field: str, prefix: str = "", limit: int | None = None) -> list[str]:
        terms: set[bytes] = set()
        with self._lock, _engine_failures():
            for reader, _ in self._segments:
                terms.update(islice(reader.expand_prefix(field, prefix), limit))
            return sorted(term.decode() for term in terms)[:limit]


def latest_commit(folder: Path) -> int:
    """The number of the newest commit in a folder."""
    with _engine_failures():
        names = [_TOC_NAME.fullmatch(name) for name in os.listdir(folder)]
        return max(int(name[1]) for name in names if name)


def build(
    folder: Path, documents: Iterable[ListingDocument], seq: int, on_progress: Callable[[int], None]
) -> int:
    """Write a new index into an empty folder; returns the number of its documents."""
    done = 0
    with _engine_failures():
        FileIndex.create(FileStorage(str(folder)), _SCHEMA, _INDEX_NAME)
    with _whoosh_writer(folder) as writer:
        for done, document in enumerate(documents, start=1):
            _add(writer, document)
            on_progress(done)
        _finish(writer, seq)
    return done


def apply_changes(folder: Path, changes: Mapping[str, ListingDocument | None], seq: int) -> None:
    """Replace documents, or remove those that are None, and note ``seq``, all in one commit."""
    with _whoosh_writer(folder) as writer:
        for document_id, document in changes.items():
            _remove(writer, _key(document_id))
            if document is not None:
                _add(writer, document)
        _remove(writer, _STATE_KEY)
        _finish(writer, seq)


def _key(document_id: str) -> str:
    return f"document:{document_id}"


@contextmanager
def _whoosh_writer(folder: Path) -> Iterator[SegmentWriter]:
    files = _Files(folder)
    try:
        with _engine_failures():
            # Our own lock is held, so Whoosh needs none. Compound segments would be copied into
            # every process that reads them.
            writer = FileIndex(files, _SCHEMA, _INDEX_NAME).writer(_lk=False, compound=False)
        try:
            yield writer
        except BaseException:
            with _engine_failures():
                writer.cancel()
            raise
    finally:
        files.release()


def _remove(writer: SegmentWriter, key: str) -> None:
    with _engine_failures():
        writer.delete_by_term("key", key)


def _add(writer: SegmentWriter, document: ListingDocument) -> None:
    terms = extract_terms(document)
    postings = {name: tuple(of.items()) for name, of in terms.positions.items()}
    with _engine_failures():
        writer.add_document(key=_key(document.id), row=DocumentRow.of(document, terms), **postings)


def _finish(writer: SegmentWriter, seq: int) -> None:
    with _engine_failures():
        writer.add_document(key=_STATE_KEY, state=_State(seq))
        writer.commit(mergetype=_merge_small)


def _merge_small(writer: SegmentWriter, segments: list[Segment]) -> list[Segment]:
    """Merge all segments but the largest when they are too many, and that too once half of it is
    deleted. Returns those that stay."""
    if len(segments) <= _MAX_SEGMENTS:
        return segments
    *small, largest = sorted(segments, key=lambda segment: segment.doc_count_all())
    kept = [largest]
    if largest.deleted_count() * 2 > largest.doc_count_all():
        small, kept = segments, []
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


@contextmanager
def _engine_failures() -> Iterator[None]:
    """The one place that catches everything: damaged files make Whoosh raise whatever its parsing
    runs into, from ``struct.error`` to ``AssertionError``, and all of it means the same to us."""
    try:
        yield
    except SearchIndexError:
        raise
    except Exception as error:
        raise SearchUnavailableError(f"the index cannot be used: {error!r}") from error
