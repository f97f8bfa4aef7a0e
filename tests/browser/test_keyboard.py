"""Accounts and desks without a mouse: every control is reached in order, seen and used."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.permissions import Role
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import serving
from tests.browser.keyboard import faults_of_focus, press, reach, write
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.people import new_address, sign_in
from tests.conftest import resources_of

FOR_ANYBODY = ["/login", "/signup", "/password-reset", "/signup/none"]
OF_A_MEMBER = ["/me", "/me/email", "/me/password", "/me/second-factor", "/me/saved-searches"]
OF_AN_APPROVER = ["/staff/users", "/staff/users/invitations/new", "/me/recovery-codes"]
OF_AN_ADMIN = [
    "/admin",
    "/admin/users",
    "/admin/users/1",
    "/admin/agencies",
    "/admin/agencies/m02201/edit",
    "/admin/audit",
    "/admin/jobs",
    "/admin/synonyms/1",
]
PAGES = {
    None: FOR_ANYBODY,
    Role.MEMBER: OF_A_MEMBER,
    Role.APPROVER: OF_AN_APPROVER,
    Role.ADMIN: OF_AN_ADMIN,
}


@pytest.fixture(scope="module")
def base_url(offices: Flask) -> Iterator[str]:
    make_user(resources_of(offices), "clerk@city.example.jp", role=Role.STAFF, name="鈴木 三郎")
    with serving(offices) as address:
        yield address


@pytest.mark.parametrize("role", PAGES)
def test_tab_leads_through_every_page_in_order_and_is_seen(
    page: Page, offices: Flask, role: Role | None
) -> None:
    if role is not None:
        sign_in(page, offices, role)
    faults = {}
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(PAGES[role][0])
        faults[PAGES[role][0], size["width"]] = faults_of_focus(page)
    for path in PAGES[role][1:]:
        page.goto(path)
        faults[path, DESKTOP["width"]] = faults_of_focus(page, "main")
    assert {place: found for place, found in faults.items() if found} == {}


def test_owner_signs_in_mends_a_mistake_and_signs_out(page: Page, offices: Flask) -> None:
    email = new_address()
    make_user(resources_of(offices), email, name="りんご商店")
    page.goto("/login")
    write(page, "メールアドレス", email)
    write(page, "パスワード", "wrong")
    press(page, page.get_by_label("パスワードを表示する"), "Space")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    press(page, page.get_by_role("button", name="ログイン", exact=True))
    expect(page.locator("#problems")).to_be_focused()
    write(page, "パスワード", LONG_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("マイページ")

    name = page.locator(".account-menu summary")
    own_page = page.locator(".account-menu").get_by_role("link", name="マイページ")
    press(page, name)
    page.keyboard.press("Tab")
    expect(own_page).to_be_focused()
    page.keyboard.press("Escape")
    expect(own_page).to_be_hidden()
    expect(name).to_be_focused()
    page.keyboard.press("Space")
    expect(own_page).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(own_page).to_be_hidden()

    write(page, "名前", "　")
    page.keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    press(page, page.locator("#problems a"))
    expect(page.get_by_label("名前", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text("りんごの店")
    press(page, page.get_by_role("button", name="名前を変更する"), "Space")
    expect(page.get_by_role("status")).to_contain_text("名前を変更しました。")
    press(page, page.locator("[data-session] button"))
    expect(page.locator(".account-link")).to_be_visible()


def test_admin_invites_thinks_better_of_it_and_stops_somebody(page: Page, offices: Flask) -> None:
    sign_in(page, offices, Role.ADMIN)
    press(page, page.get_by_role("link", name="利用者の管理"))
    press(page, page.get_by_role("link", name="招待する", exact=True))
    write(page, "メールアドレス", "suzuki")
    reach(page, page.get_by_label("権限"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="招待を送る"))
    expect(page.locator("#problems")).to_be_focused()
    press(page, page.locator("#problems a").first)
    expect(page.get_by_label("メールアドレス")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.insert_text("@city.example.jp")
    reach(page, page.get_by_label("実施機関"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="招待を送る"), "Space")
    expect(page.get_by_role("status")).to_contain_text("suzuki@city.example.jp に招待を送りました")

    invited = page.locator("[data-invitation]")
    press(page, page.locator("summary", has_text="招待の一覧"))
    expect(invited).to_be_hidden()
    page.keyboard.press("Space")
    press(page, invited.get_by_role("button", name="もう一度送る"))
    expect(page.get_by_role("status")).to_contain_text("招待をもう一度送りました")
    press(page, invited.get_by_role("button", name="取り消す"), "Space")
    expect(page.get_by_role("status")).to_contain_text("招待を取り消しました")

    write(page, "名前・メールアドレス", "clerk@")
    press(page, page.get_by_label("90日以上使っていない職員"), "Space")
    press(page, page.get_by_role("button", name="しぼり込む"))
    expect(page.locator("[data-total]")).to_have_text("0")
    press(page, page.get_by_label("90日以上使っていない職員"), "Space")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="鈴木 三郎", exact=True))
    press(page, page.get_by_role("button", name="利用を止める"))
    expect(page.get_by_role("status")).to_contain_text("利用を止めました")
    press(page, page.get_by_role("button", name="利用を再開する"), "Space")
    expect(page.get_by_role("status")).to_contain_text("利用を再開しました")


def test_file_with_faults_is_chosen_and_what_is_wrong_has_the_focus(
    page: Page, offices: Flask, tmp_path: Path
) -> None:
    sign_in(page, offices, Role.ADMIN)
    page.goto("/admin/users/invitations/bulk")
    path = tmp_path / "people.csv"
    path.write_text("メールアドレス,権限,実施機関コード\nbad,係長,m02201\n", "utf-8")
    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_label("CSVファイル"))
    chooser.value.set_files(path)
    press(page, page.get_by_role("button", name="内容を確かめる"))
    expect(page.locator("#problems")).to_be_focused()
    expect(page).to_have_title("エラー: 招待の確認 | あおビズサーチ")
    expect(page.locator("[data-row]")).to_have_count(2)
    press(page, page.get_by_role("link", name="直したファイルを選び直す"))
    expect(page.locator("h1")).to_have_text("CSVでまとめて招待")
