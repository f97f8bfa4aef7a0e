"""Searching end to end: index and database together, and the database alone."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from portal.clock import Clock
from portal.extensions import Resources
from portal.listings.content import RoundContent
from portal.listings.models import Listing
from portal.search import services
from portal.search.params import parse
from portal.search.services import Found
from search_index import SynonymTable
from tests.conftest import NOW
from tests.factories import make_listing, publish_and_index

TODAY = Clock(NOW).today()


def search(held: Resources, *pairs: tuple[str, str], days_later: int = 0) -> Found:
    params = parse(
        MultiDict(pairs), vocabulary=held.shipped_vocabulary, agency_codes=["aomori-pref", "m02203"]
    )
    with held.sessions() as session:
        return services.run(
            session,
            held.index,
            params,
            today=TODAY + timedelta(days=days_later),
            vocabulary=held.shipped_vocabulary,
            places=held.places,
            synonyms=held.synonyms.current(session),
            cache=held.results_cache,
        )


def ids(found: Found) -> list[str]:
    return [listing.public_id for listing in found.listings]


def test_unpublished_listing_never_appears_even_with_a_stale_index(held: Resources) -> None:
    shown, hidden = publish_and_index(held), publish_and_index(held)
    with held.sessions.begin() as session:
        session.execute(
            update(Listing).where(Listing.id == int(hidden[1:])).values(state="archived")
        )
    query = search(held).params.to_query(today=TODAY, synonyms=SynonymTable())
    assert held.index.search(query).total == 2
    assert ids(search(held)) == [shown]


def test_one_listing_walks_through_all_states_at_midnight(held: Resources) -> None:
    publish_and_index(
        held,
        date_state="window",
        opens_on=TODAY + timedelta(days=3),
        closes_on=TODAY + timedelta(days=20),
        rounds=(RoundContent(TODAY + timedelta(days=30), TODAY + timedelta(days=31)),),
    )
    walked: dict[int, list[str]] = {}
    for day in range(35):
        for status in ("upcoming", "open", "closing", "closed"):
            if search(held, ("status", status), days_later=day).results.total:
                walked.setdefault(day, []).append(status)
    assert walked == (
        {day: ["upcoming"] for day in range(3)}
        | {day: ["open"] for day in range(3, 6)}
        | {day: ["open", "closing"] for day in range(6, 21)}
        | {day: ["upcoming"] for day in range(21, 30)}
        | {day: ["open", "closing"] for day in range(30, 32)}
        | {day: ["closed"] for day in range(32, 35)}
    )


def test_closed_listings_are_left_out_until_asked_for(held: Resources) -> None:
    closed = publish_and_index(
        held, date_state="window", closes_on=TODAY - timedelta(days=1), title="終わった支援"
    )
    current = publish_and_index(held)
    assert ids(search(held)) == [current]
    assert ids(search(held, ("status", "closed"))) == [closed]
    assert ids(search(held, ("include_closed", "1"))) == [current, closed]
    assert search(held).results.facets["status"]["closed"] == 1


def test_empty_result_says_which_condition_to_loosen(held: Resources) -> None:
    publish_and_index(held, title="創業の補助金", regions=("02203",), purposes=("startup",))
    publish_and_index(held, title="創業の相談", kind="desk", purposes=("startup",))
    found = search(held, ("q", "創業"), ("region", "02201"), ("kind", "subsidy"))
    assert found.results.total == 0
    assert {(loosening.name, loosening.total) for loosening in found.loosenings} == {
        ("region", 1),
        ("kind", 1),
    }


def test_closed_listings_are_offered_when_nothing_else_is_there(held: Resources) -> None:
    publish_and_index(held, date_state="window", closes_on=TODAY - timedelta(days=1))
    found = search(held)
    assert [(loosening.name, loosening.total) for loosening in found.loosenings] == [
        ("include_closed", 1)
    ]


def test_amount_filter_counts_what_it_left_out_for_want_of_an_amount(held: Resources) -> None:
    rich = publish_and_index(held, amount_max_yen=1_000_000)
    publish_and_index(held, amount_max_yen=100_000)
    publish_and_index(held, amount_max_yen=None)
    found = search(held, ("amount_min", "500000"))
    assert ids(found) == [rich]
    assert found.results.amount_unknown == 1


def test_counts_of_local_regions_are_what_choosing_them_shows(held: Resources) -> None:
    publish_and_index(held, regions=("02203",))
    publish_and_index(held, regions=("pref",))
    counts = search(held, ("local_only", "1")).results.facets["region"]
    chosen = search(held, ("local_only", "1"), ("region", "02203")).results.total
    assert counts["02203"] == chosen == 1


def test_page_past_the_end_is_empty(held: Resources) -> None:
    publish_and_index(held)
    found = search(held, ("page", "9"))
    assert ids(found) == []
    assert found.results.total == 1


def test_without_an_index_the_database_answers(unindexed: Resources) -> None:
    with unindexed.sessions() as session:
        apple = make_listing(
            session, title="りんごの補助金", regions=("02202",), keywords=("果樹園",)
        ).public_id
        make_listing(session, title="ほたての補助金", regions=("02201",))
        make_listing(session, title="りんごの相談", summary="", kind="desk", regions=("02202",))
        make_listing(
            session, title="りんご祭り", date_state="window", closes_on=TODAY - timedelta(days=1)
        )
    found = search(unindexed, ("q", "りんご 補助"), ("region", "02202"))
    assert found.is_degraded
    assert ids(found) == [apple]
    assert found.results.facets["kind"] == {"subsidy": 1}
    assert search(unindexed, ("q", "りんご")).results.total == 2
    assert search(unindexed, ("q", "100%")).results.total == 0
    assert ids(search(unindexed, ("q", "りんご -相談"))) == [apple]
    assert ids(search(unindexed, ("q", '"りんごの補助" 青森県'))) == [apple]
    assert ids(search(unindexed, ("q", "果樹園"))) == [apple]


@pytest.mark.parametrize(
    "text",
    ["title:りんご AND (a OR b)*", '"', "-", "--", "'; DROP TABLE listing; --", "*", "？", "[a-z]+",
     "\\", "りんご\\", "%", "_" * 200, "あ" * 200, "\U0001f34e", "e\u0301" * 60],
)  # fmt: skip
def test_any_text_is_answered(held: Resources, text: str) -> None:
    publish_and_index(held, title="りんごの補助金")
    assert search(held, ("q", text)).results.total in (0, 1)
