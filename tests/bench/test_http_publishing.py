"""What is measured while towns publish: really published, seen on the page, and missed if lost."""

import time
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from bench.corpus import SEED
from bench.http_data import add_agencies, portal_environment, publish_listings
from bench.http_publishers import Change, republish
from bench.http_publishing import Effort, count_lost, measure_publishing
from bench.listings import MadeUpListing, make_block
from portal import installation
from portal.config import Settings
from portal.extensions import Resources
from portal.listings import queries
from search_index import SearchQuery
from tests.conftest import open_resources
from tests.serving import serving

LISTINGS = 4


@pytest.fixture(scope="module")
def made_up() -> list[MadeUpListing]:
    return make_block(SEED, 0)[:LISTINGS]


@pytest.fixture
def filled(resources: Resources, made_up: list[MadeUpListing]) -> Resources:
    """A portal with the first listings of the corpus."""
    add_agencies(resources)
    publish_listings(resources, made_up)
    resources.indexer.drain(timeout=1)
    return resources


def found_by(held: Resources, word: str) -> list[str]:
    query = SearchQuery(on=held.clock.today(), text=word, include_closed=True)
    return [hit.id for hit in held.index.search(query).hits]


def test_a_change_is_found_by_its_word_once_it_is_indexed(
    filled: Resources, made_up: list[MadeUpListing]
) -> None:
    before = time.monotonic()
    change = republish(filled, made_up[1], 1)
    assert before < change.committed_s < time.monotonic()
    assert found_by(filled, change.word) == []
    filled.indexer.drain(timeout=1)
    assert found_by(filled, change.word) == [change.public_id]


def test_the_last_change_takes_the_place_of_those_before(
    filled: Resources, made_up: list[MadeUpListing]
) -> None:
    changes = [republish(filled, made_up[0], times) for times in (1, 2)]
    filled.indexer.drain(timeout=1)
    assert [found_by(filled, change.word) for change in changes] == [[], [changes[0].public_id]]
    with filled.sessions() as session:
        (listing,) = queries.published_by_ids(session, [1])
    assert listing.public_version is not None
    assert listing.public_version.number == 3
    assert listing.public_version.title == f"{made_up[0].content.title} {changes[1].word}"
    assert listing.public_version.body == made_up[0].content.body


def test_listings_that_the_page_shows_by_an_older_change_count_as_lost(
    app: Flask, filled: Resources, made_up: list[MadeUpListing]
) -> None:
    changes = [republish(filled, listing, 1) for listing in made_up]
    filled.indexer.drain(timeout=1)
    with serving(app) as address:
        assert count_lost(address, changes, timeout_s=0) == 0
        never_made = Change(changes[2].public_id, "kqzrtvbxwpln", changes[2].committed_s)
        assert count_lost(address, [*changes, never_made], timeout_s=0) == 1


@pytest.fixture
def environment(tmp_path: Path, made_up: list[MadeUpListing]) -> dict[str, str]:
    """The settings of a portal on disk, for other processes to open."""
    environment = portal_environment(tmp_path)
    with open_resources(Settings.from_env(environment)) as held:
        installation.initialise(held)
        add_agencies(held)
        publish_listings(held, made_up)
        held.indexer.drain(timeout=10)
    return environment


def test_publishing_beside_a_served_page_is_seen_and_counted(environment: dict[str, str]) -> None:
    paths = (f"/search?q={number}" for number in count(1))
    effort = Effort(
        quiet_seconds=0.1,
        seconds=0.0,
        changes=3,
        publishers=2,
        listings=LISTINGS,
        visible_changes=1,
        calm_pause_s=0.1,
    )
    found = measure_publishing(environment, paths, effort)
    quiet, at_once, rebuilding = found.phases
    assert (quiet.changes, at_once.changes) == (0, 6)
    assert rebuilding.changes >= 2
    assert found.published == 1 + at_once.changes + rebuilding.changes
    assert found.lost == 0
    assert 0 < found.visible_p50_s <= found.visible_p95_s
    for phase in found.phases:
        assert phase.requests > phase.failed == 0
        assert 0 < phase.p50_ms <= phase.p95_ms < 1000 * phase.seconds
