"""The home page, the plain pages and the error pages."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clock import Clock
from portal.extensions import Resources
from search_index import SearchUnavailableError
from tests.conftest import NOW
from tests.factories import publish_and_index

TODAY = Clock(NOW).today()
PLAIN = [
    *("/about", "/help", "/help/staff", "/help/approvers"),
    *("/contact", "/terms", "/privacy", "/accessibility"),
]


def test_home_tells_how_much_there_is(get_page, resources: Resources) -> None:
    publish_and_index(resources, date_state="always")
    publish_and_index(resources, date_state="budget")
    publish_and_index(resources, date_state="unknown")
    assert get_page("/").texts(".hero__numbers a") == ["3件を掲載", "1件が募集中"]


def test_home_shows_what_closes_soon_and_what_is_new(get_page, resources: Resources) -> None:
    closing = publish_and_index(resources, date_state="window", closes_on=TODAY)
    other = publish_and_index(resources)
    dom = get_page("/").dom
    sections = {
        title: [
            card["data-listing-id"]
            for card in dom.select(f"section[aria-labelledby={title}] article")
        ]
        for title in ("closing-title", "new-title")
    }
    assert sections == {"closing-title": [closing], "new-title": [closing, other]}


def test_home_of_an_empty_portal_has_no_empty_sections(get_page) -> None:
    page = get_page("/")
    assert not page.dom.select("#closing-title, #new-title")
    assert page.dom.select("#purposes-title")


def test_home_leads_into_every_purpose_industry_and_municipality(
    get_page, resources: Resources
) -> None:
    dom = get_page("/").dom
    links = {link["href"] for link in dom.select("main a")}
    vocabulary = resources.shipped_vocabulary
    assert {f"/search?purpose={code}" for code in vocabulary.purposes} <= links
    assert {f"/search?industry={code}" for code in vocabulary.industries} <= links
    assert {f"/search?region={code}" for code in vocabulary.tree.municipalities} <= links


def test_home_offers_three_choices_that_lead_to_the_search(get_page) -> None:
    form = get_page("/").dom.select_one(".quick form")
    assert (form["method"], form["action"]) == ("get", "/search")
    assert [field["name"] for field in form.select("select")] == ["industry", "region", "purpose"]


def test_home_tells_machines_how_to_search(get_page) -> None:
    data = json.loads(get_page("/").dom.select_one("script[type='application/ld+json']").string)
    assert data["potentialAction"]["target"]["urlTemplate"].endswith("/search?q={q}")


def test_home_works_without_index(
    get_page, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = publish_and_index(resources)

    def search(_query: object) -> None:
        raise SearchUnavailableError("damaged")

    monkeypatch.setattr(resources.index, "search", search)
    assert get_page("/").listing_ids == [shown]
    while resources.recovery.is_running:
        pass


@pytest.mark.parametrize("path", PLAIN)
def test_plain_page_has_its_own_title_and_the_portals_name(get_page, path: str) -> None:
    page = get_page(path)
    assert page.text("title") == f"{page.text('h1')} | あおビズサーチ"
    assert page.text(".breadcrumbs [aria-current]") == page.text("h1")


@pytest.mark.parametrize("path", ["/", "/search", "/agencies", *PLAIN])
def test_page_has_landmarks_skip_link_and_headings_in_order(get_page, path: str) -> None:
    dom = get_page(path).dom
    assert dom.select_one("a.skip-link[href='#main']")
    assert len(dom.select("main#main")) == len(dom.select("body > header")) == 1
    levels = [int(tag.name[1]) for tag in dom.select("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_titles_differ(get_page) -> None:
    titles = [get_page(path).text("title") for path in ["/", "/search", "/agencies", *PLAIN]]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("path", PLAIN)
def test_plain_page_names_no_office_nobody_can_find(get_page, path: str) -> None:
    text = get_page(path).text("main")
    assert not [word for word in ("担当課", "準備中") if word in text]


def test_missing_page_helps_on(get_page) -> None:
    page = get_page("/nowhere", 404)
    assert page.text("h1") == "ページが見つかりません"
    assert page.dom.select_one("main form[action='/search'] input[name=q]")


def test_failure_shows_a_page_without_details(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("secret")

    monkeypatch.setitem(app.view_functions, "pages.about", fail)
    app.testing = False
    response = client.get("/about")
    assert response.status_code == 500
    assert "うまく表示できませんでした" in response.text
    assert "secret" not in response.text


def test_pages_set_no_cookie(client: FlaskClient) -> None:
    # The form for messages is guarded by one.
    for path in {"/", "/search?q=a", *PLAIN} - {"/contact"}:
        assert "Set-Cookie" not in client.get(path).headers
