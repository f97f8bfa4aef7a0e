"""Files of a listing in a real browser: given by keyboard, without JavaScript, and opened."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from portal.accounts.permissions import Role
from portal.app import create_app
from portal.db import write_transaction
from portal.listings import services
from portal.listings.models import Listing, listing_id_of
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import serving
from tests.browser.looks import (
    PHONE,
    check_everywhere,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)
from tests.conftest import NOW, MakeDatabase, make_settings, resources_of
from tests.portal.attachments.pdfs import GOOD, pdf
from tests.portal.attachments.people import own_listing, page_of

CLERK = "clerk@city.example.jp"
LONG_NAME = "令和8年度小規模事業者支援補助金募集要項" * 3 + "_final-version" * 3 + ".pdf"
SCRIPT = pdf(root=b"/OpenAction<</S/JavaScript/JS(x)>>")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with somebody who writes, and nothing written yet."""
    settings = make_settings(
        tmp_path_factory.mktemp("attachments"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    resources_of(app).indexer.rebuild()
    make_user(resources_of(app), CLERK, role=Role.STAFF)
    return app


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def public_id(app: Flask) -> str:
    return own_listing(resources_of(app))


def enter(page: Page, path: str) -> None:
    """Sign in, on the way to a page."""
    page.goto(path)
    page.get_by_label("メールアドレス").fill(CLERK)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.locator("h1")).to_have_text("添付ファイル")


def give(page: Page, name: str, content: bytes) -> None:
    """Choose a file and send it by keyboard."""
    file = FilePayload(name=name, mimeType="application/pdf", buffer=content)
    page.get_by_label("PDFファイル").set_input_files(file)
    page.get_by_role("button", name="付ける").press("Enter")


def test_clerk_mends_what_is_wrong_and_everybody_opens_the_file(
    page: Page, app: Flask, public_id: str
) -> None:
    enter(page, page_of(public_id))
    check_everywhere(page)
    give(page, "要項.pdf", SCRIPT)
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_contain_text("JavaScript")
    check_everywhere(page)
    page.locator("#problems a").press("Enter")
    expect(page.get_by_label("PDFファイル")).to_be_focused()
    give(page, LONG_NAME, GOOD)
    expect(page.locator("[data-attachment]")).to_have_count(1)
    check_everywhere(page)
    assert headings_that_skip_a_level(page) == []
    assert too_small_for_a_thumb(page, "main button, main .input, main .button") == []
    held = resources_of(app)
    with write_transaction(held.sessions) as session:
        services.publish(session, session.get_one(Listing, listing_id_of(public_id)), now=NOW)
    page.goto(f"/listings/{public_id}")
    check_everywhere(page)
    with page.expect_download() as download:
        page.locator("[data-attachment] a").click()
    assert download.value.suggested_filename == LONG_NAME
    assert download.value.path().read_bytes() == GOOD


def test_files_are_given_and_removed_without_javascript(
    browser: Browser, base_url: str, public_id: str
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    enter(page, page_of(public_id))
    give(page, "様式.pdf", b"x")
    expect(page.locator("#file-error")).to_contain_text("PDFではありません")
    give(page, "様式.pdf", GOOD)
    expect(page.locator("[data-attachment]")).to_contain_text("PDF・1KB・1ページ")
    page.get_by_role("button", name="外す").click()
    expect(page.locator("[data-attachment]")).to_have_count(0)
    context.close()
