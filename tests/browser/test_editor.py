"""A listing is written in a real browser: on a phone, without JavaScript, by keyboard alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from portal.accounts.permissions import Role
from portal.app import create_app
from portal.db import write_transaction
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import serving
from tests.browser.keyboard import faults_of_focus, press, reach, write
from tests.browser.looks import (
    DESKTOP,
    check_everywhere,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)
from tests.conftest import MakeDatabase, make_settings, resources_of
from tests.factories import make_agency, publish_and_index

CLERK, APPROVER = "clerk@city.example.jp", "approver@city.example.jp"
NEW = "/staff/listings/new"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with a clerk and an approver of one city, and a listing of the prefecture."""
    settings = make_settings(
        tmp_path_factory.mktemp("editor"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    publish_and_index(held, title="空き店舗活用補助金")
    with write_transaction(held.sessions) as session:
        make_agency(session, "m02201", name="青森市", level="municipality", tel="017-000-0000")
    make_user(held, CLERK, role=Role.STAFF)
    make_user(held, APPROVER, role=Role.APPROVER)
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def enter(page: Page, email: str, path: str = NEW) -> None:
    """Sign in on the way to a page."""
    page.goto(path)
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.locator("[data-editor]")).to_be_visible()
    page.wait_for_load_state("load")


def push(page: Page, name: str) -> None:
    page.locator(".editor__end").get_by_role("button", name=name, exact=True).click()


def test_clerk_is_helped_while_typing_and_loses_nothing(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    enter(page, CLERK)
    check_everywhere(page)
    fields = "main .input, main .select, main .choices__option, main summary"
    assert too_small_for_a_thumb(page, f"main button:not(.visually-hidden), {fields}") == []
    assert headings_that_skip_a_level(page) == []
    page.locator("#conditions > summary").click()
    page.get_by_label("会社の大きさ").select_option("small")
    page.get_by_label("ほかに条件はない").check()
    page.get_by_role("button", name="チェックでの示し方を確かめる").click()
    expect(page.locator("[data-check-preview] [autofocus]")).to_be_focused()
    expect(page.locator("[data-check-preview]")).to_contain_text("小規模な事業者（合わない方は")
    page.get_by_label("制度の名前").fill("空き店舗活用補助金2")
    expect(page.locator("[data-similar-found]")).to_contain_text("空き店舗活用補助金")
    expect(page.locator("#title-note")).to_have_text("10 / 200文字")
    page.locator("#closes_on").fill("2027-03-31")
    expect(page.locator("#closes_on-note")).to_contain_text("令和9年3月31日")
    page.locator("#events summary").click()
    page.get_by_label("会場", exact=True).fill("公会堂")
    page.get_by_role("button", name="開催日を足す").click()
    expect(page.locator("[name=events-1-held_on]")).to_be_focused()
    expect(page.locator("[name=events-1-venue]")).to_have_value("")
    page.locator("#relations summary").click()
    others = page.locator("[data-relation]")
    others.get_by_label("相手の支援").fill("空き店舗")
    others.locator(".candidates button").click()
    expect(others.get_by_label("相手の支援")).to_have_value("空き店舗活用補助金（L000001）")
    expect(others.get_by_label("どういう関係か")).to_be_focused()
    expect(others.locator("[data-meant] a")).to_have_text("空き店舗活用補助金")
    others.get_by_label("どういう関係か").select_option("tops_up")
    page.get_by_role("button", name="関係を足す").click()
    expect(page.locator("[name=relations-1-listing]")).to_be_focused()
    expect(page.locator("[name=relations-1-listing]")).to_have_value("")
    expect(page.locator("[name=relations-1-kind]")).to_have_value("")
    expect(others.last.locator("[data-meant]")).to_have_count(0)
    page.get_by_label("内容", exact=True).fill("## 見出し\n\n- 一つ")
    expect(page.locator("[data-body-shown] h3")).to_have_text("見出し")
    expect(page.locator("[data-kept]")).to_contain_text("保存しました 12:00")
    check_everywhere(page)
    page.goto(NEW)
    expect(page.locator("[data-kept-form]")).to_contain_text("続きから書けます")
    expect(page.get_by_label("制度の名前")).to_have_value("空き店舗活用補助金2")
    push(page, "確認を依頼する")
    expect(page.locator("#problems")).to_be_focused()
    check_everywhere(page)
    page.get_by_role("alert").get_by_role("link", name="目的を1つ以上").click()
    expect(page.get_by_label("創業・起業")).to_be_focused()


def test_leaving_with_something_unsaved_asks_first(page: Page) -> None:
    asked: list[str] = []
    enter(page, CLERK)
    page.get_by_label("担当課").fill("商工課")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/me")
    assert asked == ["beforeunload"]


def test_notice_is_written_and_published_without_script(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, APPROVER)
    page.get_by_label("制度の名前").fill("雪室りんごの補助金")
    with context.expect_page() as opened:
        page.get_by_role("link", name="担当者の手引き").click()
    guide = opened.value
    guide.get_by_role("link", name="状態の意味").click()
    expect(guide).to_have_url(re.compile("/help/staff#states$"))
    expect(guide.get_by_role("heading", name="状態の意味")).to_be_in_viewport()
    guide.close()
    page.get_by_label("概要").fill("雪室でりんごを貯える費用を補助します。")
    page.get_by_label("支援の種類").select_option("subsidy")
    page.get_by_label("設備投資").check()
    page.get_by_label("全業種").check()
    page.locator("#regions").check()
    page.get_by_label("受付期間あり").check()
    page.locator("#closes_on").fill("2027-03-31")
    page.locator("#events summary").click()
    page.get_by_label("会場", exact=True).fill("公会堂")
    page.get_by_role("button", name="開催日を足す").click()
    expect(page.locator("[name=events-1-held_on]")).to_be_visible()
    expect(page.get_by_label("会場", exact=True).first).to_have_value("公会堂")
    push(page, "公開する")
    expect(page.locator("#problems")).to_contain_text("開催日を入れてください")
    page.get_by_label("開催日", exact=True).first.fill("2027-02-01")
    push(page, "公開する")
    expect(page.get_by_text("公開しました。")).to_be_visible()
    page.goto("/search?q=雪室りんご")
    expect(page.locator("[data-listing-id] h3")).to_have_text("雪室りんごの補助金")
    context.close()


def test_complete_notice_is_written_by_keyboard_alone(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    enter(page, APPROVER)
    assert faults_of_focus(page, "main") == []
    page.goto(NEW)
    write(page, "制度の名前 公開に必要", "ねぶた衣装の補助金")
    write(page, "概要 公開に必要", "ねぶたの衣装を新しくする費用を補助します。")
    reach(page, page.get_by_label("支援の種類"))
    page.keyboard.press("ArrowDown")
    for label in ("設備投資", "全業種"):
        press(page, page.locator("#main").get_by_label(label, exact=True).first, "Space")
    expect(page.get_by_label("青森県全域", exact=True).first).to_be_checked()
    reach(page, page.locator("#date_state"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("いつでも申し込める")).to_be_checked()
    press(page, page.locator(".editor__end button[value=publish]"))
    expect(page.get_by_text("公開しました。")).to_be_visible()


def test_second_writer_sees_both_texts(page: Page, app: Flask) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    enter(page, APPROVER)
    page.get_by_label("制度の名前").fill("二人で書く補助金")
    push(page, "下書きを保存する")
    expect(page.get_by_text("保存しました。")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    for tab, text in ((other, "先に書いた概要です。"), (page, "後に書いた概要です。")):
        tab.get_by_label("概要").fill(text)
        push(tab, "下書きを保存する")
        tab.wait_for_load_state("load")
    expect(page.locator("[data-others]")).to_contain_text("先に書いた概要です。")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("概要")).to_have_value("後に書いた概要です。")
    check_everywhere(page)
    page.goto(f"{other.url.removesuffix('/edit')}/preview")
    expect(page.locator("[data-missing]")).to_contain_text("目的を1つ以上選んでください。")
    check_everywhere(page)
