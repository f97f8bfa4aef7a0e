"""What the jobs do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from portal import change_log
from portal.change_log import IndexChange
from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.indexing.sync import Indexer
from portal.jobs import runner
from portal.jobs.context import JobContext
from portal.jobs.registry import (
    CHANGE_LOG_KEPT,
    MAIL_KEPT,
    prune_change_log,
    prune_mail,
    publish_listings,
    send_mail,
    verify_index,
)
from portal.listings import queries, services
from portal.listings.models import ListingState
from portal.mail import services as mail_services
from portal.mail.models import OutgoingMail
from portal.mail.services import Mail
from portal.publishing import due
from search_index import ListingDocument, SearchQuery, SearchUnavailableError, open_index
from search_index.storage import building
from tests.conftest import NOW
from tests.factories import make_draft, make_listing, publish_and_index


def context_of(held: Resources, *, days_later: float = 0) -> JobContext:
    clock = Clock(NOW + timedelta(days=days_later))
    return replace(held.job_context(), clock=clock)


def seqs(held: Resources) -> list[int]:
    with held.sessions() as session:
        return list(session.scalars(select(IndexChange.seq).order_by(IndexChange.seq)))


def test_sound_index_has_no_differences(held: Resources) -> None:
    publish_and_index(held)
    before = seqs(held)
    assert verify_index(context_of(held)) == "違いはありませんでした。"
    assert seqs(held) == before


def test_differences_of_both_directions_are_recorded_and_repaired(held: Resources) -> None:
    missing, stale, surplus = (publish_and_index(held) for _ in range(3))
    seq = held.index.applied_seq()
    with held.index.writer(timeout=1) as writer:
        writer.delete(missing)
        writer.upsert(ListingDocument(stale, revision=99, title="古い"))
        writer.commit(seq=seq)
    with held.sessions.begin() as session:
        session.execute(text("UPDATE listing SET state='archived' WHERE id=:id"), {"id": 3})
    assert surplus == "L000003"
    assert verify_index(context_of(held)) == "足りない1件、古い1件、余る1件を直しました。"
    assert len(seqs(held)) == 6
    assert dict(held.index.revisions()) == {missing: 1, stale: 1}


def test_lost_index_is_rebuilt(unindexed: Resources) -> None:
    with unindexed.sessions() as session:
        public_id = make_listing(session).public_id
    assert verify_index(context_of(unindexed)).startswith("索引を作り直しました（1件）。原因: ")
    assert [*unindexed.index.revisions()] == [public_id]


def test_damage_that_only_reading_everything_finds_is_mended(
    held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = publish_and_index(held)
    before = held.index.commit_id()

    def find_damage() -> None:
        raise SearchUnavailableError("a flipped bit")

    monkeypatch.setattr(held.index, "check", find_damage)
    assert verify_index(context_of(held)) == "索引を作り直しました（1件）。原因: a flipped bit"
    assert held.index.commit_id() != before
    assert [*held.index.revisions()] == [public_id]


def test_old_changes_are_dropped_and_the_log_is_never_empty(held: Resources) -> None:
    for _ in range(3):
        publish_and_index(held)
    kept_long_enough = CHANGE_LOG_KEPT / timedelta(days=1)
    assert (
        prune_change_log(context_of(held, days_later=kept_long_enough))
        == "古い変更の記録を0件消しました。"
    )
    later = context_of(held, days_later=kept_long_enough + 0.01)
    assert prune_change_log(later) == "古い変更の記録を2件消しました。"
    assert prune_change_log(later) == "古い変更の記録を0件消しました。"
    assert seqs(held) == [3]
    assert held.indexer.drain(timeout=1) == 0
    assert verify_index(later) == "違いはありませんでした。"


def test_young_changes_stay(held: Resources) -> None:
    publish_and_index(held)
    publish_and_index(held)
    with held.sessions() as session:
        make_listing(session, now=NOW + timedelta(days=20))
    assert prune_change_log(context_of(held, days_later=40)) == "古い変更の記録を1件消しました。"
    assert seqs(held) == [2, 3]


def test_index_that_was_away_too_long_is_rebuilt(held: Resources, tmp_path: Path) -> None:
    replica = open_index(f"whoosh:{tmp_path}/replica")
    follower = Indexer(held.sessions, replica, held.vocabularies)
    follower.rebuild()
    first = publish_and_index(held)
    follower.drain(timeout=1)
    second, third = publish_and_index(held), publish_and_index(held)
    prune_change_log(context_of(held, days_later=40))
    assert seqs(held) == [3]
    with pytest.raises(SearchUnavailableError, match="begins after"):
        follower.drain(timeout=1)
    follower.bring_up_to_date()
    assert {*replica.revisions()} == {first, second, third}


def test_index_that_holds_all_that_was_dropped_goes_on(held: Resources, tmp_path: Path) -> None:
    replica = open_index(f"whoosh:{tmp_path}/replica")
    follower = Indexer(held.sessions, replica, held.vocabularies)
    publish_and_index(held)
    publish_and_index(held)
    follower.rebuild()
    third = publish_and_index(held)
    prune_change_log(context_of(held, days_later=40))
    assert seqs(held) == [3]
    assert follower.drain(timeout=1) == 1
    assert third in replica.revisions()


def interrupt(_done: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("days_later", "complete_after", "drained"),
    [(10, 0, 1), (40, 2, 0)],
    ids=["continued", "begun anew"],
)
def test_interrupted_rebuild_goes_on_while_the_log_tells_what_changed_since(
    held: Resources,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days_later: int,
    complete_after: int,
    drained: int,
) -> None:
    monkeypatch.setattr(building, "BATCH", 1)
    replica = Indexer(held.sessions, open_index(f"whoosh:{tmp_path}/replica"), held.vocabularies)
    changed = publish_and_index(held)
    with pytest.raises(KeyboardInterrupt):
        replica.rebuild(interrupt)
    for revision in (2, 3):
        with write_transaction(held.sessions) as session:
            queries.get_public(session, changed).revision = revision
            change_log.record_change(session, 1, now=NOW)
    prune_change_log(context_of(held, days_later=days_later))
    with held.sessions() as session:
        assert change_log.complete_after(session) == complete_after
    replica.rebuild()
    assert replica.drain(timeout=1) == drained
    assert replica.index.revisions() == {changed: 3}


def test_new_log_is_complete_from_the_beginning(held: Resources) -> None:
    with write_transaction(held.sessions) as session:
        assert change_log.complete_after(session) == 0
        change_log.record_change(session, 1, now=NOW)
        assert change_log.complete_after(session) == 0


def write_mail(held: Resources, to: str = "owner@shop.example.jp") -> None:
    with write_transaction(held.sessions) as session:
        mail_services.enqueue(session, Mail(to, "件名", "本文", "<p>本文</p>"), now=NOW)


def test_mail_is_sent_by_its_job_only_while_some_waits(unindexed: Resources) -> None:
    context = context_of(unindexed)
    names = [job.name for job in runner.list_due(context)]
    assert "mail-send" not in names
    write_mail(unindexed)
    assert "mail-send" in [job.name for job in runner.list_due(context)]
    assert send_mail(context) == "送信1件、断念0件、送り直し待ち0件、残り0件"
    assert len(list((unindexed.settings.data_dir / "mail").glob("*.eml"))) == 1
    assert "mail-send" not in [job.name for job in runner.list_due(context)]


def test_old_mail_is_dropped_unless_it_waits(unindexed: Resources) -> None:
    write_mail(unindexed)
    send_mail(context_of(unindexed))
    write_mail(unindexed, "later@shop.example.jp")
    days = MAIL_KEPT / timedelta(days=1)
    assert prune_mail(context_of(unindexed, days_later=days)) == "古いメールの記録を0件消しました。"
    assert (
        prune_mail(context_of(unindexed, days_later=days + 0.01))
        == "古いメールの記録を1件消しました。"
    )
    with unindexed.sessions() as session:
        assert list(session.scalars(select(OutgoingMail.recipient))) == ["later@shop.example.jp"]


def test_what_is_scheduled_is_published_and_ended_at_its_time_and_found(held: Resources) -> None:
    with write_transaction(held.sessions) as session:
        coming, going = make_draft(session, title="三日後に始まる補助金"), make_draft(session)
        coming.state, coming.publish_at = ListingState.SCHEDULED, NOW + timedelta(days=3)
        services.publish(session, going, now=NOW)
        going.unpublish_at = NOW + timedelta(days=3)
    early, late = context_of(held, days_later=2.9), context_of(held, days_later=3)
    with held.sessions() as session:
        assert not due.has_due(session, early.clock.now())
        assert due.has_due(session, late.clock.now())
    assert publish_listings(early) == "公開0件、掲載終了0件"
    assert publish_listings(late) == "公開1件、掲載終了1件"
    assert publish_listings(late) == "公開0件、掲載終了0件"
    found = held.index.search(SearchQuery(text="補助金", on=NOW.date()))
    assert [hit.id for hit in found.hits] == [coming.public_id]
