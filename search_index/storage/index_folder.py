"""The segments in one folder: opened, added to, merged; what a commit consists of is Whoosh's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from search_index.errors import SearchUnavailableError
from search_index.segments.array_file import ArrayFile, write_array_file
from search_index.segments.builder import build_segment
from search_index.segments.layout import SegmentData
from search_index.segments.merging import merge_segments
from search_index.segments.postings import MAX_POSITIONS
from search_index.segments.segment import Segment
from search_index.snapshot import Snapshot
from search_index.storage.whoosh_storage import (
    Commit,
    StoredSegment,
    is_latest,
    latest_commit,
    read_commit,
    storage_failures,
    write_commit,
)
from search_index.types import ListingDocument

# What was published lately is asked by every search, so it lies in few segments: a commit merges
# what it adds with all that is smaller than this many times as much, up to some size.
_GROWTH = 16
_MAX_LATELY = 4096

# Of larger ones, this many of about the same size are merged by the commit that completes them.
_MERGE_FACTOR = 8

# Larger segments would be better to search and worse to make.
_MAX_DOCUMENTS = 250_000


_NONE = np.zeros(0, np.int64)

_live_count = attrgetter("live_count")


class _Opened(NamedTuple):
    file: ArrayFile
    segment: Segment


class IndexFolder:
    """The segments in one folder. Files once opened stay mapped for the snapshots after it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = str(path)
        self._opened: dict[str, _Opened] = {}

    def latest_commit(self) -> int:
        """The number of the newest commit."""
        return latest_commit(self.path)

    def is_latest(self, number: int) -> bool:
        """Whether the commit of that number is there and none came after it; what every search
        asks."""
        return is_latest(self._name, number)

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
        with storage_failures():
            commit = read_commit(self.path, number)
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
        with storage_failures():
            number = self.latest_commit()
            segments = [self._without(stored, changes) for stored in read_commit(self.path, number)]
        added = [document for document in changes.values() if document is not None]
        # Not within what is taken for a failure of the storage: analysing is none of its doings.
        new = build_segment(added) if added else None
        with storage_failures():
            self.commit(self._with(segments, new), seq, number=number + 1)

    def store(self, data: SegmentData) -> StoredSegment:
        """Write a segment, which belongs to no commit yet."""
        with storage_failures():
            stored = StoredSegment(data.meta["document_count"])
            write_array_file(self.path / stored.file_name, data.arrays, data.meta)
            return stored

    def segment(self, stored: StoredSegment) -> Segment:
        """A stored segment, opened."""
        with storage_failures():
            return self._open(stored).segment

    def commit(self, segments: Iterable[StoredSegment], seq: int, *, number: int) -> None:
        """Make some segments the state of the index, and remove the files of all others."""
        with storage_failures():
            write_commit(self.path, Commit(segments, seq), number)

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

    def _with(
        self, segments: Iterable[StoredSegment], new: SegmentData | None
    ) -> Iterator[StoredSegment]:
        """The segments of a commit, large first: those there are, and a new one, which takes in
        what is small beside it."""
        by_size = sorted((stored for stored in segments if stored.live_count), key=_live_count)
        if new is None:
            yield from self._merged_by_tier(by_size[::-1])
            return
        lately = [(Segment(new), _NONE)]
        count, positions = lately[0][0].document_count, lately[0][0].position_count
        while by_size and by_size[0].live_count < min(_MAX_LATELY, _GROWTH * count):
            positions += self.segment(by_size[0]).position_count
            if positions > MAX_POSITIONS:
                break
            stored = by_size.pop(0)
            count += stored.live_count
            lately.insert(0, (self._verified(stored), stored.deleted()))
        yield from self._merged_by_tier(by_size[::-1])
        yield self.store(merge_segments(lately) if len(lately) > 1 else new)

    def _merged_by_tier(self, segments: Sequence[StoredSegment]) -> Iterator[StoredSegment]:
        """Those of about the same size merged where they are many."""
        tiers: dict[int, list[StoredSegment]] = {}
        for stored in segments:
            tiers.setdefault(int(log(stored.live_count, _MERGE_FACTOR)), []).append(stored)
        for of_one_size in tiers.values():
            is_large = all(stored.live_count >= _MAX_LATELY for stored in of_one_size)
            if is_large and len(of_one_size) >= _MERGE_FACTOR:
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
