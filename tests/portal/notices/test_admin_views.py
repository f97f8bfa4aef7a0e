"""The prefecture tells all visitors something: from the desk to every page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from portal.extensions import Resources
from portal.notices import queries
from portal.notices.cache import NoticeCache
from portal.notices.models import SiteNotice
from tests.accounts import Visitor, actions, last_event, move_clock, signed_in_admin
from tests.pages import Page

PATH = "/admin/notices"
SNOW = {
    "level": "emergency",
    "title": "大雪のため、窓口を休みます",
    "text": "詳しくは https://example.jp/snow をご覧ください。",
    "starts_at": "",
    "ends_at": "2026-11-22T12:00",
}


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


def publish(admin: Visitor, **more: str) -> str:
    answer = admin.send(f"{PATH}/new", **(SNOW | {"action": "publish"} | more))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def seen(admin: Visitor, path: str) -> str:
    return str(admin.get(path).dom.select_one("input[name=seen]")["value"])


def stored(held: Resources) -> list[SiteNotice]:
    with held.sessions() as session:
        return list(session.scalars(select(SiteNotice).order_by(SiteNotice.id)))


def shown(page: Page) -> list[str]:
    return [str(notice["data-notice"]) for notice in page.dom.select(".site-notices [data-notice]")]


@pytest.mark.parametrize("path", ["/", "/search", "/agencies", "/about", "/login", "/nowhere"])
def test_emergency_is_on_every_page_with_its_urgency_in_words(
    admin: Visitor, client: FlaskClient, path: str
) -> None:
    publish(admin)
    page = Page(200, client.get(path).text)
    (banner,) = page.dom.select("body > section.site-notices")
    assert banner["aria-label"] == "緊急のお知らせ"
    assert page.text(".site-notices .site-notice__title") == "緊急 大雪のため、窓口を休みます"
    assert page.dom.select_one(".site-notices a")["href"] == "https://example.jp/snow"
    # Before the first heading of the page, and none itself.
    assert not page.dom.select(".site-notices :is(h1, h2, h3)")


def test_notice_that_can_wait_is_a_line_that_leads_to_its_text_on_the_home_page(
    admin: Visitor, client: FlaskClient
) -> None:
    publish(admin, level="info", title="会員の方へ", text="一行目\n二行目")
    about, home = (Page(200, client.get(path).text) for path in ("/about", "/"))
    assert about.text(".site-notices") == "お知らせ 会員の方へ"
    address = str(about.dom.select_one(".site-notices a")["href"])
    assert address.startswith("/#")
    assert shown(home) == []
    assert home.text(f"#{address.removeprefix('/#')}") == "会員の方へ 一行目二行目"
    assert home.text("#notices-title") == "お知らせ"


def test_draft_and_what_is_to_come_are_not_seen(
    app: Flask, admin: Visitor, client: FlaskClient
) -> None:
    publish(admin, action="draft")
    publish(admin, starts_at="2026-11-21T12:00", title="あすから")
    assert not Page(200, client.get("/about").text).dom.select(".site-notices")
    move_clock(app, timedelta(days=1))
    assert shown(Page(200, client.get("/about").text)) == ["2"]
    move_clock(app, timedelta(days=1))
    assert shown(Page(200, client.get("/about").text)) == []


def test_preview_shows_the_notice_and_stores_nothing(admin: Visitor, resources: Resources) -> None:
    answer = admin.send(f"{PATH}/new", **SNOW, action="preview")
    page = Page(200, answer.text)
    assert answer.status_code == 200
    assert page.text("[data-preview] .site-notice--emergency .site-notice__title").endswith(
        SNOW["title"]
    )
    assert page.dom.select_one("input[name=title]")["value"] == SNOW["title"]
    assert stored(resources) == []
    assert "notice_drafted" not in actions(resources)


def test_form_without_a_button_is_only_looked_at(admin: Visitor, resources: Resources) -> None:
    assert admin.send(f"{PATH}/new", **SNOW).status_code == 200
    assert stored(resources) == []


@pytest.mark.parametrize("action", ["publish", "preview"])
def test_wrong_fields_are_told_beside_them_and_all_is_kept(
    admin: Visitor, resources: Resources, action: str
) -> None:
    typed = {"level": "info", "title": "", "text": "<b>雪</b>", "ends_at": "きのう"}
    answer = admin.send(f"{PATH}/new", **(SNOW | typed), action=action)
    page = Page(422, answer.text)
    assert answer.status_code == 422
    links = [link["href"] for link in page.dom.select("[role=alert] a")]
    assert links == ["#title", "#ends_at"]
    for name in ("title", "ends_at"):
        field = page.dom.select_one(f"#{name}")
        assert field["aria-describedby"].endswith(f"{name}-error")
    assert page.dom.select_one("#ends_at")["value"] == "きのう"
    assert page.dom.select_one("textarea").text.strip() == "<b>雪</b>"
    assert page.dom.select_one("input[name=level][checked]")["value"] == "info"
    assert stored(resources) == []


def test_draft_is_published_changed_and_ended_and_the_record_tells_what_was_read(
    app: Flask, admin: Visitor, resources: Resources, client: FlaskClient
) -> None:
    path = publish(admin, action="draft", ends_at="")
    assert admin.get(path).text("[data-state=draft] dd") == "下書き"
    admin.send(path, **SNOW, action="publish", seen=seen(admin, path))
    assert shown(Page(200, client.get("/about").text)) == ["1"]
    more = SNOW | {"title": "窓口を再開しました", "level": "warning"}
    admin.send(path, **more, action="publish", seen=seen(admin, path))
    assert "窓口を再開しました" in client.get("/about").text
    detail = json.loads(last_event(resources).detail)
    assert (detail["title"], detail["urgency"]) == ("窓口を再開しました", "warning")
    assert detail["text"] == SNOW["text"]
    admin.send(f"{path}/end")
    assert not Page(200, client.get("/about").text).dom.select(".site-notices")
    assert actions(resources)[-4:] == [
        *("notice_drafted", "notice_published", "notice_changed", "notice_ended")
    ]
    assert admin.get(PATH).text("[data-notice-row] h2") == "窓口を再開しました"
    assert "窓口を再開しました" in admin.get("/admin/audit").texts("[data-seq]")[0]


def test_ending_what_is_to_come_makes_it_a_draft_again(
    admin: Visitor, resources: Resources
) -> None:
    path = publish(admin, starts_at="2026-11-21T12:00")
    admin.send(f"{path}/end")
    assert [notice.is_published for notice in stored(resources)] == [False]
    assert admin.get(path).dom.select(f"form[action='{path}/discard']")


def test_ending_twice_is_told_and_recorded_once(admin: Visitor, resources: Resources) -> None:
    path = publish(admin)
    for _ in range(2):
        admin.send(f"{path}/end")
    assert actions(resources).count("notice_ended") == 1
    assert "もう表示されていません" in admin.get(path).text("[role=status]")


def test_draft_is_thrown_away_and_its_number_never_comes_back(
    admin: Visitor, resources: Resources
) -> None:
    path = publish(admin, action="draft")
    assert admin.send(f"{path}/discard").location == PATH
    admin.get(path, 404)
    assert publish(admin) == f"{PATH}/2"


def test_what_was_published_is_not_thrown_away(admin: Visitor, resources: Resources) -> None:
    path = publish(admin)
    assert admin.send(f"{path}/discard").location == path
    assert len(stored(resources)) == 1


def test_change_by_somebody_else_is_shown_and_nothing_typed_is_lost(
    admin: Visitor, resources: Resources
) -> None:
    path = publish(admin)
    before = seen(admin, path)
    first = SNOW | {"title": "ほかの人の見出し"}
    admin.send(path, **first, action="publish", seen=before)
    mine = SNOW | {"title": "わたしの見出し"}
    answer = admin.send(path, **mine, action="publish", seen=before)
    page = Page(409, answer.text)
    assert answer.status_code == 409
    assert "ほかの人の見出し" in page.text("[data-others]")
    assert page.dom.select_one("#title")["value"] == "わたしの見出し"
    again = str(page.dom.select_one("input[name=seen]")["value"])
    assert admin.send(path, **mine, action="publish", seen=again).status_code == 303
    assert stored(resources)[0].title == "わたしの見出し"


def test_same_again_is_no_change(admin: Visitor, resources: Resources) -> None:
    path = publish(admin)
    starts_at = str(admin.get(path).dom.select_one("#starts_at")["value"])
    admin.send(path, **(SNOW | {"starts_at": starts_at}), action="publish", seen=seen(admin, path))
    assert actions(resources).count("notice_changed") == 0


def test_lost_database_is_told_without_asking_it_for_notices(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def lose(*_args: Any, **_more: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    def count(*args: Any, **_more: Any) -> tuple[()]:
        asked.append(args)
        return ()

    monkeypatch.setitem(app.view_functions, "pages.about", lose)
    with monkeypatch.context() as patch:
        patch.setattr(NoticeCache, "current", count)
        assert client.get("/about").status_code == 503
    assert asked == []


def test_page_that_needs_no_database_is_shown_without_notices_when_it_is_lost(
    client: FlaskClient, resources: Resources
) -> None:
    with resources.engine.begin() as connection:
        connection.execute(text("ALTER TABLE site_notice_revision RENAME TO lost"))
    assert client.get("/about").status_code == 200


def test_list_is_in_the_order_of_what_visitors_see(admin: Visitor, resources: Resources) -> None:
    over = publish(admin, title="終わった")
    admin.send(f"{over}/end")
    publish(admin, title="下書き", action="draft")
    publish(admin, title="これから", starts_at="2026-11-21T12:00")
    publish(admin, title="いま")
    rows = admin.get(PATH)
    assert rows.texts("[data-notice-row] h2") == ["いま", "これから", "下書き", "終わった"]
    with resources.sessions() as session:
        assert len(queries.list_newest(session)) == 4
