"""From a request to a number: what the pages of the portal come to."""

import logging
import shutil
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import access, view_counting
from portal.accounts.permissions import Role
from portal.extensions import Resources
from portal.pageviews import rollup
from portal.pageviews.folders import Folders
from portal.pageviews.kinds import ClickKind
from portal.pageviews.models import (
    DailyClick,
    DailyPageView,
    DailySearch,
    DailySearchVisit,
    SearchCondition,
    SpooledLine,
)
from tests.accounts import signed_in
from tests.conftest import NOW, resources_of
from tests.factories import publish_and_index
from tests.portal.pageviews.raw import BOT, PHONE, views

TODAY = "2026-11-20"
AS_PHONE = {"User-Agent": PHONE}


def count(held: Resources) -> dict[tuple[str, str, int], int]:
    rollup.roll_up(held.sessions, Folders(held.settings.data_dir), now=NOW)
    return views(held.sessions)


def spool_text(held: Resources) -> str:
    files = Folders(held.settings.data_dir).files()
    return "".join(path.read_text("utf-8") for path in files)


def test_every_public_address_is_a_page_or_known_to_be_none(app: Flask) -> None:
    assert not view_counting.PAGES.keys() & view_counting.NO_PAGES
    readable = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())
    }
    told = view_counting.PAGES.keys() | view_counting.NO_PAGES
    assert readable & access.PUBLIC == told


def test_pages_are_counted_by_class_and_listing_and_acts_and_files_are_not(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    address = f"/listings/{public_id}"
    for path in ("/", address, f"{address}/history", f"{address}/report", "/agencies"):
        assert client.get(path, headers=AS_PHONE).status_code == 200
    client.get(address, headers={"User-Agent": BOT})
    client.get(address, headers=AS_PHONE | {"Sec-Purpose": "prefetch"})
    client.head(address, headers=AS_PHONE)
    client.get("/listings/L999999", headers=AS_PHONE)
    client.get("/no-such-page", headers=AS_PHONE)
    for path in (f"{address}/qr.svg", "/api/v1/listings", "/sitemap.xml", "/healthz", "/admin"):
        client.get(path, headers=AS_PHONE)
    client.post("/contact", headers=AS_PHONE)
    assert count(resources) == {
        (TODAY, "human", 0): 2,
        (TODAY, "human", 1): 3,
        (TODAY, "bot", 1): 1,
        (TODAY, "prefetch", 1): 1,
        (TODAY, "other", 1): 1,
        (TODAY, "other", 0): 2,
    }
    with resources.sessions() as session:
        wanted = select(DailyPageView.version_id, DailyPageView.device, DailyPageView.page_kind)
        of_listing = wanted.where(
            DailyPageView.listing_id == 1, DailyPageView.view_class == "human"
        )
        assert set(session.execute(of_listing)) == {
            (1, "phone", "listing"),
            (1, "phone", "listing_more"),
        }


def test_pages_carry_nothing_by_which_a_browser_could_show_them_unasked(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    for path in ("/", "/search?q=店", f"/listings/{public_id}", "/about", "/agencies", "/check"):
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        assert not {*answer.headers.keys()} & {"ETag", "Last-Modified", "Expires"}
        assert {"no-cache", "no-store"} & set(answer.headers["Cache-Control"].split(", "))


def test_staff_are_told_apart_and_members_are_people(app: Flask) -> None:
    held = resources_of(app)
    for role in (Role.STAFF, Role.ADMIN, Role.MEMBER):
        visitor = signed_in(app, f"{role.value}@firm.example.jp", role=role)
        before = count(held)
        visitor.client.get("/", headers=AS_PHONE)
        after = count(held)
        grown = {key: after[key] - before.get(key, 0) for key in after}
        expected = "human" if role is Role.MEMBER else "staff"
        assert {key for key, more in grown.items() if more} == {(TODAY, expected, 0)}
        for more in ({}, {"HX-Request": "true"}):
            visitor.client.get("/search?q=除雪", headers=AS_PHONE | more)
    count(held)
    with held.sessions() as session:
        assert session.scalars(select(DailySearch.searches)).all() == [2]


def test_nothing_that_says_whose_a_request_was_is_written(
    client: FlaskClient, resources: Resources
) -> None:
    headers = AS_PHONE | {
        "Cookie": "device=abc123; favorites=xyz789",
        "X-Forwarded-For": "192.0.2.7",
    }
    client.get("/?token=secret-token", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.8"})
    written = spool_text(resources)
    assert PHONE in written
    for said in ("192.0.2", "abc123", "xyz789", "secret-token", "127.0.0.1"):
        assert said not in written


def test_searches_are_counted_once_with_their_conditions_and_lead_to_listings(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    search = "/search?q=店舗　改装&region=02201"
    for address in (
        search,
        f"{search}&page=2",
        f"{search}&sort=new",
        "/search?q=ＵＦＯ%26%3D&kind=loan",
    ):
        client.get(address, headers=AS_PHONE)
    client.get(search, headers={"User-Agent": BOT})
    changed = AS_PHONE | {"HX-Request": "true", "HX-Current-URL": f"http://localhost{search}"}
    client.get(f"{search}&kind=subsidy", headers=changed)
    client.get(f"{search}&sort=deadline", headers=changed)
    client.get(
        f"/listings/{public_id}", headers=AS_PHONE | {"Referer": f"http://localhost{search}"}
    )
    client.get(
        f"/listings/{public_id}", headers=AS_PHONE | {"Referer": "http://elsewhere/search?q=x"}
    )
    count(resources)
    with resources.sessions() as session:
        rows = session.execute(
            select(SearchCondition.conditions, DailySearch.searches, DailySearch.without_hits)
            .join(DailySearch)
            .order_by(SearchCondition.conditions)
        )
        assert list(rows) == [
            ("q=ufo%26%3D&kind=loan", 1, 1),
            ("q=店舗%20改装&region=02201", 2, 0),
            ("q=店舗%20改装&region=02201&kind=subsidy", 1, 0),
        ]
        visits = select(DailySearchVisit.listing_id, SearchCondition.conditions).join(
            SearchCondition
        )
        assert session.execute(visits).all() == [(1, "q=店舗%20改装&region=02201")]


def test_view_is_counted_whatever_its_headers_say(
    client: FlaskClient, resources: Resources, caplog: pytest.LogCaptureFixture
) -> None:
    public_id = publish_and_index(resources)
    said = ("http://[::1", "http://localhost]/search?q=a", "//[", "http://localhost:x/search", "\\")
    for address in said:
        headers = AS_PHONE | {"Referer": address, "HX-Current-URL": address}
        for path in (f"/listings/{public_id}", "/search?q=a"):
            assert client.get(path, headers=headers).status_code == 200
    assert count(resources) == {
        (TODAY, "human", 1): len(said),
        (TODAY, "human", 0): len(said),
    }
    assert "could not be counted" not in caplog.text


def test_search_of_every_condition_there_is_is_served_and_left_out(
    client: FlaskClient, resources: Resources
) -> None:
    known = resources.shipped_vocabulary
    chosen = {"region": known.regions, "purpose": known.purposes, "kind": known.kinds}
    asked = [("q", "補助" * 100), *((name, code) for name in chosen for code in chosen[name])]
    assert client.get("/search", query_string=asked, headers=AS_PHONE).status_code == 200
    assert count(resources) == {(TODAY, "human", 0): 1}
    with resources.sessions() as session:
        assert session.scalar(select(DailySearch)) is None


def test_click_is_counted_for_its_listing(app: Flask) -> None:
    held = resources_of(app)
    for agent in (PHONE, PHONE, BOT):
        with app.test_request_context("/", headers={"User-Agent": agent}):
            view_counting.record_click(7, ClickKind.APPLY)
    count(held)
    with held.sessions() as session:
        row = session.scalars(select(DailyClick)).one()
    assert (row.clicked_on, row.listing_id, row.click_kind, row.clicks) == (
        date(2026, 11, 20),
        7,
        "apply",
        2,
    )


def test_view_is_kept_in_the_database_where_the_spool_cannot_be_written(
    client: FlaskClient, resources: Resources, caplog: pytest.LogCaptureFixture
) -> None:
    # A file where the folder has to be.
    resources.settings.data_dir.joinpath("pageviews").write_text("")
    with caplog.at_level(logging.WARNING):
        assert client.get("/", headers=AS_PHONE).status_code == 200
    assert "kept in the database" in caplog.text
    resources.settings.data_dir.joinpath("pageviews").unlink()
    with resources.sessions() as session:
        assert session.scalars(select(SpooledLine.is_counted)).all() == [False]
    assert count(resources) == count(resources) == {(TODAY, "human", 0): 1}


def test_report_is_shown_though_the_spool_cannot_be_read(app: Flask) -> None:
    held = resources_of(app)
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    held.spool.close()
    folder = Folders(held.settings.data_dir).root
    shutil.rmtree(folder)
    folder.write_text("a file where the folder has to be")
    assert admin.get("/admin/reports/yearly").text("h1")
