"""What a commit leaves on disk: whole or refused, never run, and there after a power cut."""

import errno
import os
import pickle
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh.fields import STORED, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from search_index import SearchIndex, SearchQuery, SearchUnavailableError
from search_index.storage.whoosh_storage import Commit, StoredSegment, latest_commit
from tests.search_index.examples import TODAY, document, find
from tests.search_index.folders import at, build, commit, generations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> SearchIndex:
    built = build(folder)
    commit(built, document("c", "看板の補助"), document("a", "創業の融資"), seq=3)
    return built


def toc_file(folder: Path) -> Path:
    (path,) = folder.glob("generation-*/*.toc")
    return path


def everything(index: SearchIndex) -> tuple[object, ...]:
    query = SearchQuery(on=TODAY, limit=100)
    return index.search(query), dict(index.revisions()), index.applied_seq()


def with_checksum(content: bytes) -> bytes:
    """As a commit of ours is stored, whatever is in it."""
    return struct.pack("<8sI", b"LISTTOC1", zlib.crc32(content)) + content


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_no_flipped_byte_of_a_commit_is_believed(
    index: SearchIndex, folder: Path, mask: int
) -> None:
    path = toc_file(folder)
    sound = path.read_bytes()
    expected = everything(index)
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ mask]) + sound[place + 1 :])
        with pytest.raises(SearchUnavailableError):
            everything(at(folder))
    path.write_bytes(sound)
    assert everything(at(folder)) == expected


def test_no_cut_commit_is_believed(index: SearchIndex, folder: Path) -> None:
    path = toc_file(folder)
    sound = path.read_bytes()
    for length in range(len(sound)):
        path.write_bytes(sound[:length])
        with pytest.raises(SearchUnavailableError):
            everything(at(folder))


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.path),)


def trapped_files(scratch: Path, sprung: Path) -> list[bytes]:
    """Tables of contents of Whoosh with a trap for whoever unpickles a part of them."""
    files = FileStorage(str(scratch))
    contents = []
    for schema, segments in ((Schema(), Trap(sprung)), (Schema(id=STORED), [Trap(sprung)])):
        TOC(schema, segments, 7).write(files, "MAIN")
        path = scratch / "_MAIN_7.toc"
        contents.append(path.read_bytes())
        path.unlink()
    # The other part that Whoosh unpickles, in the current and in its oldest format.
    whole, schema_pickle = contents[1], pickle.dumps(Schema(id=STORED), 2)
    assert schema_pickle in whole
    trap = pickle.dumps(Trap(sprung), 2)
    at_, sized = whole.index(schema_pickle), len(schema_pickle)
    in_schema = whole[: at_ - 1] + bytes([len(trap)]) + trap + whole[at_ + sized :]
    contents.append(in_schema)
    current, oldest = struct.pack("!i", -111), struct.pack("!i", -110)
    assert current in whole
    contents += [content.replace(current, oldest) for content in contents]
    return contents


def test_nothing_found_in_the_folder_is_run(
    index: SearchIndex, folder: Path, tmp_path: Path
) -> None:
    sprung = tmp_path / "sprung"
    path = toc_file(folder)
    newer = path.with_name("_MAIN_7.toc")
    (tmp_path / "scratch").mkdir()
    foreign = [*trapped_files(tmp_path / "scratch", sprung), pickle.dumps(Trap(sprung))]
    for content in [*foreign, *map(with_checksum, foreign)]:
        newer.write_bytes(content)
        opened = at(folder)
        for use in (opened.applied_seq, opened.revisions, opened.check):
            with pytest.raises(SearchUnavailableError):
                use()
        with pytest.raises(SearchUnavailableError):
            commit(opened, document("d", "特許"), seq=4)
        assert not sprung.exists()
    pickle.loads(foreign[-1])  # noqa: S301  (the trap itself works)
    assert sprung.exists()


@pytest.mark.parametrize(
    ("segid", "count", "deleted"),
    [
        ("../../../../etc/", 1, []),
        ("0123456789abcde", 1, []),
        ("0123456789abcdef", 2, [2]),
        ("0123456789abcdef", 0, [0]),
        ("0123456789ABCDEF", 1, []),
    ],
)
def test_commit_does_not_name_what_cannot_be(segid: str, count: int, deleted: list[int]) -> None:
    with pytest.raises(ValueError, match="no segment"):
        StoredSegment.named(segid, count, deleted)


def test_commit_reads_what_it_wrote() -> None:
    stored = [StoredSegment(3).without([0, 2]), StoredSegment(0)]
    read = Commit.from_bytes(Commit(stored, 2**40).to_bytes())
    assert read == stored
    assert read.applied_seq == 2**40
    assert [each.deleted().tolist() for each in read] == [[0, 2], []]
    assert [each.doc_count_all() for each in read] == [3, 0]


class Disk:
    """What has reached the disk, by the calls that see to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.synced: set[str] = set()
        self.named: set[str] = set()
        self.early: list[str] = []
        fsync, rename, remove = os.fsync, os.rename, os.remove

        def on_fsync(file: int) -> None:
            fsync(file)
            path = os.readlink(f"/proc/self/fd/{file}")
            if os.path.isdir(path):
                self.named |= {os.path.join(path, name) for name in os.listdir(path)}
            else:
                self.synced.add(path)

        def on_rename(old: object, new: object) -> None:
            if str(old) not in self.synced:
                self.early.append(f"{new} named before it was written")
            self.synced.add(str(new))
            rename(old, new)

        def on_remove(path: object, **options: object) -> None:
            if not {str(path) for path in self.needed()} <= self.named & self.synced:
                self.early.append(f"{path} removed before what follows it was there")
            remove(path, **options)

        monkeypatch.setattr(os, "fsync", on_fsync)
        monkeypatch.setattr(os, "rename", on_rename)
        monkeypatch.setattr(os, "replace", on_rename)
        monkeypatch.setattr(os, "remove", on_remove)

    def needed(self) -> list[Path]:
        """What the newest state consists of."""
        current = self.folder / (self.folder / "CURRENT").read_text()
        segments = sorted(current.glob("MAIN_*.arrays"), key=lambda path: path.stat().st_mtime_ns)
        return [current / f"_MAIN_{latest_commit(current)}.toc", segments[-1]]


def test_commit_is_on_disk_before_it_counts(
    index: SearchIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, folder)
    commit(index, document("d", "特許"), seq=4)
    assert not disk.early
    assert {str(path) for path in disk.needed()} <= disk.named & disk.synced


def test_rebuilt_index_is_on_disk_before_it_counts(
    index: SearchIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, folder)
    index.rebuild([document("d", "特許")], seq=4)
    wanted = {str(path) for path in [folder / "CURRENT", *disk.needed()]}
    assert wanted <= disk.named & disk.synced
    assert str(disk.needed()[0].parent) in disk.named


def test_disk_that_fails_at_any_moment_leaves_before_or_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [is_refused(tmp_path / str(step), step, monkeypatch) for step in range(4)] == [
        *(True, True, True),  # the segment, the table of contents, the folder
        False,
    ]


def is_refused(folder: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a commit is, on a disk that fails after so many successes."""
    index = build(folder)
    fsync, left = os.fsync, step

    def fail(file: int) -> None:
        nonlocal left
        if not left:
            raise OSError(errno.EIO, "input/output error")
        left -= 1
        fsync(file)

    refused = False
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        try:
            commit(index, document("c", "特許"), seq=3)
        except SearchUnavailableError:
            refused = True
    found = find(at(folder)), at(folder).applied_seq()
    assert found == (["a", "b", "c"], 3) or (refused and found == (["a", "b"], 2))
    commit(at(folder), document("c", "特許"), seq=3)
    assert find(index) == ["a", "b", "c"]
    assert len(generations(folder)) == 1
    return refused
