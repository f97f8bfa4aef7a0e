"""The index follows the database: whatever breaks on the way, the change log is not lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.indexing.documents import to_document
from portal.indexing.status import index_status
from portal.indexing.sync import Indexer
from portal.listings import queries, services
from portal.listings.models import Listing
from search_index import (
    IndexLockedError,
    SearchIndexError,
    SearchQuery,
    SearchUnavailableError,
    open_index,
)
from tests.conftest import NOW
from tests.factories import make_content, make_draft, make_listing

TODAY = Clock(NOW).today()


def found_ids(held: Resources) -> set[str]:
    return {hit.id for hit in held.index.search(SearchQuery(on=TODAY, limit=1000)).hits}


def publish(held: Resources, **content: object) -> str:
    with held.sessions() as session:
        return make_listing(session, **content).public_id


def withdraw(held: Resources, public_id: str) -> None:
    with write_transaction(held.sessions) as session:
        services.withdraw(session, queries.get_public(session, public_id), reason="終了", now=NOW)


def test_published_listing_is_found_after_a_drain(held: Resources) -> None:
    public_id = publish(held)
    assert found_ids(held) == set()
    assert held.indexer.drain(timeout=1) == 1
    assert found_ids(held) == {public_id}
    assert held.indexer.drain(timeout=1) == 0


def test_draft_never_gets_into_the_index(held: Resources) -> None:
    with held.sessions.begin() as session:
        make_draft(session)
    held.indexer.drain(timeout=1)
    held.indexer.rebuild()
    assert found_ids(held) == set()


def test_withdrawn_listing_leaves_the_index(held: Resources) -> None:
    kept, gone = publish(held), publish(held)
    held.indexer.drain(timeout=1)
    withdraw(held, gone)
    held.indexer.drain(timeout=1)
    assert found_ids(held) == {kept}


def test_index_keeps_the_public_version_while_a_change_is_pending(held: Resources) -> None:
    public_id = publish(held, title="りんごの補助金")
    with held.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.save_version(session, listing, make_content(title="ほたての補助金"), now=NOW)
    held.indexer.rebuild()
    assert held.index.search(SearchQuery(on=TODAY, text="りんご")).total == 1
    assert held.index.search(SearchQuery(on=TODAY, text="ほたて")).total == 0


def test_change_recorded_while_rebuilding_is_applied_by_the_next_drain(held: Resources) -> None:
    first = publish(held)
    second = ""

    def publish_one_more(_done: int) -> None:
        nonlocal second
        second = second or publish(held)

    indexed = held.indexer.rebuild(on_progress=publish_one_more)
    held.indexer.drain(timeout=1)
    assert indexed >= 1
    assert found_ids(held) == {first, second}


class CrashError(Exception):
    """The process dies here."""


def test_crash_before_the_commit_of_the_index_only_repeats_work(
    held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = publish(held)
    with monkeypatch.context() as patched:
        patched.setattr("portal.indexing.sync.to_document", _crash)
        with pytest.raises(CrashError):
            held.indexer.drain(timeout=1)
    assert found_ids(held) == set()
    assert held.indexer.drain(timeout=1) == 1
    assert found_ids(held) == {public_id}


def _crash(*_: object, **__: object) -> None:
    raise CrashError


def test_second_drain_leaves_while_the_first_is_at_it(held: Resources) -> None:
    publish(held)
    with held.index.writer(timeout=1), pytest.raises(IndexLockedError):
        held.indexer.drain(timeout=0.05)


def test_drain_in_passing_never_fails_a_save(held: Resources) -> None:
    public_id = publish(held)
    with held.index.writer(timeout=1):
        held.indexer.drain_soon()
    held.indexer.drain_soon()
    assert found_ids(held) == {public_id}


def test_index_ahead_of_a_restored_database_asks_for_a_rebuild(held: Resources) -> None:
    public_id = publish(held)
    held.indexer.drain(timeout=1)
    with held.sessions.begin() as session:
        session.execute(text("DELETE FROM index_change"))
    with pytest.raises(SearchUnavailableError):
        held.indexer.drain(timeout=1)
    held.indexer.rebuild()
    assert held.indexer.drain(timeout=1) == 0
    assert found_ids(held) == {public_id}


def test_two_replicas_follow_one_log(held: Resources, tmp_path: Path) -> None:
    replica = Indexer(held.sessions, open_index(f"whoosh:{tmp_path}/other"), held.vocabularies)
    replica.rebuild()
    ids = {publish(held), publish(held)}
    held.indexer.drain(timeout=1)
    replica.drain(timeout=1)
    seen = {hit.id for hit in replica.index.search(SearchQuery(on=TODAY)).hits}
    assert found_ids(held) == seen == ids


def test_verify_finds_what_is_missing_stale_and_surplus(held: Resources) -> None:
    missing, stale, surplus = publish(held), publish(held), publish(held)
    held.indexer.drain(timeout=1)
    assert held.indexer.differences().total == 0
    with held.index.writer(timeout=1) as writer:
        writer.delete(missing)
        writer.commit(seq=writer.applied_seq)
    with held.sessions.begin() as session:
        # Behind the change log's back, as damage would be.
        queries.get_public(session, stale).revision += 1
        queries.get_public(session, surplus).state = "archived"
    differences = held.indexer.differences()
    assert differences.missing == (missing,)
    assert differences.stale == (stale,)
    assert differences.surplus == (surplus,)
    held.indexer.record_differences(differences, now=NOW)
    assert held.indexer.differences().total == 0


def test_status_tells_how_far_behind_the_index_is(held: Resources) -> None:
    publish(held)
    before = index_status(held.sessions, held.index)
    assert (before.indexed, before.published, before.applied_seq) == (0, 1, 0)
    assert before.latest_seq > 0
    held.indexer.drain(timeout=1)
    after = index_status(held.sessions, held.index)
    assert (after.indexed, after.applied_seq) == (1, before.latest_seq)


def test_lost_index_comes_back_by_itself(unindexed: Resources) -> None:
    public_id = publish(unindexed)
    with pytest.raises(SearchIndexError):
        unindexed.index.search(SearchQuery(on=TODAY))
    thread = unindexed.recovery.start()
    assert thread is not None
    thread.join(timeout=30)
    assert found_ids(unindexed) == {public_id}


def test_document_expands_what_a_search_may_choose(held: Resources) -> None:
    public_id = publish(
        held,
        industries=("*",),
        regions=("sanpachi",),
        region_exceptions=("02441",),
        date_state="window",
        opens_on=TODAY,
        closes_on=TODAY + timedelta(days=30),
    )
    with held.sessions() as session:
        listing: Listing = queries.get_public(session, public_id)
        document = to_document(listing, held.shipped_vocabulary)
    assert len(document.codes["industry"]) == 18
    assert "02203" in document.codes["region"]
    assert "02441" not in document.codes["region"]
    assert document.codes["local_region"] == ("sanpachi",)
    assert [(p.from_on, p.status) for p in document.periods[1:]] == [
        (TODAY, "open"),
        (TODAY + timedelta(days=16), "closing"),
        (TODAY + timedelta(days=31), "closed"),
    ]
