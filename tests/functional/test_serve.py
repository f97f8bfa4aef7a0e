"""The real server in its own processes, with things broken under it while it serves."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from portal.clock import Clock
from portal.config import Settings
from portal.extensions import Resources
from portal.server import KEPT_CONNECTIONS
from tests.conftest import open_resources
from tests.demos import copy_demo
from tests.factories import make_listing
from tests.functional.processes import watchers_of, workers_of
from tests.functional.servers import PORTAL, Served, served, shown_by_all, wait


@dataclass(frozen=True)
class Server:
    """A running portal and its data."""

    running: Served
    held: Resources

    @property
    def folder(self) -> Path:
        """Its data."""
        return self.held.settings.data_dir

    def total(self, query: str) -> tuple[int, bool]:
        """Hits of a search by the API, and whether the database had to answer alone."""
        answer = json.loads(self.get(f"/api/v1/listings?{query}"))
        return answer["total"], answer["degraded"]

    def get(self, address: str) -> str:
        """The answer to a request, which must be 200. A worker may have to start for it."""
        with urlopen(self.running.url + quote(address, safe="/?=&"), timeout=60) as response:  # noqa: S310
            text: str = response.read().decode()
            return text

    def wait_for_index(self) -> None:
        """Until every worker answers from the index again."""
        wait(lambda: all(not self.total("q=補助金")[1] for _ in range(10)))


@contextmanager
def serving_demo(demo: Path, folder: Path) -> Iterator[Server]:
    """The demo, served by two workers."""
    settings = Settings.from_env({"PORTAL_DATA_DIR": str(copy_demo(demo, folder))})
    with open_resources(settings) as held, served(folder) as running:
        yield Server(running, held)


@pytest.fixture
def fresh_server(operators_demo: Path, tmp_path: Path) -> Iterator[Server]:
    """For tests that break what it needs before it was asked anything."""
    with serving_demo(operators_demo, tmp_path / "data") as server:
        yield server


@pytest.fixture(scope="module")
def server(operators_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """For tests that leave it as good as they found it."""
    with serving_demo(operators_demo, tmp_path_factory.mktemp("server") / "data") as server:
        yield server


SHARED = pytest.mark.xdist_group("shared_server")
"""Of tests with the one server, which so run in one process."""


def test_lost_index_is_answered_around_and_comes_back(fresh_server: Server) -> None:
    server = fresh_server
    before, degraded = server.total("region=02203&kind=subsidy")
    assert before
    assert not degraded
    shutil.rmtree(server.folder / "index")
    assert f'data-total="{before}"' in server.get("/search?region=02203&kind=subsidy")
    server.wait_for_index()
    assert server.total("region=02203&kind=subsidy") == (before, False)
    assert server.held.indexer.differences().total == 0
    assert json.loads(server.get("/readyz")) == {"status": "ok", "problems": {}}


@pytest.mark.parametrize("damage", [b"", b"\x00" * 64, b"not an index"])
def test_damaged_files_are_answered_around_and_replaced(
    fresh_server: Server, damage: bytes
) -> None:
    server = fresh_server
    for path in (server.folder / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(damage)
    # A worker keeps the snapshot it has until the index changes; a new one must not fail.
    for _ in range(6):
        total, _ = server.total("q=創業")
        assert total
        assert "data-total" in server.get("/search?q=創業")
    server.wait_for_index()


@SHARED
def test_question_of_ten_thousand_characters_is_answered_in_words(server: Server) -> None:
    assert "はじめの200文字で探しました" in server.get("/search?q=" + "創業" * 5_000)
    with pytest.raises(HTTPError) as refused:
        server.get("/api/v1/listings?q=" + "創業" * 5_000)
    assert refused.value.status == 422
    assert json.loads(refused.value.read())["errors"][0]["field"] == "q"
    refused.value.close()


@SHARED
def test_published_listing_is_found_on_all_workers(server: Server) -> None:
    with server.held.sessions() as session:
        public_id = make_listing(
            session, title="雪だるま型の看板補助金", now=Clock().now()
        ).public_id
    published = time.monotonic()
    server.held.indexer.drain(timeout=5)
    shown = f'data-listing-id="{public_id}"'
    shown_by_all(server.running, "/search?q=「雪だるま型」", shown, since=published)


@SHARED
def test_listing_published_behind_the_back_of_the_server_is_found_soon(server: Server) -> None:
    with server.held.sessions() as session:
        make_listing(session, title="かまくら型の看板補助金", now=Clock().now())
    wait(lambda: server.total("q=「かまくら型」")[0] == 1)


@SHARED
def test_killed_workers_are_replaced_and_searches_answered_meanwhile(server: Server) -> None:
    master = server.running.process.pid
    # Before it runs its own command, the process that watches for jobs looks like a worker.
    wait(lambda: (len(workers_of(master)), len(watchers_of(master))) == (2, 1))
    first = workers_of(master)
    for worker in first:
        before = workers_of(master)
        os.kill(worker, signal.SIGKILL)
        wait(lambda before=before: len(workers_of(master) - before) == 1)
        assert server.total("q=創業")[0]
    # Nobody else is left who could have answered.
    assert workers_of(master).isdisjoint(first)


@SHARED
def test_every_worker_uses_a_new_synonym_with_its_next_request(server: Server) -> None:
    queries = [f"q=ぬめぬめ&per_page={size}" for size in (10, 20, 50, 100)] * 3
    assert {server.total(query) for query in queries} == {(0, False)}
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(server.folder)}
    subprocess.run(  # noqa: S603  (our own command)
        [PORTAL, "synonym", "add", "ぬめぬめ", "ねぶた"], env=environ, check=True, timeout=60
    )
    totals = {server.total(query) for query in queries}
    assert len(totals) == 1
    assert totals.pop()[0] > 0


@SHARED
def test_connections_beyond_a_few_are_given_up_for_a_worker_that_has_time(server: Server) -> None:
    address = server.running.url.removeprefix("http://")
    told = []
    with ExitStack() as open_ones:
        for _ in range(12):
            client = open_ones.enter_context(closing(HTTPConnection(address, timeout=60)))
            client.request("GET", "/healthz")
            answer = client.getresponse()
            answer.read()
            told.append(answer.getheader("Connection"))
    workers = len(server.running.workers)
    assert told[0] == "keep-alive"
    assert told.count("keep-alive") <= KEPT_CONNECTIONS * workers
    assert set(told) == {"keep-alive", "close"}
