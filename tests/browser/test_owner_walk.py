"""An owner's whole way: kept on a phone without an account, there on every device with one, told
of what changed, and taken to the desk on one page.

Real worker processes serve, and mail goes to a real server; people go by what they see.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.permissions import Role
from portal.extensions import Resources
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import complaints_in
from tests.conftest import NOW, MakeDatabase, make_settings, open_resources
from tests.factories import make_agency, make_listing
from tests.functional.servers import served
from tests.portal.alerts.alert_pages import run
from tests.portal.sheets.reading import code_on, opened
from tests.smtp_server import MailSink, mail_server

APPROVER, OWNER = "approver@city.example.jp", "ringo@shop.example.jp"
TITLES = [f"雪室りんごの{what}補助金（見本）" for what in ("設備", "販路", "人材", "創業")]
CLOSES = date(2026, 12, 25)
SAID = {"date_state": "window", "closes_on": CLOSES, "tel": "017-000-0000"}
QUIET = timedelta(minutes=11)

NewContext = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Portal:
    """Where it is served, and its mail."""

    url: str
    later: Resources
    """Its data, some minutes on."""
    postbox: MailSink
    news: threading.Condition

    def first_letter(self, subject: str) -> str:
        """The text of the first such mail to the owner, once it has come."""
        with self.news:
            assert self.news.wait_for(lambda: self.letters(subject), timeout=60)
        return self.letters(subject)[0]

    def letters(self, subject: str) -> list[str]:
        """The texts of the mails that the owner got with such a subject."""
        return [
            taken.text()
            for taken in self.postbox.taken
            if taken.recipients == (OWNER,) and subject in str(taken.message["Subject"])
        ]

    def run_jobs(self) -> None:
        """What is done when all have been quiet for a while, and the mail that comes of it."""
        run(self.later, "favorite-change-mail")
        run(self.later, "mail-send")


@pytest.fixture
def portal(tmp_path: Path, make_sqlite_database: MakeDatabase) -> Iterator[Portal]:
    """A portal with four notices of one city, served by two workers; jobs run when told to."""
    news = threading.Condition()

    def tell() -> None:
        with news:
            news.notify_all()

    with mail_server() as postbox:
        postbox.sink.on_taken = tell
        settings = {
            "PORTAL_DATABASE_URL": make_sqlite_database(),
            "PORTAL_SEARCH_URL": f"whoosh:{tmp_path}/data/index",
            "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{postbox.port}",
            "PORTAL_REQUIRE_TOTP": "0",
        }
        with open_resources(make_settings(tmp_path / "data", **settings)) as held:
            with held.sessions() as session:
                agency = make_agency(session, "m02201", name="青森市", level="municipality")
                for title in TITLES:
                    make_listing(session, agency=agency, title=title, **SAID)
            held.indexer.rebuild()
            make_user(held, APPROVER, role=Role.APPROVER, name="工藤 りん")
        later = {"PORTAL_CLOCK": (NOW + QUIET).isoformat()}
        now = {"PORTAL_CLOCK": NOW.isoformat(), "PORTAL_JOBS": "external"}
        with (
            open_resources(make_settings(tmp_path / "data", **settings, **later)) as held,
            served(tmp_path / "data", **settings, **now) as running,
        ):
            yield Portal(running.url, held, postbox.sink, news)


@pytest.fixture
def base_url(portal: Portal) -> str:
    return portal.url


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    press(page, "ログイン")
    expect(page.locator("h1")).not_to_have_text("ログイン")


def kept(page: Page) -> list[str]:
    """The ids on the page of favourites."""
    page.goto("/favorites")
    items = page.locator("main [data-listing-id]").all()
    return sorted(str(item.get_attribute("data-listing-id")) for item in items)


def keep_three(page: Page) -> list[str]:
    """By a search, without an account."""
    page.goto("/")
    page.get_by_role("combobox", name=re.compile("お困り")).fill("雪室りんご")
    press(page, "検索")
    page.wait_for_url("**/search?*")
    for title in TITLES[:3]:
        button = page.get_by_role("button", name=title)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    return kept(page)


def sign_up(page: Page, portal: Portal) -> None:
    """From the page of favourites to an account, by the link in the mail."""
    page.get_by_role("link", name="会員登録").first.click()
    page.get_by_label("メールアドレス").fill(OWNER)
    press(page, "確認のメールを送る")
    expect(page.locator("h1")).to_have_text("メールをお送りしました")
    found = re.search(r"http://\S+", portal.first_letter("会員登録"))
    assert found
    page.goto(found.group())
    page.get_by_label("名前").fill("雪室りんご園")
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    press(page, "登録する")
    expect(page.get_by_text("登録しました。").first).to_be_visible()


def put_off_deadline(page: Page, public_id: str) -> None:
    """As a clerk who may publish does."""
    sign_in(page, APPROVER)
    page.goto(f"/staff/listings/{public_id}/edit")
    page.get_by_label("締切（この日まで）").first.fill("2027-01-15")
    page.locator("button[value=publish]").click()
    expect(page.get_by_role("status").filter(has_text="公開しました。")).to_be_visible()


def deadlines(calendar: str) -> dict[str, date]:
    """The days of a calendar by the listing they are of, as another parser reads them."""
    events = vobject.readOne(calendar).contents.get("vevent", [])
    return {str(event.url.value).rsplit("/", 1)[-1]: event.dtstart.value for event in events}


def fetched(page: Page, path: str) -> bytes:
    """A file, as whoever is signed in on this page gets it."""
    response = page.request.get(path)
    assert response.ok
    return response.body()


def test_owner_keeps_is_told_and_takes_one_page_along(
    page: Page, new_context: NewContext, portal: Portal
) -> None:
    ids = keep_three(page)
    assert len(ids) == 3
    sign_up(page, portal)
    assert kept(page) == ids

    browsers = [new_context() for _ in range(2)]
    complaints = [complaints_in(browser) for browser in browsers]
    second, clerk = (browser.new_page() for browser in browsers)
    sign_in(second, OWNER)
    assert kept(second) == ids
    assert set(deadlines(fetched(second, "/favorites.ics").decode()).values()) == {CLOSES}

    put_off_deadline(clerk, ids[0])
    kept(second)
    changed = second.locator(f"[data-listing-id={ids[0]}]")
    expect(changed).to_contain_text("変わったこと")
    expect(changed).to_contain_text("2027年1月15日")
    for _ in range(2):
        portal.run_jobs()
    (told,) = portal.letters("お気に入り")
    assert f"/listings/{ids[0]}" in told
    assert "2027年1月15日" in told
    days = deadlines(fetched(second, "/favorites.ics").decode())
    assert days == {ids[0]: date(2027, 1, 15), ids[1]: CLOSES, ids[2]: CLOSES}

    for box in second.locator("main [data-listing-id] input[type=checkbox]").all():
        box.check()
    press(second, "相談シートをつくる")
    link = second.get_by_role("link", name=re.compile("PDF")).first
    sheet = fetched(second, str(link.get_attribute("href")))
    with opened(sheet) as document:
        assert len(document) == 1
    stranger = new_context().new_page()
    stranger.goto(code_on(sheet))
    items = stranger.locator("main [data-listing-id]").all()
    assert sorted(str(item.get_attribute("data-listing-id")) for item in items) == ids
    assert complaints == [[], []]
