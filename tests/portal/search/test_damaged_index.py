"""The search page over an index on disk that is damaged under it: answered, truthful, mended."""

import os
import re
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.db import write_transaction
from portal.indexing.recovery import IndexRecovery
from portal.jobs.registry import verify_index
from portal.listings import queries, services
from search_index import SearchQuery, SearchUnavailableError
from tests.conftest import NOW, MakeApp, make_settings, resources_of
from tests.databases import MakeDatabase
from tests.factories import make_listing, publish_and_index
from tests.pages import Page


@pytest.fixture
def disk_app(tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp) -> Flask:
    """An app whose index is a folder, with two listings in it, of which the second was withdrawn
    without the index having heard of it."""
    app = make_app(
        make_settings(
            tmp_path,
            PORTAL_DATABASE_URL=make_sqlite_database(),
            PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index",
        )
    )
    app.testing = True
    held = resources_of(app)
    held.indexer.rebuild()
    publish_and_index(held, title="看板の補助金")
    withdrawn = publish_and_index(held, title="看板の融資")
    with write_transaction(held.sessions) as session:
        listing = queries.get_public(session, withdrawn)
        services.withdraw(session, listing, reason="終了", now=NOW)
    return app


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(f"generation-*/{pattern}"))


def cut_segments(folder: Path) -> None:
    for path in files(folder, "*.arrays"):
        os.truncate(path, path.stat().st_size // 2)


def empty_segments(folder: Path) -> None:
    for path in files(folder, "*.arrays"):
        os.truncate(path, 0)


def flip_headers(folder: Path) -> None:
    for path in files(folder, "*.arrays"):
        replace_file(path, flipped(path.read_bytes(), 30))


def remove_a_segment(folder: Path) -> None:
    files(folder, "*.arrays")[0].unlink()


def remove_the_table_of_contents(folder: Path) -> None:
    for path in files(folder, "*.toc"):
        path.unlink()


def flip_tables_of_contents(folder: Path) -> None:
    for path in files(folder, "*.toc"):
        replace_file(path, flipped(path.read_bytes(), -9))


def write_a_commit_of_another_format(folder: Path) -> None:
    """A sound one, as an older release left it."""
    for path in files(folder, "*.toc"):
        toc = re.sub(rb'"format":(\d+)', b'"format":0', path.read_bytes()[12:])
        replace_file(path, struct.pack("<8sI", b"LISTTOC1", zlib.crc32(toc)) + toc)


def write_an_old_table_of_contents(folder: Path) -> None:
    for path in files(folder, "*.toc"):
        replace_file(path, b"a table of contents of another time" * 10)


def put_foreign_files(folder: Path) -> None:
    for path in files(folder, "*"):
        replace_file(path, b"foreign" * 100)


def replace_folder_by_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


def replace_generation_by_file(folder: Path) -> None:
    for path in folder.glob("generation-*"):
        shutil.rmtree(path)
        path.write_text("")


def remove_everything(folder: Path) -> None:
    shutil.rmtree(folder)


def point_to_nothing(folder: Path) -> None:
    replace_file(folder / "CURRENT", b"generation-0123456789abcdef")


def flipped(content: bytes, place: int) -> bytes:
    """The same but for one bit of the byte at a place."""
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def replace_file(path: Path, content: bytes) -> None:
    """By another file of the same name, so that who holds the old one does not see it change."""
    path.unlink()
    path.write_bytes(content)


DAMAGES = [
    cut_segments,
    empty_segments,
    flip_headers,
    remove_a_segment,
    remove_the_table_of_contents,
    flip_tables_of_contents,
    write_a_commit_of_another_format,
    write_an_old_table_of_contents,
    put_foreign_files,
    replace_generation_by_file,
    remove_everything,
    point_to_nothing,
]


def finish(recovery: IndexRecovery) -> None:
    while recovery.is_running:
        pass


def search(app: Flask) -> Page:
    response = app.test_client().get("/search?q=看板")
    assert response.status_code == 200
    return Page(response.status_code, response.text)


def is_from_database(page: Page) -> bool:
    return any("簡易検索" in text for text in page.texts(".notice--warning"))


@pytest.mark.parametrize("is_open", [True, False], ids=["while open", "before the start"])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_answered_around_and_mended(
    disk_app: Flask, make_app: MakeApp, damage: Callable[[Path], None], *, is_open: bool
) -> None:
    held = resources_of(disk_app)
    if is_open:
        assert held.index.search(SearchQuery(on=held.clock.today(), text="看板")).total == 2
    damage(held.settings.data_dir / "index")
    served = disk_app if is_open else make_app(held.settings)
    # What is mapped may still be answered from, as it was; a start has to ask the database.
    first = search(served)
    assert first.listing_ids == ["L000001"]
    assert is_open or is_from_database(first)
    finish(resources_of(served).recovery)
    second = search(served)
    assert not is_from_database(second)
    assert second.listing_ids == ["L000001"]
    finish(resources_of(served).recovery)
    assert verify_index(resources_of(served).job_context()) == "違いはありませんでした。"


def test_no_flipped_bit_of_an_array_shows_what_is_not_published(
    disk_app: Flask, make_app: MakeApp, tmp_path: Path
) -> None:
    held = resources_of(disk_app)
    folder, sound = held.settings.data_dir / "index", tmp_path / "sound"
    shutil.copytree(folder, sound)
    for number in range(len(files(sound, "*.arrays"))):
        content = files(sound, "*.arrays")[number].read_bytes()
        meaning = [place for place in range(len(content) // 2, len(content)) if content[place]]
        for place in meaning[:: len(meaning) // 6]:
            shutil.rmtree(folder)
            shutil.copytree(sound, folder)
            replace_file(files(folder, "*.arrays")[number], flipped(content, place))
            with pytest.raises(SearchUnavailableError):
                held.index.check()
            # It may lose the hit until the night, but what it adds has to be public.
            served = make_app(held.settings)
            assert set(search(served).listing_ids) <= {"L000001"}
            finish(resources_of(served).recovery)
            verify_index(resources_of(served).job_context())
            assert search(served).listing_ids == ["L000001"]
            held.index.check()


def test_folder_that_cannot_be_one_is_answered_around(disk_app: Flask) -> None:
    held = resources_of(disk_app)
    folder = held.settings.data_dir / "index"
    replace_folder_by_file(folder)
    for _ in range(2):
        page = search(disk_app)
        assert is_from_database(page)
        assert page.listing_ids == ["L000001"]
        finish(held.recovery)
    folder.unlink()
    held.indexer.bring_up_to_date()
    assert not is_from_database(search(disk_app))


def test_files_cut_while_mapped_do_not_end_the_process(disk_app: Flask) -> None:
    assert not is_from_database(search(disk_app))
    finish(resources_of(disk_app).recovery)
    for path in files(resources_of(disk_app).settings.data_dir / "index", "*.arrays"):
        os.truncate(path, 64)
    for text in ("看板", "融資", "かんばん"):
        assert disk_app.test_client().get(f"/search?q={text}").status_code == 200
        assert disk_app.test_client().get(f"/api/v1/suggest?q={text}").status_code == 200
    finish(resources_of(disk_app).recovery)
    assert not is_from_database(search(disk_app))


def test_nightly_job_finds_a_flipped_bit_and_mends_it(disk_app: Flask) -> None:
    held = resources_of(disk_app)
    with held.sessions() as session:
        make_listing(session, title="看板の相談")
    held.indexer.drain(timeout=1)
    path = files(held.settings.data_dir / "index", "*.arrays")[-1]
    content = path.read_bytes()
    path.write_bytes(flipped(content, max(at for at, byte in enumerate(content) if byte)))
    with pytest.raises(SearchUnavailableError, match="damaged"):
        held.index.check()
    assert verify_index(held.job_context()).startswith("索引を作り直しました（2件）。原因: ")
    held.index.check()
    assert verify_index(held.job_context()) == "違いはありませんでした。"
    assert search(disk_app).listing_ids
