"""Signing in and one's own account in a real browser: by thumb, by keyboard, without JavaScript."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from portal.accounts import queries, second_factor
from portal.accounts.permissions import Role
from portal.app import create_app
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from tests.accounts import LONG_PASSWORD, code_at, make_user
from tests.browser.conftest import serving
from tests.browser.looks import PHONE, check_everywhere, findings, too_small_for_a_thumb
from tests.browser.people import give_password
from tests.conftest import NOW, MakeDatabase, make_settings, resources_of
from tests.portal.accounts.test_password_reset import issue

_numbers = count()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    folder = tmp_path_factory.mktemp("accounts")
    app = create_app(make_settings(folder, PORTAL_DATABASE_URL=make_sqlite_database()))
    resources_of(app).indexer.rebuild()
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def new_user(app: Flask, role: Role = Role.MEMBER, *, has_totp: bool = False) -> str:
    """The address of a user nobody has signed in as: codes of a stopped clock are good once."""
    email = f"user-{next(_numbers)}@town.example.jp"
    make_user(resources_of(app), email, role=role, has_totp=has_totp)
    return email


def enrol(page: Page, app: Flask) -> None:
    give_password(page, new_user(app, Role.STAFF))


def finish_enrolment(page: Page, app: Flask) -> None:
    enrol(page, app)
    secret = str(page.locator("[data-secret]").text_content()).replace(" ", "")
    page.get_by_label("確認コード").fill(code_at(NOW, secret))
    page.get_by_role("button", name="登録する").click()


def see_own_page(page: Page, app: Flask) -> None:
    give_password(page, new_user(app))


def open_menu(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.locator(".account-menu summary").click()


def mistake_password(page: Page, app: Flask) -> None:
    give_password(page, "nobody@town.example.jp", "wrong")


def ask_for_code(page: Page, app: Flask) -> None:
    give_password(page, new_user(app, Role.STAFF, has_totp=True))
    page.get_by_label("確認コード").fill("000000")
    page.get_by_role("button", name="確認する").click()


def ask_for_link(page: Page, app: Flask) -> None:
    page.goto("/password-reset")
    page.get_by_label("メールアドレス").fill("nobody@town.example.jp")
    page.get_by_role("button", name="リンクを送る").click()


def choose_weak_password(page: Page, app: Flask) -> None:
    held = resources_of(app)
    user_id = make_user(held, f"user-{next(_numbers)}@town.example.jp")
    page.goto(f"/password-reset/{issue(held, user_id)}")
    page.get_by_label("新しいパスワード").fill("aomoriken2026")
    page.get_by_role("button", name="このパスワードにする").click()


def lose_session(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.get_by_label("名前").fill("新しい名前")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="名前を変更する").click()


def change_weakly(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.get_by_role("link", name="パスワードを変更する").click()
    page.get_by_label("新しいパスワード").fill("aomoriken2026")
    page.get_by_role("button", name="変更する").click()


def offer_app(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.get_by_role("link", name="2段階認証を始める").click()


def see_own_page_with_app(page: Page, app: Flask) -> None:
    give_password(page, new_user(app, has_totp=True))
    page.get_by_label("確認コード").fill(code_at(NOW))
    page.get_by_role("button", name="確認する").click()


def begin_to_drop_app(page: Page, app: Flask) -> None:
    see_own_page_with_app(page, app)
    page.get_by_role("link", name="2段階認証をやめる").click()


def begin_to_renew_codes(page: Page, app: Flask) -> None:
    see_own_page_with_app(page, app)
    page.get_by_role("link", name="回復コードを作り直す").click()
    page.get_by_label("いまのパスワード").fill("wrong")
    page.get_by_role("button", name="作り直す").click()


def replace_app(page: Page, app: Flask) -> None:
    see_own_page_with_app(page, app)
    page.get_by_role("link", name="認証アプリを入れ替える").click()


def lose_token(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.get_by_label("名前").fill("新しい名前")
    page.context.clear_cookies(name="form")
    page.get_by_role("button", name="名前を変更する").click()


def go_astray(page: Page, app: Flask) -> None:
    see_own_page(page, app)
    page.goto("/admin")


STATES: dict[str, tuple[Callable[[Page, Flask], None], str]] = {
    "wrong password": (mistake_password, "ログイン"),
    "code": (ask_for_code, "2段階認証"),
    "enrolment": (enrol, "2段階認証を始める"),
    "recovery codes": (finish_enrolment, "回復コードを控えてください"),
    "own page": (see_own_page, "マイページ"),
    "menu": (open_menu, "マイページ"),
    "weak password": (change_weakly, "パスワードの変更"),
    "new app": (offer_app, "2段階認証を始める"),
    "link sent": (ask_for_link, "メールをお送りしました"),
    "weak new password": (choose_weak_password, "新しいパスワード"),
    "session lost": (lose_session, "ログイン"),
    "own page with app": (see_own_page_with_app, "マイページ"),
    "without app": (begin_to_drop_app, "2段階認証をやめる"),
    "new codes": (begin_to_renew_codes, "回復コードを作り直す"),
    "other app": (replace_app, "認証アプリを入れ替える"),
    "token lost": (lose_token, "もう一度送信してください"),
    "forbidden": (go_astray, "このページは見られません"),
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, app: Flask, name: str) -> None:
    reach, heading = STATES[name]
    reach(page, app)
    expect(page.locator("h1")).to_have_text(heading)
    check_everywhere(page)
    controls = (
        "main button, main .input, main .button, .account-menu summary, .account-menu__list a"
    )
    assert too_small_for_a_thumb(page, controls) == []


def test_clerk_signs_in_by_keyboard_alone(page: Page, app: Flask) -> None:
    email = new_user(app, Role.APPROVER, has_totp=True)
    page.goto("/login")
    page.get_by_label("メールアドレス").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(LONG_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("2段階認証")
    page.get_by_label("確認コード").focus()
    page.keyboard.type(code_at(NOW))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("担当者のページ")
    page.locator(".account-menu summary").focus()
    page.keyboard.press("Enter")
    # Past the own page and the desk.
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".account-link")).to_be_visible()


def test_clerk_sets_up_the_second_factor_without_javascript(
    browser: Browser, base_url: str, app: Flask
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    finish_enrolment(page, app)
    assert page.locator("[data-recovery-code]").count() == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="ファイルに保存する").click()
    saved = download.value.path().read_text("ascii").split()
    assert saved == page.locator("[data-recovery-code]").all_text_contents()
    page.get_by_role("link", name="控えたので先へ進む").click()
    expect(page.locator("h1")).to_have_text("担当者のページ")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="ログアウト", exact=True).first.click()
    expect(page.locator(".account-link")).to_be_visible()
    context.close()


def test_what_is_wrong_is_focused_and_leads_to_its_field(page: Page, app: Flask) -> None:
    change_weakly(page, app)
    expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems a").last.click()
    expect(page.get_by_label("新しいパスワード")).to_be_focused()


def test_password_can_be_seen_and_goes_hidden(page: Page, app: Flask) -> None:
    page.goto("/login")
    page.get_by_label("パスワード", exact=True).fill("見える")
    box = page.get_by_label("パスワードを表示する")
    box.check()
    assert page.locator("#password").get_attribute("type") == "text"
    box.uncheck()
    assert page.locator("#password").get_attribute("type") == "password"


def test_typed_text_survives_a_session_that_ended(page: Page, app: Flask) -> None:
    email = new_user(app)
    give_password(page, email)
    page.get_by_label("名前").fill("りんご 太郎")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="名前を変更する").click()
    expect(page.get_by_text("入力した内容は残っています")).to_be_visible()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("button", name="入力した内容を送信する").click()
    expect(page.locator(".account-menu__text")).to_have_text("りんご 太郎")


def test_second_click_while_the_first_is_under_way_is_not_sent(page: Page, app: Flask) -> None:
    held = resources_of(app)
    email = f"user-{next(_numbers)}@town.example.jp"
    user_id = make_user(held, email)
    page.goto(f"/password-reset/{issue(held, user_id)}")
    page.get_by_label("新しいパスワード").fill("雪の日の黄色い長靴と砂時計")
    # Clicked once more while the first is on its way, by which the link is used up.
    sent: list[Route] = []
    page.route("**/password-reset/*", lambda route: sent.append(route))
    button = page.get_by_role("button", name="このパスワードにする")
    button.evaluate("b => new Promise(done => {b.click(); setTimeout(() => done(b.click()), 200)})")
    for route in sent:
        route.continue_()
    assert len(sent) == 1
    expect(page.get_by_role("status")).to_contain_text("パスワードを変更しました")
    give_password(page, email, "雪の日の黄色い長靴と砂時計")
    expect(page.locator("h1")).to_have_text("マイページ")


def test_page_that_gives_a_form_back_is_as_good_as_others(page: Page, app: Flask) -> None:
    email, held = new_user(app, Role.STAFF, has_totp=True), resources_of(app)
    give_password(page, email)
    page.get_by_label("確認コード").fill(code_at(NOW))
    page.get_by_role("button", name="確認する").click()
    expect(page.locator("h1")).to_have_text("担当者のページ")
    page.goto("/me")
    # Their second factor is reset while they type.
    with write_transaction(held.sessions) as session:
        clerk = queries.get_by_email(session, email)
        second_factor.reset(session, clerk, actor=OPERATOR, now=NOW)
    page.get_by_role("button", name="名前を変更する").click()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    secret = str(page.locator("[data-secret]").text_content()).replace(" ", "")
    page.get_by_label("確認コード").fill(code_at(NOW, secret))
    page.get_by_role("button", name="登録する").click()
    expect(page.locator("h1")).to_have_text("回復コードを控えてください")
    page.get_by_text("送信する内容を見る").click()
    expect(page.locator("[data-kept]")).to_contain_text("佐藤 はな")
    assert findings(page) == []
    page.get_by_role("button", name="入力した内容を送信する").click()
    expect(page.locator("h1")).to_have_text("マイページ")
