"""The demo, served on loopback, and the system's Chromium to look at it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from portal.app import create_app
from portal.config import Settings
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import queries, services
from search_index import SearchUnavailableError
from tests.browser.looks import PHONE
from tests.conftest import (
    NOW,
    MakeDatabase,
    demo_settings,
    make_settings,
    missing_tool,
    resources_of,
)
from tests.demos import copy_demo
from tests.factories import make_agency
from tests.serving import serving
from tests.smtp_server import RunningServer, mail_server

WITHDRAWN = "L000288"
"""The sample that is taken off the public pages, to see what is shown in its place."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file share their server, so they stay in one test process."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def site(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal with the demo in it."""
    with opened(demo_settings(loaded_demo, tmp_path_factory.mktemp("site"))) as app:
        withdraw_one(resources_of(app))
        with serving(app) as address:
            yield address


@pytest.fixture(scope="session")
def site_without_index(
    loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a portal with the demo in it whose index never answers."""

    def search(_query: object) -> None:
        raise SearchUnavailableError("damaged")

    folder = copy_demo(loaded_demo, tmp_path_factory.mktemp("site_without_index"))
    with opened(make_settings(folder)) as app:
        held = resources_of(app)
        held.indexer.rebuild()
        with pytest.MonkeyPatch.context() as patch, serving(app) as address:
            patch.setattr(held.index, "search", search)
            yield address
            while held.recovery.is_running:
                pass


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """A portal whose database is closed when the block ends."""
    app = create_app(settings)
    try:
        yield app
    finally:
        resources_of(app).engine.dispose()


@pytest.fixture(scope="module")
def postbox() -> Iterator[RunningServer]:
    """The mail server that ``offices`` sends to."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def offices(
    tmp_path_factory: pytest.TempPathFactory,
    make_sqlite_database: MakeDatabase,
    postbox: RunningServer,
) -> Iterator[Flask]:
    """A portal with two agencies, no users, and a mail server."""
    settings = make_settings(
        tmp_path_factory.mktemp("offices"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_MAIL_URL=f"smtp://127.0.0.1:{postbox.port}",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    with write_transaction(held.sessions) as session:
        for code, name in (("m02201", "青森市"), ("m02202", "弘前市")):
            make_agency(session, code, name=name, level="municipality", region_code=None)
    yield app
    held.close()


def withdraw_one(held: Resources) -> None:
    with held.sessions.begin() as session:
        listing = queries.get_public(session, WITHDRAWN)
        services.withdraw(session, listing, reason="終了", now=NOW)
    held.indexer.drain(timeout=10)


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    return site


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # The same engine without the windows, which nobody sees and which cost a quarter of its work.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        missing_tool("no Chromium: apt-get install chromium-headless-shell")
    return {
        "executable_path": chromium,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture
def browser_context_args(base_url: str) -> dict[str, Any]:
    """A phone in Japan; tests that want another size set it."""
    return {
        "base_url": base_url,
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": PHONE,
        "has_touch": True,
    }


@pytest.fixture(autouse=True)
def no_complaints(context: BrowserContext) -> Iterator[None]:
    """Fails a test whose page raised an error, broke the CSP or asked another host."""
    complaints = complaints_in(context)
    yield
    assert complaints == []


def complaints_in(context: BrowserContext) -> list[str]:
    """What goes wrong from now on in the pages of a browser."""
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        page.on(
            "request",
            lambda asked: (
                complaints.append(asked.url)
                if not asked.url.startswith(("http://127.0.0.1:", "data:"))
                else None
            ),
        )

    context.on("page", watch)
    return complaints
