"""Signing in at the real server: four workers and a restart count failures together."""

import re
import threading
from collections import Counter
from contextlib import AbstractContextManager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from portal.config import Settings
from portal.demo_accounts import demo_accounts
from portal.installation import initialise
from portal.secret_key import SecretKey
from tests.accounts import FIRST_PAGES, make_user
from tests.conftest import open_resources
from tests.demos import copy_demo
from tests.functional.servers import Served, served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of a portal with one member and nothing else."""
    folder = tmp_path / "data"
    with open_resources(Settings.from_env({"PORTAL_DATA_DIR": str(folder)})) as held:
        initialise(held)
        make_user(held, "victim@firm.example.jp")
    return folder


def four_workers(folder: Path) -> AbstractContextManager[Served]:
    """A portal that is served by four processes."""
    return served(folder, workers=4, PORTAL_JOBS="external")


def browser(url: str) -> tuple[OpenerDirector, str]:
    """A browser with the page of signing in open, and the token of its form."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    with opener.open(f"{url}/login", timeout=30) as page:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    assert found
    return opener, found.group(1)


def try_once(url: str, password: str) -> int:
    """The status of one attempt, made again as long as the portal is too busy to look at it."""
    opener, token = browser(url)
    form = {"email": "victim@firm.example.jp", "password": password, "csrf_token": token}
    while True:
        try:
            with opener.open(f"{url}/login", urlencode(form).encode(), timeout=60) as done:
                return int(done.status)
        except HTTPError as error:
            error.close()
            if error.code != 503:
                return error.code


def test_thirty_at_once_get_ten_attempts_and_a_restart_gives_no_more(folder: Path) -> None:
    statuses: list[int] = []
    with four_workers(folder) as running:
        threads = [
            threading.Thread(target=lambda: statuses.append(try_once(running.url, "wrong")))
            for _ in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    assert Counter(statuses) == {422: 10, 429: 20}
    with four_workers(folder) as running:
        assert [try_once(running.url, "wrong") for _ in range(4)] == [429] * 4


def test_account_of_the_demo_signs_in_at_the_demo(operators_demo: Path, tmp_path: Path) -> None:
    folder = copy_demo(operators_demo, tmp_path / "data")
    with served(folder, PORTAL_REQUIRE_TOTP="0", PORTAL_JOBS="external") as portal:
        for account in demo_accounts(SecretKey((), folder)):
            opener, token = browser(portal.url)
            form = {
                "email": account.email, "password": account.password, "csrf_token": token,
            }  # fmt: skip
            with opener.open(f"{portal.url}/login", urlencode(form).encode(), timeout=60) as page:
                assert page.url == portal.url + FIRST_PAGES[account.role]
            with opener.open(f"{portal.url}/me", timeout=60) as page:
                assert account.role.label in page.read().decode()
