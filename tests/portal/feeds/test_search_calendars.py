"""Calendars of searches: which days are in them, and what becomes of larger ones."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.feeds import services
from portal.listings.content import EventContent, RoundContent
from portal.publishing import publication
from tests.conftest import PRODUCTION_URL, MakeApp, MakeDatabase, make_settings, resources_of
from tests.factories import publish_and_index
from tests.portal.feeds.calendar_reading import read
from tests.portal.publishing.office import Office

TODAY = date(2026, 11, 20)


def days_ahead(number: int) -> date:
    return TODAY + timedelta(days=number)


def publish_deadline(resources: Resources, number: int, **more: object) -> str:
    """A listing whose deadline is so many days ahead."""
    window = {"date_state": "window", "closes_on": days_ahead(number)}
    return publish_and_index(resources, **(window | more))


def test_deadlines_are_those_of_the_hits_in_order_of_time(
    client: FlaskClient, resources: Resources
) -> None:
    later = publish_deadline(resources, 20, industries=("E",))
    sooner = publish_deadline(
        resources, 5, rounds=(RoundContent(days_ahead(30), days_ahead(40), "第2回"),)
    )
    publish_deadline(resources, 1, industries=("A",))
    publish_and_index(resources)
    calendar = read(client, "/feeds/deadlines.ics?industry=E")
    assert [uid.split("@")[0] for uid in calendar.events] == [
        f"{sooner}-deadline-1",
        f"{later}-deadline-1",
        f"{sooner}-deadline-2",
    ]
    assert calendar.whole.x_wr_calname.value == "締切（製造業） あおビズサーチ"


def test_words_and_places_narrow_as_on_the_page(client: FlaskClient, resources: Resources) -> None:
    found = publish_deadline(resources, 5, title="りんご農家の補助金", regions=("02202",))
    publish_deadline(resources, 5, title="りんご農家の補助金", regions=("02203",))
    publish_deadline(resources, 5, regions=("02202",))
    calendar = read(client, "/feeds/deadlines.ics?q=りんご&region=02202")
    assert [uid.split("-")[0] for uid in calendar.events] == [found]


def test_events_are_those_of_the_hits(client: FlaskClient, resources: Resources) -> None:
    publish_deadline(resources, 5)
    held = (EventContent(days_ahead(9)), EventContent(days_ahead(3)))
    found = publish_and_index(resources, kind="seminar", events=held)
    calendar = read(client, "/feeds/events.ics?kind=seminar")
    assert [event.dtstart.value for event in calendar.events.values()] == [
        days_ahead(3),
        days_ahead(9),
    ]
    assert {uid.split("-")[0] for uid in calendar.events} == {found}
    assert not read(client, "/feeds/events.ics?kind=loan").events


@pytest.mark.parametrize(
    ("now", "is_there"),
    [
        (datetime(2026, 12, 4, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 4, 15, 0, tzinfo=UTC), False),
    ],
    ids=["last second in Japan", "midnight in Japan"],
)
def test_deadline_stays_until_the_day_ends_in_japan(
    tmp_path: Path,
    make_sqlite_database: MakeDatabase,
    make_app: MakeApp,
    now: datetime,
    is_there: bool,
) -> None:
    url = make_sqlite_database()
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=url, PORTAL_CLOCK=now.isoformat()))
    resources_of(app).indexer.rebuild()
    publish_deadline(resources_of(app), 14)
    assert bool(read(app.test_client(), "/feeds/deadlines.ics").events) is is_there


def test_drafts_are_in_no_calendar(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id, draft = office.draft(), office.draft()
    for each in (public_id, draft):
        office.save(each, date_state="window", closes_on=days_ahead(5))
    office.do(public_id, publication.publish)
    assert [uid.split("-")[0] for uid in read(client, "/feeds/deadlines.ics").events] == [public_id]


def test_larger_search_gives_the_next_days_and_says_so(
    client: FlaskClient, resources: Resources
) -> None:
    held = tuple(EventContent(days_ahead(number)) for number in range(-5, services.MOST_DAYS))
    publish_and_index(resources, kind="seminar", events=held)
    calendar = read(client, "/feeds/events.ics")
    days = [event.dtstart.value for event in calendar.events.values()]
    assert days == [days_ahead(number) for number in range(services.MOST_DAYS)]
    assert f"近いものから{services.MOST_DAYS}件だけ" in calendar.whole.x_wr_caldesc.value
    publish_and_index(resources, kind="matching", events=held[:3])
    smaller = read(client, "/feeds/events.ics?kind=matching&include_closed=1")
    assert len(smaller.events) == 3
    assert "だけ" not in smaller.whole.x_wr_caldesc.value


@pytest.mark.parametrize("feed", ["deadlines.ics", "events.ics", "listings.atom"])
@pytest.mark.parametrize(
    "query", ["industry=zz", "agency=gone", "page=99999", "amount_min=x", "q=" + "長" * 201]
)
def test_search_that_cannot_be_made_is_refused_not_widened(
    client: FlaskClient, resources: Resources, feed: str, query: str
) -> None:
    publish_deadline(resources, 5)
    response = client.get(f"/feeds/{feed}?{query}")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert [error["field"] for error in response.get_json()["errors"]] == [query.split("=")[0]]


@pytest.mark.parametrize("feed", ["deadlines.ics", "listings.atom"])
def test_feed_asks_for_patience_where_there_is_no_index(
    tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp, feed: str
) -> None:
    app = make_app(
        make_settings(
            tmp_path,
            PORTAL_DATABASE_URL=make_sqlite_database(),
            PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index",
        )
    )
    response = app.test_client().get(f"/feeds/{feed}")
    while resources_of(app).recovery.is_running:
        pass
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "300"
    assert app.test_client().get(f"/feeds/{feed}").status_code == 200


def test_result_page_leads_to_the_feeds_of_its_search(get_page, resources: Resources) -> None:
    publish_deadline(resources, 5)
    dom = get_page("/search?q=補助金&kind=subsidy&sort=deadline&per_page=50").dom
    query = "?q=%E8%A3%9C%E5%8A%A9%E9%87%91&kind=subsidy"
    assert [link["href"] for link in dom.select("#results #feeds li a")] == [
        f"webcal://localhost/feeds/deadlines.ics{query}",
        f"/feeds/deadlines.ics{query}",
        f"/feeds/events.ics{query}",
        f"/feeds/listings.atom{query}",
    ]
    assert [link["href"] for link in dom.select("head link[rel=alternate]")] == [
        f"/feeds/listings.atom{query}",
        f"/feeds/deadlines.ics{query}",
    ]


def test_days_and_listings_are_named_after_the_public_host(production_app: Flask) -> None:
    held, client = resources_of(production_app), production_app.test_client()
    held.indexer.rebuild()
    public_id = publish_deadline(held, 14)
    calendar = client.get(f"/listings/{public_id}.ics", base_url=PRODUCTION_URL).text
    assert f"UID:{public_id}-deadline-1@portal.example.jp\r\n" in calendar
    assert f"URL:{PRODUCTION_URL}/listings/{public_id}\r\n" in calendar
    feed = client.get("/feeds/listings.atom?include_closed=1", base_url=PRODUCTION_URL).text
    assert f"<id>tag:portal.example.jp,2026:listings/{public_id}</id>" in feed


def test_help_tells_where_calendars_and_feeds_end(get_page) -> None:
    text = get_page("/help").text("main")
    assert f"近いものから{services.MOST_DAYS}件まで" in text
    assert f"{services.MOST_FED}件までさかのぼれます" in text
