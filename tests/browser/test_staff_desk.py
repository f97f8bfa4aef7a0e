"""The desks of listings in a real browser: by thumb, by keyboard, without JavaScript."""

import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask, request, request_finished
from playwright.sync_api import Browser, Page, expect

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.app import create_app
from portal.db import write_transaction
from portal.listings.content import EventContent
from portal.listings.models import Listing
from portal.publishing import editing, publication
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import serving
from tests.browser.keyboard import faults_of_focus, press, write
from tests.browser.looks import (
    DESKTOP,
    PHONE,
    check_everywhere,
    findings_in_light_and_dark,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)
from tests.conftest import NOW, MakeDatabase, make_settings, resources_of
from tests.factories import make_agency, make_content, make_views
from tests.portal.listings.test_clicks import clicks
from tests.portal.reports.agency_counts import make_visits

OWNER = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
)
"""The agent of a phone: the one that Chromium has without its windows is a bot's."""
APPROVER, ADMIN = "approver@city.example.jp", "ken@pref.example.jp"
LONG = "外装や内装の工事費が対象です。\n\n" * 12

STAFF_PAGES = [
    "/staff",
    "/staff/listings",
    "/staff/listings?q=zzzz",
    "/staff/listings/L000001",
    "/staff/listings/L000001/compare?before=1&after=2",
    "/staff/listings/L000001/versions/1",
    "/staff/listings/L000001/review",
    "/staff/listings/L000002",
    "/staff/listings/L000003",
    "/staff/review",
    "/staff/statistics",
    "/staff/demand",
    "/staff/demand/proposals",
    "/staff/demand/proposals/new?word=店の直し",
    "/listings/L000001/history",
]
ADMIN_PAGES = [
    "/staff",
    "/admin/listings",
    "/admin/listings/by-agency",
    "/admin/review",
    "/admin/statistics",
    "/staff/listings/L000004",
]
CONTROLS = (
    "main button, main .input, main .select, main .button, .desk-nav :is(a, summary),"
    " .waiting__box:has(*), .by-agency a"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with listings in most states, two of which wait to be approved."""
    settings = make_settings(
        tmp_path_factory.mktemp("staff_desk"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    user = make_user(held, APPROVER, role=Role.APPROVER)
    make_user(held, ADMIN, role=Role.ADMIN)
    with write_transaction(held.sessions) as session:
        by = session.get_one(User, user)
        assert by.agency is not None
        whole = {"tel": "017-000-0000"}

        def make(*acts: Any, **content: Any) -> Any:
            new = make_content(**whole, **content)
            listing = editing.create(session, by.agency, new, by=by, now=NOW)  # type: ignore[arg-type]
            for act in acts:
                act(session, listing, by=by, seen=listing.versions[-1].number, now=NOW)
            return listing

        first = make(publication.publish, body=LONG)
        day = EventContent(NOW.date())
        changed = {"title": "とても長い題名の" * 12, "body": LONG[30:] + "追記。", "events": (day,)}
        new = make_content(**whole, **changed)
        editing.save(session, first, new, by=by, seen=1, now=NOW)
        publication.submit(session, first, by=by, seen=2, now=NOW)
        make(
            publication.publish,
            partial(publication.withdraw, reason="予算がなくなりました。" * 5),
            title="終わった補助金",
        )
        make(
            publication.submit,
            partial(publication.send_back, comment="締切を書いてください。\n電話番号も。"),
            title="差し戻した補助金",
        )
        for number in range(4):
            make(publication.submit, title=f"確認待ちの補助金 {number}")
        make_agency(session, "m02202", name="弘前市", level="municipality")
    with held.sessions() as session:
        first = session.get_one(Listing, 1)
        make_views(session, first, on=NOW.date(), views=1_234, is_sample=True)
        make_visits(
            session, first, "q=雪+設備", on=[date(2026, 11, day) for day in (1, 2, 3)], visits=2
        )
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def enter(page: Page, path: str, email: str = APPROVER) -> None:
    """Sign in, on the way to a page."""
    page.goto(path)
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.locator(".desk-nav")).to_be_visible()


@pytest.mark.parametrize(("email", "paths"), [(APPROVER, STAFF_PAGES), (ADMIN, ADMIN_PAGES)])
def test_pages_pass_axe_do_not_scroll_sideways_and_fit_a_thumb(
    page: Page, email: str, paths: list[str]
) -> None:
    enter(page, "/staff", email)
    for path in paths:
        page.goto(path)
        for hidden in page.locator("main details.panel > summary").all():
            hidden.click()
        check_everywhere(page)
        assert page.locator("h1").count() == 1, path
        assert headings_that_skip_a_level(page) == [], path
        assert too_small_for_a_thumb(page, CONTROLS) == [], path


def test_everything_is_reached_by_tab_in_the_order_it_is_read(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    enter(page, "/staff")
    for path in ("/staff", "/staff/review", "/staff/listings/L000003"):
        page.goto(path)
        assert faults_of_focus(page, "main") == [], path


def test_tabs_of_the_prefecture_are_folded_on_a_phone_alone(
    browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    enter(page, "/admin/listings", ADMIN)
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] < PHONE["height"] / 2
    tabs = page.locator(".desk-nav")
    log = tabs.get_by_role("link", name="監査記録")
    expect(log).to_be_hidden()
    tabs.locator("summary").click()
    log.click()
    expect(page.locator("h1")).to_have_text("監査記録")
    expect(tabs.locator("summary")).to_have_text("ほかの仕事（監査記録）")
    context.close()


def test_tabs_of_the_prefecture_are_all_in_sight_where_there_is_room(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    enter(page, "/admin/listings/by-agency", ADMIN)
    for tab in page.locator(".desk-nav a").all():
        expect(tab).to_be_visible()
    expect(page.locator(".desk-nav summary")).to_be_hidden()
    assert findings_in_light_and_dark(page) == []
    assert faults_of_focus(page, "main") == []


def test_returned_listing_is_sent_on_and_withdrawn_by_keyboard_alone(page: Page) -> None:
    enter(page, "/staff")
    page.goto("/staff/listings?q=差し戻した")
    press(page, page.get_by_role("link", name="差し戻した補助金"))
    press(page, page.get_by_role("button", name="いますぐ公開する"))
    expect(page.get_by_role("status")).to_contain_text("公開しました。")
    press(page, page.locator("summary", has_text="掲載を終える").last)
    press(page, page.get_by_role("button", name="掲載を終える", exact=True))
    expect(page.locator("#problems")).to_be_focused()
    assert findings_in_light_and_dark(page) == []
    write(page, "掲載を終える理由", "まちがえて公開しました。")
    press(page, page.get_by_role("button", name="掲載を終える", exact=True))
    expect(page.get_by_role("status")).to_contain_text("掲載を終えました。")


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_two_are_published_at_once_and_one_is_taken_back(
    browser: Browser, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page = context.new_page()
    enter(page, "/staff/review")
    total = int(str(page.locator("[data-total]").get_attribute("data-total")))
    boxes = page.locator("[data-waiting] [name=chosen]")
    for box in boxes.all()[-2:]:
        box.check()
    page.get_by_role("button", name="印を付けたものを公開する").click()
    expect(page.get_by_role("status")).to_contain_text("2件を公開しました。")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", str(total - 2))
    undoable = page.locator("[data-undoable] [name=chosen]")
    for box in undoable.all()[1:]:
        box.uncheck()
    page.get_by_role("button", name="印を付けたものを取り消す").click()
    expect(page.get_by_role("status")).to_contain_text("1件を、する前の様子に戻しました。")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", str(total - 1))
    context.close()


def test_links_of_a_listing_are_counted_by_thumb_by_keyboard_and_by_middle_button(
    app: Flask, base_url: str, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    with resources_of(app).sessions.begin() as session:
        version = session.get_one(Listing, 1).public_version
        assert version is not None
        version.apply_url = f"{base_url}/about"
    context = browser.new_context(**browser_context_args, user_agent=OWNER)
    page = context.new_page()
    page.goto("/listings/L000001")
    # Where there is nothing to telephone with.
    page.locator("a[href^='tel:']").evaluate("link => link.href = '#contact-title'")

    told = threading.Semaphore(0)

    def hear(_app: Flask, **_more: object) -> None:
        if request.endpoint == "listing_clicks.record":
            told.release()

    link = page.get_by_role("link", name="申込ページへ")
    with request_finished.connected_to(hear, app):
        page.locator("a[data-click=contact]").tap()
        assert told.acquire(timeout=20)
        with context.expect_page() as opened:
            link.click(button="middle")
        expect(opened.value).to_have_url(f"{base_url}/about")
        assert told.acquire(timeout=20)
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/about")
        assert told.acquire(timeout=20)
    context.close()
    assert clicks(app) == {"apply": 2, "contact": 1}
