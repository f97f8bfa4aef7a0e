"""What accounts are for, done on a phone whose browser runs no JavaScript: each test is one person
from the first page to the last."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from portal.accounts.permissions import Role
from tests.accounts import LONG_PASSWORD, make_user, recovery_codes
from tests.browser.conftest import serving
from tests.browser.people import give_password, letter_to, new_address, sign_in, unfold
from tests.conftest import resources_of
from tests.portal.accounts.mailbox import link_in
from tests.smtp_server import RunningServer

NEW = "雪の日の黄色い長靴と砂時計"
NEWER = "港の灯台と青い自転車と古い地図"


@pytest.fixture(scope="module")
def base_url(offices: Flask) -> Iterator[str]:
    with serving(offices) as address:
        yield address


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"java_script_enabled": False}


@pytest.fixture
def second(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Another device."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def push(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def expect_heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text)


def expect_said(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(text)


def expect_problem(page: Page, text: str) -> None:
    """Told in the summary, which has the focus, and in the title."""
    expect(page.locator("#problems")).to_contain_text(text)
    expect(page.locator("#problems")).to_be_focused()
    expect(page).to_have_title(re.compile("^エラー: "))


def saved(page: Page, name: str) -> str:
    """The text of the file that a button gives."""
    with page.expect_download() as download:
        push(page, name)
    return download.value.path().read_text("utf-8-sig")


def sign_out(page: Page) -> None:
    page.locator(".account-menu summary").click()
    page.locator(".account-menu").get_by_role("button", name="ログアウト").click()
    expect(page.locator(".account-link")).to_be_visible()


def test_owner_joins_looks_after_the_account_and_leaves(
    page: Page, second: Page, offices: Flask, postbox: RunningServer
) -> None:
    address, other = new_address(), new_address()
    page.goto("/login")
    expect(page.get_by_text("パスワードを表示する")).to_be_hidden()
    follow(page, "会員登録")
    push(page, "確認のメールを送る")
    expect_problem(page, "メールアドレスを入れてください。")
    page.get_by_label("メールアドレス").fill(address)
    push(page, "確認のメールを送る")
    expect_heading(page, "メールをお送りしました")
    page.goto(link_in(letter_to(offices, postbox, address), "/signup"))
    page.get_by_label("名前").fill("りんご商店")
    page.get_by_label("パスワード", exact=True).fill("ringo")
    push(page, "登録する")
    expect_problem(page, "12文字以上")
    expect(page.get_by_label("名前")).to_have_value("りんご商店")
    page.get_by_label("パスワード", exact=True).fill(NEW)
    push(page, "登録する")
    expect_said(page, "登録しました。")

    give_password(second, address, "wrong")
    expect_problem(second, "メールアドレスかパスワードが違います。")
    give_password(second, address, NEW)
    expect_heading(second, "マイページ")
    page.reload()
    expect(page.locator("[data-session]")).to_have_count(2)
    push(page, "ほかの端末をすべてログアウト")
    expect(page.locator("[data-session]")).to_have_count(1)
    second.reload()
    expect_heading(second, "ログイン")

    page.get_by_label("名前").fill("りんごの店")
    push(page, "名前を変更する")
    expect(page.locator(".account-menu__text")).to_have_text("りんごの店")
    assert address in saved(page, "自分のデータを書き出す")
    follow(page, "メールアドレスを変更する")
    page.get_by_label("新しいメールアドレス").fill(other)
    page.get_by_label("いまのパスワード").fill("wrong")
    push(page, "確認のメールを送る")
    expect_problem(page, "パスワードが違います")
    expect(page.get_by_label("新しいメールアドレス")).to_have_value(other)
    page.get_by_label("いまのパスワード").fill(NEW)
    push(page, "確認のメールを送る")
    page.goto(link_in(letter_to(offices, postbox, other), "/me/email"))
    push(page, "このアドレスに変更する")
    expect_said(page, f"メールアドレスを {other} に変更しました。")
    follow(page, "パスワードを変更する")
    page.get_by_label("いまのパスワード").fill(NEW)
    page.get_by_label("新しいパスワード").fill(NEWER)
    push(page, "変更する")
    expect_said(page, "パスワードを変更しました。")
    sign_out(page)

    give_password(page, other, NEWER)
    follow(page, "会員をやめる")
    page.get_by_label("いまのパスワード").fill(NEWER)
    push(page, "会員をやめて、すべて消す")
    expect_heading(page, "会員をやめました")
    give_password(page, other, NEWER)
    expect_problem(page, "メールアドレスかパスワードが違います。")


def test_clerk_without_password_and_app_comes_in_again(
    page: Page, offices: Flask, postbox: RunningServer
) -> None:
    address, held = new_address(), resources_of(offices)
    clerk = make_user(held, address, role=Role.STAFF, has_totp=True)
    first, second, *_ = recovery_codes(held, clerk)
    page.goto("/login")
    follow(page, "パスワードを忘れたとき")
    page.get_by_label("メールアドレス").fill(address)
    push(page, "リンクを送る")
    expect_heading(page, "メールをお送りしました")
    link = link_in(letter_to(offices, postbox, address), "/password-reset")
    page.goto(link)
    page.get_by_label("新しいパスワード").fill("aomoriken2026")
    push(page, "このパスワードにする")
    expect(page.locator("#new_password-error")).to_be_visible()
    page.get_by_label("新しいパスワード").fill(NEW)
    push(page, "このパスワードにする")
    expect_said(page, "パスワードを変更しました。")
    page.goto(link)
    expect_heading(page, "このリンクは使えません")
    follow(page, "ログインへ")

    give_password(page, address, NEW)
    page.locator("summary", has_text="認証アプリが使えないとき").click()
    expect(page.get_by_text("「回復コード」")).to_be_visible()
    page.get_by_label("確認コード").fill("000000")
    push(page, "確認する")
    expect_problem(page, "確認コードが違うか、もう使われています。")
    page.get_by_label("確認コード").fill(first)
    push(page, "確認する")
    expect(page.get_by_text("残り9個")).to_be_visible()
    follow(page, "回復コードを作り直す")
    page.get_by_label("いまのパスワード").fill(NEW)
    push(page, "作り直す")
    newest = page.locator("[data-recovery-code]").first.text_content() or ""
    follow(page, "控えたので先へ進む")
    expect(page.get_by_text("残り10個")).to_be_visible()
    sign_out(page)

    give_password(page, address, NEW)
    page.get_by_label("確認コード").fill(second)
    push(page, "確認する")
    expect_problem(page, "確認コードが違うか、もう使われています。")
    page.get_by_label("確認コード").fill(newest)
    push(page, "確認する")
    expect_heading(page, "マイページ")


def test_admin_looks_after_people(
    page: Page, second: Page, offices: Flask, postbox: RunningServer, tmp_path: Path
) -> None:
    invited, from_file = new_address(), new_address()
    sign_in(second, offices, Role.STAFF, name="工藤 つがる")
    sign_in(page, offices, Role.ADMIN)
    follow(page, "利用者の管理")
    follow(page, "招待する")
    page.get_by_label("メールアドレス").fill(invited)
    push(page, "招待を送る")
    expect_problem(page, "権限を選んでください。")
    expect(page.get_by_label("メールアドレス")).to_have_value(invited)
    page.get_by_label("権限").select_option(label="承認者")
    page.get_by_label("実施機関").select_option(label="弘前市")
    push(page, "招待を送る")
    expect_said(page, f"{invited} に招待を送りました。")
    old = link_in(letter_to(offices, postbox, invited), "/invitations")
    push(page, "もう一度送る")
    expect_said(page, "前のリンクは使えません。")
    newer = link_in(letter_to(offices, postbox, invited, of=2), "/invitations")
    push(page, "取り消す")
    expect_said(page, "招待を取り消しました。")
    for link in (old, newer):
        second.goto(link)
        expect_heading(second, "このリンクは使えません")

    follow(page, "CSVでまとめて招待する")
    file = tmp_path / "people.csv"
    rows = f"メールアドレス,権限,実施機関コード\n{from_file},担当者,m02201\nbad,係長,m9\n"
    file.write_text(rows, "cp932")
    page.get_by_label("CSVファイル").set_input_files(file)
    push(page, "内容を確かめる")
    expect_problem(page, "2人のうち、招待できるのは1人です。")
    push(page, "直すところのない1人に招待を送る")
    expect_said(page, "1人に招待を送りました。")
    assert "青森市" in letter_to(offices, postbox, from_file)

    page.get_by_label("名前・メールアドレス").fill("つがる")
    page.get_by_label("権限").select_option(label="担当者")
    push(page, "しぼり込む")
    expect(page.locator("[data-user]")).to_have_count(1)
    assert "工藤 つがる" in saved(page, "CSVで書き出す")
    follow(page, "工藤 つがる")
    push(page, "変更する")
    expect_said(page, "いまのままです。")
    page.get_by_label("実施機関", exact=True).select_option(label="なし")
    push(page, "変更する")
    expect_problem(page, "実施機関")
    page.get_by_label("実施機関", exact=True).select_option(label="弘前市")
    push(page, "変更する")
    expect_said(page, "権限と実施機関を変更しました。")
    second.goto("/me")
    expect_heading(second, "ログイン")
    push(page, "2段階認証を解除する")
    expect_said(page, "2段階認証を解除しました。")
    push(page, "利用を止める")
    expect_said(page, "利用を止めました。")
    push(page, "利用を再開する")
    expect_said(page, "利用を再開しました。")


def test_admin_takes_files_searches_the_record_and_wants_a_job(page: Page, offices: Flask) -> None:
    sign_in(page, offices, Role.ADMIN)
    follow(page, "管理者のページ")
    unfold(page, "実施機関")
    page.get_by_label("名前・ふりがな・コード").fill("m02202")
    push(page, "しぼり込む")
    expect(page.locator("[data-agency]")).to_have_count(1)
    assert "弘前市" in saved(page, "CSVで書き出す")

    unfold(page, "監査記録")
    page.get_by_label("はじめの日").fill("2026-11-21")
    page.get_by_label("おわりの日").fill("2026-11-20")
    push(page, "さがす")
    expect_problem(page, "おわりの日は、はじめの日と同じかあとの日")
    page.get_by_label("おわりの日").fill("")
    page.get_by_label("はじめの日").fill("2026-11-20")
    page.get_by_label("操作", exact=True).select_option(label="データの書き出し")
    push(page, "さがす")
    expect(page.locator("[data-seq]").first).to_contain_text("実施機関")
    assert "実施機関" in saved(page, "この条件の記録をCSVで書き出す")

    unfold(page, "定期の仕事")
    page.locator("[data-job=change-log-prune] button").click()
    expect_said(page, "を頼みました。")
    expect(page.locator("[data-job=change-log-prune] [data-run=wanted]")).to_be_visible()


def test_approver_looks_after_the_staff_of_one_agency(
    page: Page, second: Page, offices: Flask, postbox: RunningServer
) -> None:
    clerk, invited = new_address(), new_address()
    make_user(resources_of(offices), clerk, role=Role.STAFF, name="鈴木 三郎")
    sign_in(page, offices, Role.APPROVER)
    follow(page, "担当者の管理")
    follow(page, "招待する")
    page.get_by_label("メールアドレス").fill("name")
    push(page, "招待を送る")
    expect_problem(page, "メールアドレスは「name@example.jp」の形で入れてください。")
    page.get_by_label("メールアドレス").fill(invited)
    push(page, "招待を送る")
    expect_said(page, f"{invited} に招待を送りました。")
    second.goto(link_in(letter_to(offices, postbox, invited), "/invitations"))
    expect(second.get_by_text("青森市")).to_be_visible()
    row = page.locator("[data-invitation]", has_text=invited)
    row.get_by_role("button", name="取り消す").click()
    expect_said(page, "招待を取り消しました。")
    second.reload()
    expect_heading(second, "このリンクは使えません")

    page.get_by_label("名前・メールアドレス").fill(clerk)
    push(page, "しぼり込む")
    assert clerk in saved(page, "CSVで書き出す")
    follow(page, "鈴木 三郎")
    push(page, "利用を止める")
    expect_said(page, "利用を止めました。")
    give_password(second, clerk, LONG_PASSWORD)
    expect_problem(second, "メールアドレスかパスワードが違います。")
    push(page, "利用を再開する")
    expect_said(page, "利用を再開しました。")
    give_password(second, clerk, LONG_PASSWORD)
    expect_heading(second, "2段階認証を始める")
