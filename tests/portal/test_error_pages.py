"""Errors in the portal's own words, with nothing of the inside in them."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.models import Listing
from tests.acts.listings import WHOLE, with_draft
from tests.conftest import NOW, PRODUCTION_URL, MakeApp, make_settings, resources_of
from tests.factories import make_draft, publish_and_index
from tests.pages import Page


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/listings/L999999",
        "/listings/1",
        "/listings/L1",
        "/listings/%00",
        "/agencies/x",
    ],
)
def test_what_is_not_there_is_404(get_page, address: str) -> None:
    page: Page = get_page(address, status=404)
    assert page.dom.select('a[href="/"]')
    assert page.dom.select('a[href^="/search"]')


def test_draft_is_404(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        public_id = make_draft(session, title="まだ秘密の補助金").public_id
    page: Page = get_page(f"/listings/{public_id}", status=404)
    assert "まだ秘密" not in page.dom.get_text()


def test_withdrawn_listing_is_410_and_says_whom_to_ask(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    with resources.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.withdraw(session, listing, reason="終了", now=NOW)
    page: Page = get_page(f"/listings/{public_id}", status=410)
    assert page.dom.select('a[href="/agencies/aomori-pref"]')


@pytest.mark.parametrize("host", ["..", ".", "a..b", "x" * 64])
def test_impossible_host_is_a_plain_400(client: FlaskClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert (response.status_code, response.mimetype) == (400, "text/plain")


@pytest.mark.parametrize("address", ["/agencies/%00", "/agencies/a%00b", "/listings/%00"])
def test_characters_a_database_refuses_are_404(
    tmp_path: Path, database_url: str, make_app: MakeApp, address: str
) -> None:
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=database_url))
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_wrong_method_is_405(client: FlaskClient, method: str) -> None:
    response = getattr(client, method)("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "<h1" in response.text


def test_fault_inside_is_a_plain_500(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail of the inside")

    app.testing = False
    monkeypatch.setattr("portal.search.services.run", fail)
    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/search")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    assert "<h1" in response.text
    assert "secret detail" in caplog.text


def test_lost_database_is_503_on_pages_and_in_the_api(app: Flask) -> None:
    held = resources_of(app)
    with held.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE listing_event")
    client = app.test_client()
    publish = client.get("/listings/L000001")
    assert publish.status_code in (404, 503)
    with held.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE agency RENAME TO agency_lost")
    page, answer = client.get("/search"), client.get("/api/v1/agencies")
    assert page.status_code == 503
    assert "<h1" in page.text
    assert "agency_lost" not in page.text
    assert answer.get_json()["status"] == 503


def test_what_was_typed_survives_a_database_that_takes_nothing(app: Flask) -> None:
    visitor, path = with_draft(app)
    held = resources_of(app)
    with held.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE application_round RENAME TO lost")
    sent = WHOLE | {"body": "くわしい説明" * 2_000}
    answer = visitor.send(f"{path}/edit", **sent, version="1", action="save")
    page = Page(answer.status_code, answer.text)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert page.dom.select_one("textarea[name=body]").get_text().strip() == sent["body"]
    with held.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE lost RENAME TO application_round")
    fields = {field["name"]: field.get_text()[1:] for field in page.dom.select("textarea")}
    assert visitor.send(page.dom.select_one("form[method=post].form")["action"], **fields).location
    with held.sessions() as session:
        assert session.get_one(Listing, 1).versions[-1].body == sent["body"]


def test_form_of_another_site_is_not_given_back(app: Flask) -> None:
    visitor, path = with_draft(app)
    with resources_of(app).engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_session RENAME TO lost")
    headers = {"Origin": "https://evil.example.jp"}
    answer = visitor.client.post(f"{path}/edit", data=WHOLE, headers=headers)
    assert answer.status_code == 503
    assert WHOLE["title"] not in answer.text


BAD_QUERIES = [
    "industry=zzz&industry=A",
    "q=" + "%E5%89%B5" * 3000,
    "q=%ff%fe%00",
    "q=%1b%5b31m",
    "q='%20OR%201=1;--",
    "q=title:x%20AND%20(a%20OR%20b)*",
    "q=%22",
    "q=-",
    "page=-1",
    "page=1000000000000",
    "page=%F0%9F%8D%8E",
    "per_page=7",
    "sort=worst",
    "amount_min=-5",
    "amount_min=" + "9" * 400,
    "include_closed=maybe",
    "status=closed&status=open&include_closed=1&include_closed=0",
    "local_only=1",
    "&".join(f"region=0{n}" for n in range(400)),
    "unknown=1&utm_source=x",
    "%ff=%fe",
    "q[]=1&q[$ne]=2",
]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_bad_input_gets_a_page(get_page, resources: Resources, query: str) -> None:
    publish_and_index(resources)
    page: Page = get_page(f"/search?{query}")
    assert page.dom.select_one("[data-total]") is not None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("industry=zzz", "zzz"),
        ("page=-1", "1ページ目"),
        ("q=" + "x" * 300, "200文字"),
        ("q=%00a", "読めない文字"),
        ("amount_min=abc", "abc"),
        ("sort=worst", "worst"),
    ],
)
def test_what_was_dropped_is_said(get_page, query: str, words: str) -> None:
    page: Page = get_page(f"/search?{query}")
    assert any(words in text for text in page.texts(".notice"))


def test_markup_in_a_query_is_shown_as_text(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page: Page = get_page("/search?q=<script>alert(1)</script>&kind=<img src=x onerror=alert(1)>")
    assert not page.dom.select("script:not([src]):not([type='application/ld+json'])")
    assert not page.dom.select("img[onerror]")


def test_production_answers_only_to_its_own_host(production_app: Flask) -> None:
    client = production_app.test_client()
    good = client.get("/about", base_url=PRODUCTION_URL)
    assert good.status_code == 200
    assert "max-age" in good.headers["Strict-Transport-Security"]
    for host in ("PORTAL.example.JP", "portal.example.jp.", "Portal.example.jp.:443"):
        page = client.get("/about", base_url=PRODUCTION_URL, headers={"Host": host})
        assert page.status_code == 200
        assert page.text == good.text
    for host in ("evil.example", "portal.example.jp.evil.example", "portal.example.jp..", "[::1]"):
        refused = client.get("/about", base_url=PRODUCTION_URL, headers={"Host": host})
        assert refused.status_code == 400
    forged = client.get(
        "/about", base_url=PRODUCTION_URL, headers={"X-Forwarded-Host": "evil.example"}
    )
    assert "evil.example" not in forged.text
