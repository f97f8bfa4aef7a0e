"""The feed of a search, read by a feed reader's library and held to the rules of RFC 4287."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.feeds import services
from portal.listings.content import EventContent
from portal.publishing import publication
from tests.conftest import NOW
from tests.factories import publish_and_index
from tests.portal.feeds.changes import republish
from tests.portal.publishing.office import Office

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/feeds/listings.atom"


def fetch(client: FlaskClient, address: str = FEED) -> feedparser.FeedParserDict:
    """A feed as a reader takes it, after a look at whether it keeps to the rules."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    check(ElementTree.fromstring(response.data))  # noqa: S314  (written here just now)
    read = feedparser.parse(response.data)
    assert not read.bozo
    assert read.version == "atom10"
    return read


def check(feed: Element) -> None:
    """What RFC 4287, section 4, asks of a feed and its entries."""
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(ATOM + name)) == 1, name
        assert urlsplit(part.findtext(f"{ATOM}id") or "").scheme == "tag"
        moment = datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "")
        assert moment.tzinfo is not None
        assert part.find(f"{ATOM}author/{ATOM}name") is not None
        alternates = [
            link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert [link.get("type") for link in alternates] == ["text/html"]
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def ids_of(feed: feedparser.FeedParserDict) -> list[str]:
    return [entry.id.rpartition("/")[2] for entry in feed.entries]


def link_to(feed: feedparser.FeedParserDict, relation: str) -> str | None:
    found = [link.href for link in feed.feed.links if link.rel == relation]
    return found[0].removeprefix("http://localhost") if found else None


def publish_at(resources: Resources, hours: int, **more: object) -> str:
    """A listing published so many hours from now."""
    return publish_and_index(resources, now=NOW + timedelta(hours=hours), **more)


def test_what_changed_last_comes_first(client: FlaskClient, resources: Resources) -> None:
    old, new, middle = (publish_at(resources, hours) for hours in (-9, -1, -5))
    feed = fetch(client)
    assert ids_of(feed) == [new, middle, old]
    assert feed.feed.updated == feed.entries[0].updated
    moment = datetime.fromisoformat(feed.entries[0].updated)
    assert moment == NOW - timedelta(hours=1)
    assert moment.tzinfo == UTC
    assert feed.entries[0].link == f"http://localhost/listings/{new}"
    assert feed.entries[0].author == "青森県"


def test_change_moves_an_entry_up_under_its_old_name(
    client: FlaskClient, resources: Resources
) -> None:
    first, second = publish_at(resources, -1), publish_at(resources, -2)
    before = fetch(client)
    assert ids_of(before) == [first, second]
    republish(resources, second, now=NOW, title="新しい名前")
    after = fetch(client)
    assert ids_of(after) == [second, first]
    assert after.entries[0].title == "新しい名前"
    names = {(entry.id, entry.published) for entry in before.entries}
    assert {(entry.id, entry.published) for entry in after.entries} == names


def test_withdrawn_listing_leaves_the_feed(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft(publication.publish)
    office.draft()
    assert ids_of(fetch(client)) == [public_id]
    office.do(public_id, publication.withdraw, "終了")
    assert ids_of(fetch(client)) == []


@pytest.mark.parametrize(
    "query", ["", "q=りんご", "industry=A", "region=02202&kind=subsidy", "level=municipality"]
)
def test_feed_holds_what_the_page_shows(
    client: FlaskClient, resources: Resources, get_page, query: str
) -> None:
    publish_and_index(resources, title="りんご園の補助金", industries=("A",), regions=("02202",))
    publish_and_index(resources, title="りんご加工の融資", kind="loan")
    publish_and_index(resources, regions=("02203",))
    publish_and_index(resources, level="municipality")
    shown = get_page(f"/search?{query}").listing_ids
    assert sorted(ids_of(fetch(client, f"{FEED}?{query}"))) == sorted(shown)


def test_texts_are_escaped_once_for_xml_and_once_for_html(
    client: FlaskClient, resources: Resources
) -> None:
    title = '改装 <b>&amp; 補助"金"\' \x0b]]>'
    publish_and_index(
        resources,
        title=title,
        summary="<script>alert(1)</script> & 店",
        date_state="window",
        closes_on=NOW.date(),
        events=(EventContent(NOW.date()),),
    )
    response = client.get(FEED)
    (entry,) = ElementTree.fromstring(response.data).iter(f"{ATOM}entry")  # noqa: S314
    assert entry.findtext(f"{ATOM}title") == title.replace("\x0b", "")
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert summary.text == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; 店</p>"
        "<p>締切 令和8年11月20日（金）</p><p>開催 令和8年11月20日（金）</p>"
    )


def test_pages_lead_through_all_entries_and_end(client: FlaskClient, resources: Resources) -> None:
    wanted = [publish_at(resources, -hours) for hours in range(12)]
    first = fetch(client, f"{FEED}?per_page=10&kind=subsidy")
    address = link_to(first, "next")
    assert address == f"{FEED}?kind=subsidy&per_page=10&page=2"
    second = fetch(client, address)
    assert ids_of(first) + ids_of(second) == wanted
    assert link_to(second, "next") is None
    assert link_to(second, "self") == address
    assert link_to(second, "previous") == f"{FEED}?kind=subsidy&per_page=10"
    assert link_to(second, "first") == link_to(second, "previous")
    assert second.feed.id == first.feed.id == "tag:127.0.0.1,2026:feeds/listings?kind=subsidy"
    past = fetch(client, f"{FEED}?page=10000")
    assert not past.entries


def test_pages_end_at_the_bound(
    client: FlaskClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_FED", 11)
    for hours in range(12):
        publish_at(resources, -hours)
    second = fetch(client, f"{FEED}?per_page=10&page=2")
    assert len(second.entries) == 1
    assert link_to(second, "next") is None


def test_home_page_leads_to_the_feed_of_everything(get_page) -> None:
    assert get_page("/").dom.select_one(f"link[rel=alternate][href='{FEED}']")
