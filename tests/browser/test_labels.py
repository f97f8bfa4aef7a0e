"""Labels are looked after in a real browser: with and without JavaScript, by keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from portal.accounts.permissions import Role
from portal.app import create_app
from tests.accounts import make_user
from tests.browser.conftest import serving
from tests.browser.looks import check_everywhere, findings, too_small_for_a_thumb
from tests.browser.test_desk import ADMIN, enter
from tests.conftest import MakeDatabase, make_settings, resources_of
from tests.factories import publish_and_index

PATH = "/admin/vocabulary"
CONTROLS = "main button, main .input, main .select, main .button, .desk-nav :is(a, summary)"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with one listing, for all who begin."""
    settings = make_settings(
        tmp_path_factory.mktemp("labels"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    publish_and_index(held, title="雪国の商いの支援", purposes=("startup", "ip"))
    make_user(held, ADMIN, role=Role.ADMIN)
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_label_is_looked_up_previewed_changed_found_by_and_reset(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page = context.new_page()
    enter(page, "/admin")
    page.get_by_role("main").get_by_role("link", name="表示名").last.click()
    page.get_by_label("表示名・読みがな").fill("創業")
    page.get_by_role("button", name="しぼり込む").click()
    page.get_by_role("link", name="創業・起業").click()
    page.get_by_label("表示名", exact=True).fill("だるま市ではじめる")
    page.get_by_label("読みがな").fill("だるまいちではじめる")
    page.get_by_role("button", name="見え方を確かめる").click()
    expect(page.locator("[data-preview=typed] dd").first).to_have_text("だるま市ではじめる")
    page.get_by_role("button", name="変更を保存する").click()
    expect(page.get_by_role("status")).to_contain_text("変更しました。")
    page.get_by_role("link", name="この目的の支援情報を見る").click()
    expect(page.locator("label[for=purpose-startup]")).to_contain_text("だるま市ではじめる")
    page.goto("/search?q=だるま市ではじめる")
    expect(page.get_by_role("link", name="雪国の商いの支援")).to_be_visible()
    page.goto(f"{PATH}/purpose/startup")
    page.get_by_role("button", name="はじめの表示名に戻す").click()
    expect(page.locator("h1")).to_have_text("目的「創業・起業」の表示名")
    context.close()


def test_list_and_page_fit_every_screen_and_work_by_keyboard(page: Page) -> None:
    enter(page, PATH)
    check_everywhere(page)
    assert too_small_for_a_thumb(page, CONTROLS) == []
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSVで書き出す").press("Enter")
    assert taken.value.suggested_filename == "vocabulary.csv"
    page.get_by_role("link", name="農業、林業").press("Enter")
    page.get_by_label("短い表示名").fill("漁業")
    page.get_by_label("読みがな").fill("農業")
    page.get_by_role("button", name="変更を保存する").press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    check_everywhere(page)
    page.get_by_role("alert").get_by_role("link", name="ひらがなで").press("Enter")
    expect(page.get_by_label("読みがな")).to_be_focused()
    page.get_by_label("読みがな").fill("のうりんぎょう")
    page.get_by_label("短い表示名").fill("農と林")
    # The Enter key in a field shows first how it would look.
    page.get_by_label("短い表示名").press("Enter")
    expect(page.locator("[data-preview=typed]")).to_contain_text("農と林")
    assert findings(page) == []


def test_change_by_somebody_else_is_shown_beside_what_was_typed(page: Page) -> None:
    enter(page, f"{PATH}/kind/loan")
    other = page.context.new_page()
    other.goto(page.url)
    for tab, label in ((other, "あちらの名前"), (page, "こちらの名前")):
        tab.get_by_label("表示名", exact=True).fill(label)
        tab.get_by_role("button", name="変更を保存する").click()
    expect(page.locator("[data-others]")).to_contain_text("あちらの名前")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("表示名", exact=True)).to_have_value("こちらの名前")
    check_everywhere(page)
    assert too_small_for_a_thumb(page, CONTROLS) == []
