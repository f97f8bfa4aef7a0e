"""The index on disk, damaged in every way thought of: reported, and mended by a rebuild."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from search_index import SearchIndex, SearchQuery, SearchUnavailableError
from search_index.storage import index_folder
from tests.search_index.examples import TODAY, document, find
from tests.search_index.folders import at, build, commit, generations, segment_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


@pytest.fixture
def index(folder: Path) -> SearchIndex:
    return build(folder)


def remove_pointer(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def empty_pointer(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"")


def point_elsewhere(folder: Path) -> None:
    (folder / "CURRENT").write_text("../../etc")


def point_with_garbage(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"\xff\x00")


def point_to_nothing(folder: Path) -> None:
    (folder / "CURRENT").write_text("generation-0123456789abcdef")


def remove_folder(folder: Path) -> None:
    for path in generations(folder)[0].iterdir():
        path.unlink()
    generations(folder)[0].rmdir()


def empty_folder(folder: Path) -> None:
    for path in generations(folder)[0].iterdir():
        path.unlink()


def replace_folder_by_file(folder: Path) -> None:
    remove_folder(folder)
    (folder / (folder / "CURRENT").read_text()).write_text("")


def cut_toc(folder: Path) -> None:
    for path in folder.glob("generation-*/*.toc"):
        os.truncate(path, path.stat().st_size // 2)


def empty_toc(folder: Path) -> None:
    for path in folder.glob("generation-*/*.toc"):
        os.truncate(path, 0)


def add_foreign_toc(folder: Path) -> None:
    (generations(folder)[0] / "_MAIN_999.toc").write_text("not of Whoosh")


def remove_segments(folder: Path) -> None:
    for path in segment_files(folder):
        path.unlink()


def remove_one_segment(folder: Path) -> None:
    segment_files(folder)[0].unlink()


def empty_segments(folder: Path) -> None:
    for path in segment_files(folder):
        os.truncate(path, 0)


def cut_headers(folder: Path) -> None:
    for path in segment_files(folder):
        os.truncate(path, 40)


def cut_arrays(folder: Path) -> None:
    for path in segment_files(folder):
        os.truncate(path, path.stat().st_size - 1)


def replace_segments_by_foreign_files(folder: Path) -> None:
    for path in segment_files(folder):
        path.write_text("foreign" * 100)


@pytest.mark.parametrize(
    "damage",
    [
        remove_pointer,
        empty_pointer,
        point_elsewhere,
        point_with_garbage,
        point_to_nothing,
        remove_folder,
        empty_folder,
        replace_folder_by_file,
        cut_toc,
        empty_toc,
        add_foreign_toc,
        remove_segments,
        remove_one_segment,
        empty_segments,
        cut_headers,
        cut_arrays,
        replace_segments_by_foreign_files,
    ],
)
def test_damaged_index_is_unavailable_until_rebuilt(
    index: SearchIndex, folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    opened = at(folder)
    with pytest.raises(SearchUnavailableError):
        opened.search(SearchQuery(on=TODAY, text="融資"))
    opened.rebuild([document("c", "融資")], seq=5)
    assert find(opened, "融資") == ["c"]
    assert find(index, "融資") == ["c"]


@pytest.mark.parametrize("suffix", [".arrays", ".toc"])
def test_flipped_bits_are_answered_or_reported(
    index: SearchIndex, folder: Path, suffix: str
) -> None:
    for path in sorted(folder.glob(f"generation-*/*{suffix}")):
        sound = path.read_bytes()
        for place in range(0, len(sound), max(1, len(sound) // 100)):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
            opened = at(folder)
            with suppress(SearchUnavailableError):
                assert set(find(opened, "融資")) <= {"a", "b"}
            for use in (opened.revisions, lambda at_=opened: at_.complete("そうぎょ")):
                with suppress(SearchUnavailableError):
                    use()
        path.write_bytes(sound)
    assert find(at(folder), "融資") == ["a"]


def test_check_finds_every_flipped_bit_of_what_is_stored(index: SearchIndex, folder: Path) -> None:
    index.check()
    for path in segment_files(folder):
        sound = path.read_bytes()
        for place in _places_with_meaning(sound):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x01]) + sound[place + 1 :])
            with pytest.raises(SearchUnavailableError):
                at(folder).check()
        path.write_bytes(sound)
    at(folder).check()


def test_merging_does_not_hide_a_flipped_bit(
    index: SearchIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_folder, "_MERGE_FACTOR", 3)
    for path in segment_files(folder):
        sound = path.read_bytes()
        place = _places_with_meaning(sound)[-1]
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x01]) + sound[place + 1 :])
        opened = at(folder)
        with pytest.raises(SearchUnavailableError):
            commit(opened, document("c", "特許"), seq=3)
        assert opened.applied_seq() == 2
        path.write_bytes(sound)
    commit(index, document("c", "特許"), seq=3)
    assert len(segment_files(folder)) == 1


def test_check_beside_commits_that_merge_finds_no_fault(
    index: SearchIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_folder, "_MERGE_FACTOR", 2)
    done = threading.Event()

    def check_on() -> int:
        checks = 0
        while not done.is_set():
            at(folder).check()
            checks += 1
        return checks

    with ThreadPoolExecutor(2) as pool:
        checking = [pool.submit(check_on) for _ in range(2)]
        for seq in range(3, 40):
            commit(index, document("c", "特許"), seq=seq)
        done.set()
    assert all(each.result() for each in checking)


def _places_with_meaning(content: bytes) -> list[int]:
    """Some of the bytes that are not padding between two arrays."""
    return [place for place in range(0, len(content), 7) if content[place]]


def test_files_cut_during_service_are_reported(index: SearchIndex, folder: Path) -> None:
    assert find(index) == ["a", "b"]
    cut_arrays(folder)
    with pytest.raises(SearchUnavailableError):
        index.search(SearchQuery(on=TODAY, text="融資"))
