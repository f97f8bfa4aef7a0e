"""The jobs that count what was viewed."""

from dataclasses import replace
from datetime import timedelta

from portal import change_log
from portal.clock import Clock
from portal.extensions import Resources
from portal.jobs.view_jobs import refresh_popularity
from portal.listings import queries, services
from portal.pageviews.kinds import PageKind, ViewClass
from portal.search.fallback import plain_index
from search_index import SearchIndex, SearchQuery, Sort
from tests.conftest import NOW
from tests.factories import make_listing, make_views

TODAY = Clock(NOW).today()


def refresh(held: Resources, *, days_later: int = 0) -> tuple[str, set[int]]:
    """What the job says a day, and the listings it has indexed anew."""
    with held.sessions() as session:
        before = change_log.latest_seq(session)
    clock = Clock(NOW + timedelta(days=days_later))
    said = refresh_popularity(replace(held.job_context(), clock=clock))
    with held.sessions() as session:
        return said, change_log.listing_ids_after(session, before)


def most_popular(index: SearchIndex) -> list[int]:
    hits = index.search(SearchQuery(on=TODAY, sort=Sort.POPULAR)).hits
    return [int(hit.id.removeprefix("L")) for hit in hits]


def test_popular_sort_follows_human_views_of_the_last_90_days(held: Resources) -> None:
    with held.sessions() as session:
        old, seen, most, hidden = (make_listing(session) for _ in range(4))
        make_views(session, old, on=TODAY - timedelta(days=91), views=99)
        make_views(session, seen, on=TODAY - timedelta(days=90), views=2)
        make_views(session, seen, on=TODAY - timedelta(days=1), views=90, view_class=ViewClass.BOT)
        make_views(session, seen, on=TODAY, views=90)
        make_views(session, most, on=TODAY - timedelta(days=2), views=2)
        make_views(session, most, on=TODAY - timedelta(days=1), page_kind=PageKind.LISTING_MORE)
        make_views(session, hidden, on=TODAY - timedelta(days=5), views=50)
        make_views(session, on=TODAY - timedelta(days=1), views=70)
        services.withdraw(session, hidden, reason="終了", now=NOW)
        session.commit()
    held.indexer.drain(timeout=1)
    assert most_popular(held.index) == [old.id, seen.id, most.id]

    said, changed = refresh(held)
    assert (said, changed) == (
        "閲覧数が変わった支援情報は3件でした。",
        {seen.id, most.id, hidden.id},
    )
    assert most_popular(held.index) == [most.id, seen.id, old.id]
    held.indexer.rebuild()
    assert most_popular(held.index) == [most.id, seen.id, old.id]
    assert held.indexer.differences().total == 0
    with held.sessions() as session:
        plain = plain_index(session, "", held.shipped_vocabulary)
    assert most_popular(plain) == [most.id, seen.id, old.id]
    assert refresh(held)[1] == set()

    # A day later today's views are in and the oldest are out; what did not change is left alone.
    assert refresh(held, days_later=1)[1] == {seen.id}
    assert most_popular(held.index) == [seen.id, most.id, old.id]
    # All of it is long ago, and the numbers are known when a listing comes back.
    with held.sessions() as session:
        services.publish(session, queries.ever_public_by_ids(session, [hidden.id])[0], now=NOW)
        session.commit()
    held.indexer.drain(timeout=1)
    assert most_popular(held.index)[:2] == [seen.id, hidden.id]
    assert refresh(held, days_later=200)[1] == {seen.id, most.id, hidden.id}
    assert most_popular(held.index) == [old.id, seen.id, most.id, hidden.id]
