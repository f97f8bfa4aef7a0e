"""Signing in at the real server: four workers and a restart count failures together."""

import os
import re
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
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
from tests.accounts import make_user
from tests.conftest import open_resources
from tests.functional.processes import workers_of
from tests.functional.test_serve import PORTAL, answers, free_port, wait


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of a portal with one member and nothing else."""
    folder = tmp_path / "data"
    with open_resources(Settings.from_env({"PORTAL_DATA_DIR": str(folder)})) as held:
        initialise(held)
        make_user(held, "victim@firm.example.jp")
    return folder


@contextmanager
def four_workers(folder: Path) -> Iterator[str]:
    """The address of a portal that is served by four processes."""
    environ = {
        "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder), "PORTAL_JOBS": "external",
    }  # fmt: skip
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [PORTAL, "serve", "--port", str(port), "--workers", "4"], env=environ, cwd=folder.parent
    )
    try:
        wait(lambda: answers(port))
        wait(lambda: len(workers_of(process.pid)) == 4)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


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
    with four_workers(folder) as url:
        threads = [
            threading.Thread(target=lambda: statuses.append(try_once(url, "wrong")))
            for _ in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    assert Counter(statuses) == {422: 10, 429: 20}
    with four_workers(folder) as url:
        assert [try_once(url, "wrong") for _ in range(4)] == [429] * 4


def test_account_of_the_demo_signs_in_at_the_demo(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environ = {
        "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder), "PORTAL_REQUIRE_TOTP": "0",
        "PORTAL_JOBS": "external",
    }  # fmt: skip
    subprocess.run([PORTAL, "demo"], env=environ, check=True, timeout=120, capture_output=True)  # noqa: S603  (our own command)
    port = free_port()
    process = subprocess.Popen([PORTAL, "serve", "--port", str(port)], env=environ)  # noqa: S603
    try:
        wait(lambda: answers(port))
        url = f"http://127.0.0.1:{port}"
        for account in demo_accounts(SecretKey((), folder)):
            opener, token = browser(url)
            form = {
                "email": account.email, "password": account.password, "csrf_token": token,
            }  # fmt: skip
            with opener.open(f"{url}/login", urlencode(form).encode(), timeout=60) as page:
                assert page.url == f"{url}/me"
                assert account.role.label in page.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
