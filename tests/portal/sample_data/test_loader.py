"""The demo on both databases: whole or not at all, honest about its age."""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.clock import Clock
from portal.extensions import Resources
from portal.installation import load_demo
from portal.listings import queries, relation_queries
from portal.listings.date_state import status_on
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.relation_models import VersionRelation
from portal.listings.stated_conditions import StatedConditions
from portal.sample_data import loader
from tests.conftest import make_settings, open_resources


class CrashError(Exception):
    """The process dies here."""


@pytest.fixture
def held(tmp_path: Path, database_url: str) -> Iterator[Resources]:
    """An empty portal on each database."""
    with open_resources(make_settings(tmp_path, PORTAL_DATABASE_URL=database_url)) as held:
        yield held


def published(held: Resources) -> list[Listing]:
    with held.sessions() as session:
        return list(itertools.islice(queries.iterate_published(session), 1000))


def real(held: Resources) -> list[Listing]:
    return [row for row in published(held) if (row.source_id or "").startswith("aomori-")]


def test_demo_loads_everything_and_index_agrees(demo: Resources) -> None:
    assert len(published(demo)) >= 218 + 60
    assert len(real(demo)) == 218
    assert demo.indexer.differences().total == 0
    assert load_demo(demo) == 0


def test_real_listings_are_unconfirmed_or_always_and_never_as_of_today(demo: Resources) -> None:
    states = Counter(public_version(row).date_state for row in real(demo))
    assert states == {"unknown": 172, "always": 46}
    days = {row.confirmed_on.isoformat() for row in real(demo) if row.confirmed_on}
    assert days == {"2021-04-01", "2024-03-31"}


def test_programmes_go_together_where_the_documents_say_so(demo: Resources) -> None:
    with demo.sessions() as session:
        said = session.execute(select(VersionRelation.listing_id, VersionRelation.other_id)).all()
        related = {listing_id for pair in said for listing_id in pair}
        shown = {
            listing.source_id: {
                (row.kind.value, row.other.source_id)
                for row in relation_queries.list_shown(session, public_version(listing))
            }
            for listing in session.scalars(select(Listing).where(Listing.id.in_(related)))
        }
    assert shown == {
        "aomori-0032": {("combinable", "aomori-0033")},
        "aomori-0033": {("combinable", "aomori-0032")},
        "aomori-0091": {("tops_up", "aomori-0094")},
        "aomori-0092": {("combinable", "aomori-0094")},
        "aomori-0094": {("topped_up_by", "aomori-0091"), ("combinable", "aomori-0092")},
    }


def test_every_state_can_be_seen_on_the_day_of_loading(demo: Resources) -> None:
    today = Clock(demo.settings.frozen_at).today()
    states = Counter(status_on(public_version(row), today).code for row in published(demo))
    assert all(
        states[code] >= 2 for code in ("open", "closing", "upcoming", "always", "unknown", "closed")
    )


def test_made_up_notices_say_so_and_real_ones_do_not(demo: Resources) -> None:
    for row in published(demo):
        is_made_up = (row.source_id or "").startswith("sample-")
        assert public_version(row).title.endswith("（見本）") is is_made_up


def test_interrupted_loading_leaves_nothing_and_can_be_repeated(held: Resources) -> None:
    def crash(done: int) -> None:
        if done == 250:
            raise CrashError

    with pytest.raises(CrashError):
        load_demo(held, on_progress=crash)
    with held.sessions() as session:
        assert session.scalars(select(Listing)).all() == []
    assert load_demo(held) > 0
    assert held.indexer.differences().total == 0


def test_samples_load_with_their_conditions(demo: Resources) -> None:
    reviews = {row["id"]: row for row in loader.rows("conditions.jsonl")}
    with demo.sessions() as session:
        stored = select(Listing.source_id, ListingVersion.conditions)
        rows = session.execute(stored.join(Listing.public_version)).all()
        loaded = {source_id: StatedConditions.of(document) for source_id, document in rows}
    assert {
        source_id for source_id, stated in loaded.items() if stated.document().keys() - {"beyond"}
    } == reviews.keys()
    assert loaded["aomori-0064"].size == "small"
    assert loaded["sample-0001"] == loader.made_up_conditions(reviews["sample-0001"])
