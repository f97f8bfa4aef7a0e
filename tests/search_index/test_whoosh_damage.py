"""The index on disk, damaged in every way thought of: reported, and mended by a rebuild."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from search_index import SearchIndex, SearchQuery, SearchUnavailableError
from tests.search_index.examples import TODAY, document, find
from tests.search_index.folders import at, build, generations, segment_files


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


def remove_terms(folder: Path) -> None:
    for path in segment_files(folder, ".trm"):
        path.unlink()


def empty_terms(folder: Path) -> None:
    for path in segment_files(folder, ".trm"):
        os.truncate(path, 0)


def cut_terms(folder: Path) -> None:
    for path in segment_files(folder, ".trm"):
        os.truncate(path, path.stat().st_size // 2)


def empty_postings(folder: Path) -> None:
    for path in segment_files(folder, ".pst"):
        os.truncate(path, 0)


def cut_postings(folder: Path) -> None:
    for path in segment_files(folder, ".pst"):
        os.truncate(path, path.stat().st_size // 8)


def empty_rows(folder: Path) -> None:
    for path in segment_files(folder, ".col"):
        os.truncate(path, 0)


def cut_rows(folder: Path) -> None:
    for path in segment_files(folder, ".col"):
        os.truncate(path, path.stat().st_size // 2)


def replace_segments_by_foreign_files(folder: Path) -> None:
    for path in segment_files(folder, ".*"):
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
        remove_terms,
        empty_terms,
        cut_terms,
        empty_postings,
        cut_postings,
        empty_rows,
        cut_rows,
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


@pytest.mark.parametrize("suffix", [".trm", ".pst", ".col", ".toc"])
def test_flipped_bits_are_answered_or_reported(
    index: SearchIndex, folder: Path, suffix: str
) -> None:
    for path in sorted(folder.glob(f"generation-*/*{suffix}")):
        sound = path.read_bytes()
        for place in range(0, len(sound), max(1, len(sound) // 40)):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
            try:
                found = find(at(folder), "融資")
            except SearchUnavailableError:
                continue
            assert set(found) <= {"a", "b"}
        path.write_bytes(sound)
    assert find(at(folder), "融資") == ["a"]


def test_damage_during_service_is_reported(index: SearchIndex, folder: Path) -> None:
    assert find(index) == ["a", "b"]
    empty_postings(folder)
    with pytest.raises(SearchUnavailableError):
        index.search(SearchQuery(on=TODAY, text="融資"))
