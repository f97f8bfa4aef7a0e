"""Many processes at one database and one index: nothing that was published is lost."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.config import Settings
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from search_index import SearchQuery
from search_index.storage import building
from tests.conftest import NOW, make_settings, open_resources
from tests.factories import make_agency, make_draft
from tests.portal.indexing.test_sync import TODAY

LISTINGS = 4


@pytest.fixture
def on_disk(tmp_path: Path, database_url: str) -> Iterator[Resources]:
    """A database of each kind and an empty index, both of which other processes can open."""
    settings = make_settings(
        tmp_path, PORTAL_DATABASE_URL=database_url, PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index"
    )
    with open_resources(settings) as held:
        held.indexer.rebuild()
        yield held


def publish_on(settings: Settings, word: str, count: int) -> None:
    """Publish listings one after the other, each with the short try that a save makes."""
    with open_resources(settings) as held:
        for number in range(count):
            with write_transaction(held.sessions) as session:
                listing = make_draft(session, title=f"{word}の補助金 第{number}号")
                services.publish(session, listing, now=NOW)
            held.indexer.drain_soon()


@contextmanager
def running(*tasks: tuple[Callable[..., None], tuple[object, ...]]) -> Iterator[None]:
    """Each task in a process of its own, all ended well when the block is left."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=target, args=args) for target, args in tasks]
    for process in processes:
        process.start()
    yield
    for process in processes:
        process.join(timeout=120)
        assert process.exitcode == 0


def prepare(held: Resources) -> None:
    """Make the agency once, which all publishers would otherwise try at the same time."""
    with held.sessions.begin() as session:
        make_agency(session)


def assert_complete(held: Resources, words: list[str], count: int) -> None:
    held.indexer.drain(timeout=10)
    assert held.indexer.differences().total == 0
    assert len(held.index.revisions()) == len(words) * count
    for word in words:
        query = SearchQuery(on=TODAY, text=f'"{word}の補助金"', limit=0)
        assert held.index.search(query).total == count
    held.index.check()


def test_processes_that_publish_at_once_lose_nothing(on_disk: Resources) -> None:
    prepare(on_disk)
    words = ["看板", "果樹園", "漁船", "民宿", "酒蔵", "工房", "直売所", "温泉"]
    with running(*((publish_on, (on_disk.settings, word, LISTINGS)) for word in words)):
        pass
    assert_complete(on_disk, words, LISTINGS)


def rebuild_on(settings: Settings, *processes: int) -> None:
    with open_resources(settings) as held:
        for number in processes:
            held.indexer.rebuild(processes=number)


def test_rebuilds_while_processes_publish_lose_nothing(
    on_disk: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH", 3)
    prepare(on_disk)
    words = ["看板", "果樹園", "漁船"]
    publishers = [(publish_on, (on_disk.settings, word, 2 * LISTINGS)) for word in words]
    with running(*publishers, (rebuild_on, (on_disk.settings, 1, 1, 1, 2))):
        pass
    assert_complete(on_disk, words, 2 * LISTINGS)
