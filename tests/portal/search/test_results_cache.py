"""Answers are kept exactly as long as nothing they follow from has changed."""

import pytest
from sqlalchemy import update

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.models import Listing
from portal.search import synonym_services
from portal.search.results_cache import ResultsCache
from portal.search.synonym_content import SynonymContent
from search_index import SearchUnavailableError
from tests.conftest import NOW
from tests.factories import publish_and_index
from tests.portal.search.test_services import ids, search


def counts(held: Resources) -> tuple[int, int]:
    return held.results_cache.hits, held.results_cache.misses


def test_same_search_is_answered_from_the_cache(held: Resources) -> None:
    publish_and_index(held)
    first = search(held, ("q", "改装"), ("kind", "subsidy"))
    assert counts(held) == (0, 1)
    again = search(held, ("kind", "subsidy"), ("q", " 改装 "))
    assert counts(held) == (1, 1)
    assert again.results is first.results
    assert ids(again) == ids(first)


@pytest.mark.parametrize("pair", [("q", "改装費"), ("page", "2"), ("sort", "new"), ("level", "")])
def test_other_search_is_asked_anew(held: Resources, pair: tuple[str, str]) -> None:
    search(held, ("q", "改装"))
    search(held, ("q", "改装"), pair) if pair[0] != "q" else search(held, pair)
    assert counts(held) == ((1, 1) if pair == ("level", "") else (0, 2))


def test_next_day_is_asked_anew(held: Resources) -> None:
    search(held)
    search(held, days_later=1)
    assert counts(held) == (0, 2)


def test_every_commit_makes_all_answers_old(held: Resources) -> None:
    first = publish_and_index(held)
    assert ids(search(held)) == [first]
    second = publish_and_index(held)
    assert set(ids(search(held))) == {first, second}
    with write_transaction(held.sessions) as session:
        services.withdraw(session, queries.get_public(session, first), reason="終了", now=NOW)
    held.indexer.drain(timeout=1)
    assert ids(search(held)) == [second]


def test_rebuild_makes_all_answers_old(held: Resources) -> None:
    search(held)
    held.indexer.rebuild()
    search(held)
    assert counts(held) == (0, 2)


def test_change_of_synonyms_makes_all_answers_old(held: Resources) -> None:
    shown = publish_and_index(held, title="暖炉の補助")
    assert ids(search(held, ("q", "薪"))) == []
    with write_transaction(held.sessions) as session:
        content = SynonymContent(("薪", "暖炉"))
        synonym_services.add_group(session, content, actor=OPERATOR, now=NOW)
    assert ids(search(held, ("q", "薪"))) == [shown]


def test_unpublished_listing_is_not_shown_from_the_cache(held: Resources) -> None:
    public_id = publish_and_index(held)
    assert ids(search(held)) == [public_id]
    with held.sessions.begin() as session:
        session.execute(
            update(Listing).where(Listing.id == int(public_id[1:])).values(state="archived")
        )
    assert ids(search(held)) == []
    assert counts(held) == (1, 1)


def test_answer_of_the_database_alone_is_not_kept(unindexed: Resources) -> None:
    assert search(unindexed).is_degraded
    unindexed.indexer.rebuild()
    assert not search(unindexed).is_degraded


def test_cache_forgets_what_was_not_asked_for_longest() -> None:
    cache = ResultsCache[str](capacity=2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda key=key: key)  # type: ignore[misc]
    assert (cache.hits, cache.misses) == (1, 3)
    assert cache.get("a", lambda: "new") == "a"
    assert cache.get("b", lambda: "new") == "new"


def test_failed_search_is_not_kept() -> None:
    cache = ResultsCache[str]()

    def fail() -> str:
        raise SearchUnavailableError("damaged")

    with pytest.raises(SearchUnavailableError):
        cache.get("a", fail)
    assert cache.get("a", lambda: "found") == "found"
