"""Synonyms are looked after in a real browser: with and without JavaScript, by keyboard."""

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
from tests.browser.people import unfold
from tests.browser.test_desk import ADMIN, enter
from tests.conftest import MakeDatabase, make_settings, resources_of
from tests.factories import publish_and_index

PATH = "/admin/synonyms"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with the synonyms that ship and one listing, about stoves."""
    settings = make_settings(
        tmp_path_factory.mktemp("synonyms"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    publish_and_index(held, title="ストーブを替える補助金")
    make_user(held, ADMIN, role=Role.ADMIN)
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_group_is_added_tried_found_by_switched_off_removed_and_recorded(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    word = "だるま火鉢" if with_script else "うさぎ火鉢"
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page = context.new_page()
    enter(page, "/admin")
    page.get_by_role("main").get_by_role("link", name="言いかえ").last.click()
    page.get_by_role("link", name="組を足す").click()
    page.get_by_label("同じ意味のことば").fill(f"{word}\nストーブ")
    page.get_by_label("分類").select_option("energy")
    page.get_by_role("button", name="この組を足す").click()
    expect(page.get_by_role("status")).to_contain_text("次の検索から使われます。")
    page.get_by_role("link", name=f"「{word}」で試す").click()
    expect(page.locator("[data-term] h3")).to_have_text([word])
    page.get_by_role("link", name="この検索の結果を見る").click()
    expect(page.get_by_role("link", name="ストーブを替える補助金")).to_be_visible()
    page.goto(f"{PATH}?q={word}")
    page.locator("[data-group] a").click()
    page.get_by_role("button", name="止める").click()
    expect(page.locator("[data-state=disabled]")).to_be_visible()
    page.get_by_role("button", name="一覧から外す").click()
    expect(page.locator("[data-state=removed]")).to_be_visible()
    unfold(page, "監査記録")
    page.get_by_label("対象の種類").select_option("synonym_group")
    page.get_by_role("button", name="さがす").click()
    expect(page.locator("[data-seq] h3").first).to_have_text("言いかえの取り外し")
    kinds = page.locator("[data-seq] h3").all_text_contents()[:3]
    assert kinds == ["言いかえの取り外し", "言いかえの停止", "言いかえの追加"]
    context.close()


def test_wrong_form_leads_from_the_summary_to_the_fields(
    page: Page,
) -> None:
    enter(page, f"{PATH}/new")
    page.get_by_label("同じ意味のことば").fill("暖炉")
    page.get_by_label("メモ").fill("あ" * 201)
    page.get_by_role("button", name="この組を足す").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("同じ意味のことば")).to_have_value("暖炉")
    check_everywhere(page)
    page.get_by_role("alert").get_by_role("link", name="2つ以上").press("Enter")
    expect(page.get_by_label("同じ意味のことば")).to_be_focused()


def test_change_by_somebody_else_and_shared_words_are_shown(
    page: Page,
) -> None:
    enter(page, f"{PATH}?q=看板")
    page.locator("[data-group] a").first.click()
    other = page.context.new_page()
    other.goto(page.url)
    for tab, note in ((other, "あちら"), (page, "こちら")):
        tab.get_by_label("メモ").fill(note)
        tab.get_by_label("同じ意味のことば").fill("看板\n屋外広告\n融資")
        tab.get_by_role("button", name="変更を保存する").click()
    expect(page.locator("[data-others]")).to_contain_text("あちら")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("[data-shared]")).to_contain_text("融資")
    check_everywhere(page)
    controls = "main button, main .input, main .select, main .button, .desk-nav :is(a, summary)"
    assert too_small_for_a_thumb(page, controls) == []


def test_group_is_stopped_and_brought_back_by_keyboard(page: Page) -> None:
    enter(page, f"{PATH}/2")
    for name in ("止める", "検索に使う", "一覧から外す", "一覧に戻す"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        assert findings(page) == []


def test_file_is_taken_by_a_click(page: Page) -> None:
    enter(page, f"{PATH}?q=看板")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSVで書き出す").click()
    assert taken.value.suggested_filename == "synonyms.csv"
    assert taken.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
