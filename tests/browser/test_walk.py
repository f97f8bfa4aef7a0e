"""A notice on its whole way: written on a phone, sent back, mended, published, found, changed.

Real worker processes serve, and mail goes to a real server; people go by what they see.
"""

import queue
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.permissions import Role
from portal.db import write_transaction
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import complaints_in
from tests.browser.looks import DESKTOP
from tests.conftest import MakeDatabase, make_settings, open_resources
from tests.factories import make_agency
from tests.functional.servers import VISIBLE_WITHIN_S, Served, served, shown_by_all
from tests.smtp_server import Taken, mail_server

CLERK, APPROVER = "clerk@city.example.jp", "approver@city.example.jp"
TITLE = "雪室りんごの設備補助金（見本）"
COMMENT = "問い合わせの電話番号を書いてください。"

NewContext = Callable[..., BrowserContext]


class Letters:
    """What the mail server takes, one after the other."""

    def __init__(self) -> None:
        self._taken: queue.Queue[Taken] = queue.Queue()
        self.put = self._taken.put

    def next(self, *, to: str, subject: str, about: str = "") -> str:
        """Where the link of the next mail leads, which must be this one."""
        letter = self._taken.get(timeout=60)
        assert letter.recipients == (to,)
        assert letter.message["Subject"] == f"【あおビズサーチ】{subject}: {TITLE}"
        assert about in letter.text()
        found = re.search(r"http://\S+", letter.text())
        assert found
        return found.group()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def portal(
    tmp_path: Path, make_sqlite_database: MakeDatabase, letters: Letters
) -> Iterator[Served]:
    """A portal of one city that approves what its clerks write, served by two workers."""
    with mail_server() as postbox:
        postbox.sink.on_taken = lambda: letters.put(postbox.sink.taken[-1])
        settings = {
            "PORTAL_DATABASE_URL": make_sqlite_database(),
            "PORTAL_SEARCH_URL": f"whoosh:{tmp_path}/data/index",
            "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{postbox.port}",
            "PORTAL_REQUIRE_TOTP": "0",
        }
        with open_resources(make_settings(tmp_path / "data", **settings)) as held:
            held.indexer.rebuild()
            with write_transaction(held.sessions) as session:
                make_agency(session, "m02201", name="青森市", level="municipality")
            make_user(held, CLERK, role=Role.STAFF, name="佐藤 はな")
            make_user(held, APPROVER, role=Role.APPROVER, name="工藤 りん")
            clock = held.clock.now().isoformat()
        with served(tmp_path / "data", PORTAL_CLOCK=clock, **settings) as running:
            yield running


@pytest.fixture
def base_url(portal: Served) -> str:
    return portal.url


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def expect_told(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    press(page, "ログイン")


def write_notice(page: Page) -> None:
    """From signing in to the button that asks for approval."""
    page.goto("/")
    follow(page, "ログイン")
    sign_in(page, CLERK)
    follow(page, "担当者のページ")
    follow(page, "新しく書く")
    page.get_by_label("制度の名前").fill(TITLE)
    page.get_by_label("概要").fill("雪室でりんごを貯える設備の費用の半分を補助します。")
    page.get_by_label("支援の種類").select_option("補助金・助成金")
    for choice in ("設備投資", "全業種", "青森県全域"):
        page.get_by_role("checkbox", name=choice).first.check()
    page.get_by_role("radio", name="受付期間あり").check()
    page.get_by_label("締切（この日まで）").first.fill("2027-09-30")
    page.get_by_label("メール").fill("shoko@city.example.jp")
    press(page, "確認を依頼する")
    expect_told(page, "確認を依頼しました。")


def send_back(page: Page, address: str) -> None:
    """From the link in the mail, signing in on the way; what it says is read first."""
    page.goto(address)
    sign_in(page, APPROVER)
    below = page.locator("[data-acts=below]")
    below.get_by_label("直してほしいこと").fill(COMMENT)
    below.get_by_role("button", name="差し戻す").click()
    expect_told(page, "差し戻しました。")


def mend(page: Page, address: str, field: str, value: str) -> None:
    """From a page of the listing to the button that asks for approval, through one field."""
    page.goto(address)
    follow(page, "編集する")
    page.get_by_label(field).first.fill(value)
    press(page, "確認を依頼する")
    expect_told(page, "確認を依頼しました。")


def publish(page: Page, address: str) -> float:
    """From the link in the mail; when it was told that the listing is public."""
    page.goto(address)
    page.locator("[data-acts=below]").get_by_role("button", name="公開する").click()
    expect_told(page, "公開しました。")
    return time.monotonic()


def find_notice(page: Page, portal: Served, published: float) -> None:
    """As an owner does, who looks again until it is there; and on every worker."""
    page.goto("/")
    page.get_by_role("combobox", name=re.compile("お困り")).fill("雪室りんご")
    press(page, "検索")
    page.wait_for_url("**/search?*")
    asked = published
    while not page.get_by_role("link", name=TITLE).count():
        assert asked < published + VISIBLE_WITHIN_S, "not found in time"
        asked = time.monotonic()
        page.reload()
    shown_by_all(portal, "/search?q=雪室りんご", 'data-listing-id="L000001"', since=published)


def test_notice_goes_its_whole_way(
    page: Page, new_context: NewContext, portal: Served, letters: Letters
) -> None:
    browsers = [new_context() for _ in range(2)]
    complaints = [complaints_in(browser) for browser in browsers]
    approver, owner = (browser.new_page() for browser in browsers)
    approver.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    write_notice(page)
    send_back(approver, letters.next(to=APPROVER, subject="確認のお願い"))
    returned = letters.next(to=CLERK, subject="直してほしいところがあります", about=COMMENT)
    mend(page, returned, "電話", "017-000-0000")
    published = publish(approver, letters.next(to=APPROVER, subject="確認のお願い"))
    find_notice(owner, portal, published)
    own_page = letters.next(to=CLERK, subject="公開されました")

    mend(page, own_page, "締切（この日まで）", "2027-10-15")
    follow(owner, TITLE)
    expect(owner.locator("main")).to_contain_text("2027年9月30日（木）まで")
    publish(approver, letters.next(to=APPROVER, subject="確認のお願い"))
    owner.reload()
    expect(owner.locator("main")).to_contain_text("2027年10月15日（金）まで")
    follow(owner, "変更の履歴")
    expect(owner).to_have_url(re.compile(r"/listings/L\d{6}/history$"))
    lines = owner.get_by_role("list").get_by_text("締切")
    expect(lines).to_have_text(["締切：2027年9月30日（木） → 2027年10月15日（金）"])
    assert complaints == [[], []]
