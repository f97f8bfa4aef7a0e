"""Inviting, joining, looking after users and leaving, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from portal.accounts import tokens
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import NewAddress, Place
from portal.db import write_transaction
from tests.accounts import LONG_PASSWORD, code_at, make_user
from tests.browser.conftest import serving
from tests.browser.looks import PHONE, check_everywhere, too_small_for_a_thumb
from tests.browser.people import letter_to, new_address, sign_in
from tests.conftest import NOW, resources_of
from tests.portal.accounts.mailbox import link_in
from tests.smtp_server import RunningServer

NEW = "雪の日の黄色い長靴と砂時計"


@pytest.fixture(scope="module")
def app(offices: Flask) -> Flask:
    return offices


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def invite(page: Page, address: str) -> None:
    page.get_by_role("link", name="利用者の管理").click()
    page.get_by_role("link", name="招待する", exact=True).click()
    page.get_by_label("メールアドレス").fill(address)
    page.get_by_label("名前（任意）").fill("鈴木 三郎")
    page.get_by_label("権限").select_option(label="担当者")
    page.get_by_label("実施機関").select_option(label="青森市")
    page.get_by_role("button", name="招待を送る").click()


def test_clerk_is_invited_joins_works_and_is_stopped_on_a_phone(
    page: Page, browser: Browser, base_url: str, app: Flask, postbox: RunningServer
) -> None:
    address = new_address()
    sign_in(page, app, Role.ADMIN)
    invite(page, address)
    expect(page.get_by_role("status")).to_contain_text("招待を送りました")

    phone = browser.new_context(base_url=base_url, viewport=PHONE, has_touch=True, locale="ja-JP")  # type: ignore[arg-type]
    clerk = phone.new_page()
    clerk.goto(link_in(letter_to(app, postbox, address), "/invitations"))
    expect(clerk.get_by_text("青森市")).to_be_visible()
    clerk.get_by_label("パスワード", exact=True).fill(NEW)
    clerk.get_by_role("button", name="登録する").tap()
    secret = str(clerk.locator("[data-secret]").text_content()).replace(" ", "")
    clerk.get_by_label("確認コード").fill(code_at(NOW, secret))
    clerk.get_by_role("button", name="登録する").tap()
    clerk.get_by_role("link", name="控えたので先へ進む").tap()
    expect(clerk.locator("h1")).to_have_text("担当者のページ")
    expect(clerk.locator(".account-menu__text")).to_have_text("鈴木 三郎")
    clerk.goto("/me")

    page.goto("/admin/users?q=" + address)
    page.get_by_role("link", name="鈴木 三郎", exact=True).click()
    page.get_by_role("button", name="利用を止める").click()
    expect(page.get_by_role("status")).to_contain_text("利用を止めました")
    clerk.get_by_role("link", name="パスワードを変更する").tap()
    expect(clerk.locator("h1")).to_have_text("ログイン")
    phone.close()


def test_clerk_joins_without_javascript(
    page: Page, browser: Browser, base_url: str, app: Flask, postbox: RunningServer
) -> None:
    address = new_address()
    sign_in(page, app, Role.ADMIN)
    invite(page, address)
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    clerk = context.new_page()
    clerk.goto(link_in(letter_to(app, postbox, address), "/invitations"))
    clerk.get_by_label("パスワード", exact=True).fill(NEW)
    clerk.get_by_role("button", name="登録する").click()
    expect(clerk.locator("h1")).to_have_text("2段階認証を始める")
    context.close()


def test_owner_signs_up_and_leaves_by_keyboard(
    page: Page, app: Flask, postbox: RunningServer
) -> None:
    address = new_address()
    page.goto("/login")
    page.get_by_role("link", name="会員登録").press("Enter")
    page.get_by_label("メールアドレス").focus()
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("メールをお送りしました")
    page.goto(link_in(letter_to(app, postbox, address), "/signup"))
    page.get_by_label("名前").focus()
    page.keyboard.insert_text("りんご商店")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(NEW)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("マイページ")
    with page.expect_download() as download:
        page.get_by_role("button", name="自分のデータを書き出す").press("Enter")
    assert address in download.value.path().read_text("utf-8")
    page.get_by_role("link", name="会員をやめる").press("Enter")
    page.get_by_label("いまのパスワード").focus()
    page.keyboard.insert_text(NEW)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("会員をやめました")
    expect(page.locator(".account-link")).to_be_visible()


def see_users(page: Page, app: Flask) -> None:
    held, joined = resources_of(app), new_address()
    make_user(held, joined)
    with write_transaction(held.sessions) as session:
        place = Place(joined, Role.ADMIN, None)
        tokens.issue(session, TokenPurpose.INVITATION, place, token=joined, now=NOW)
    sign_in(page, app, Role.ADMIN)
    invite(page, new_address())
    expect(page.locator("[data-invitation] dd a").first).to_have_text("登録されている人")


def see_user(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.ADMIN)
    user_id = make_user(resources_of(app), new_address(), role=Role.STAFF, has_totp=True)
    page.goto(f"/admin/users/{user_id}")


def invite_badly(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.ADMIN)
    page.goto("/admin/users/invitations/new")
    page.get_by_label("メールアドレス").fill("name")
    page.get_by_role("button", name="招待を送る").click()


def choose_file(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.ADMIN)
    page.goto("/admin/users/invitations/bulk")


def check_file(page: Page, app: Flask) -> None:
    choose_file(page, app)
    rows = f"メールアドレス,権限,実施機関コード\n{new_address()},担当者,m02201\nbad,係長,m9\n"
    path = Path(resources_of(app).settings.data_dir) / "people.csv"
    path.write_text(rows, "cp932")
    page.get_by_label("CSVファイル").set_input_files(path)
    page.get_by_role("button", name="内容を確かめる").click()


def see_staff(page: Page, app: Flask) -> None:
    make_user(resources_of(app), new_address(), role=Role.STAFF)
    sign_in(page, app, Role.APPROVER)
    page.get_by_role("link", name="担当者の管理").click()


def join_badly(page: Page, app: Flask) -> None:
    token = tokens.new_token()
    with write_transaction(resources_of(app).sessions) as session:
        place = Place(new_address(), Role.ADMIN, None)
        tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW)
    page.goto(f"/invitations/{token}")
    page.get_by_label("パスワード", exact=True).fill("aomoriken2026")
    page.get_by_role("button", name="登録する").click()


def open_dead_link(page: Page, app: Flask) -> None:
    page.goto("/invitations/none")


def begin_sign_up(page: Page, app: Flask) -> None:
    page.goto("/signup")
    page.get_by_label("メールアドレス").fill("name")
    page.get_by_role("button", name="確認のメールを送る").click()


def change_email(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.MEMBER)
    page.get_by_role("link", name="メールアドレスを変更する").click()
    page.get_by_label("新しいメールアドレス").fill(new_address())
    page.get_by_label("いまのパスワード").fill(LONG_PASSWORD)
    page.get_by_role("button", name="確認のメールを送る").click()


def begin_to_leave(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.MEMBER)
    page.get_by_role("link", name="会員をやめる").click()


def leave(page: Page, app: Flask) -> None:
    begin_to_leave(page, app)
    page.get_by_label("いまのパスワード").fill(LONG_PASSWORD)
    page.get_by_role("button", name="会員をやめて、すべて消す").click()


def open_new_address(page: Page, app: Flask) -> None:
    held, token = resources_of(app), tokens.new_token()
    user_id = make_user(held, new_address())
    with write_transaction(held.sessions) as session:
        bearer = NewAddress(user_id, new_address())
        tokens.issue(session, TokenPurpose.EMAIL_CHANGE, bearer, token=token, now=NOW)
    page.goto(f"/me/email/{token}")


def open_dead_new_address(page: Page, app: Flask) -> None:
    page.goto("/me/email/none")


def change_email_badly(page: Page, app: Flask) -> None:
    sign_in(page, app, Role.MEMBER)
    page.goto("/me/email")
    page.get_by_role("button", name="確認のメールを送る").click()


def sign_up(page: Page, app: Flask) -> None:
    page.goto("/signup")
    page.get_by_label("メールアドレス").fill(new_address())
    page.get_by_role("button", name="確認のメールを送る").click()


def open_link_of_somebody_known(page: Page, app: Flask) -> None:
    held, token, address = resources_of(app), tokens.new_token(), new_address()
    make_user(held, address)
    with write_transaction(held.sessions) as session:
        place = Place(address, Role.ADMIN, None)
        tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW)
    page.goto(f"/invitations/{token}")


def invite_staff(page: Page, app: Flask) -> None:
    see_staff(page, app)
    page.get_by_role("link", name="招待する", exact=True).click()


def see_clerk(page: Page, app: Flask) -> None:
    see_staff(page, app)
    page.locator("[data-user] a").first.click()


STATES: dict[str, tuple[Callable[[Page, Flask], None], str]] = {
    "users": (see_users, "利用者の管理"),
    "user": (see_user, "佐藤 はな"),
    "bad invitation": (invite_badly, "利用者の招待"),
    "file": (choose_file, "CSVでまとめて招待"),
    "file with faults": (check_file, "招待の確認"),
    "staff": (see_staff, "担当者の管理"),
    "weak password": (join_badly, "利用者の登録"),
    "dead link": (open_dead_link, "このリンクは使えません"),
    "sign-up": (begin_sign_up, "会員登録"),
    "change of address": (change_email, "確認のメールをお送りしました"),
    "leaving": (begin_to_leave, "会員をやめる"),
    "left": (leave, "会員をやめました"),
    "new address": (open_new_address, "メールアドレスの変更"),
    "dead new address": (open_dead_new_address, "このリンクは使えません"),
    "bad new address": (change_email_badly, "メールアドレスの変更"),
    "signed up": (sign_up, "メールをお送りしました"),
    "taken address": (open_link_of_somebody_known, "もう登録されています"),
    "invitation of staff": (invite_staff, "担当者の招待"),
    "clerk": (see_clerk, "佐藤 はな"),
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, app: Flask, name: str) -> None:
    reach, heading = STATES[name]
    reach(page, app)
    expect(page.locator("h1")).to_have_text(heading)
    check_everywhere(page)
    controls = "main button, main .input, main .select, main .button"
    assert too_small_for_a_thumb(page, controls) == []
