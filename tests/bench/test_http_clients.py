import os
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event

import pytest
from flask import Flask

from bench.http_clients import Client, ask_at_pace, is_shown
from portal.extensions import Resources
from tests.factories import make_listing, publish_and_index
from tests.serving import serving

WORD = "kqzrtvbxwpln"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with closing(Client(address)) as client:
        yield client


class KeepingAlive(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        # Without a word about it, as when a worker ends.
        self.close_connection = self.path == "/hang-up"

    def log_message(self, *_arguments: object) -> None:
        """Quietly."""


@pytest.fixture
def keeping_alive() -> Iterator[Client]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), KeepingAlive)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with closing(Client(f"http://127.0.0.1:{server.server_port}")) as client:
        yield client
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def test_a_listing_is_shown_by_the_word_in_its_title(client: Client, resources: Resources) -> None:
    public_id = publish_and_index(resources, title=f"看板の補助金 {WORD}")
    assert is_shown(client, public_id, WORD)
    assert not is_shown(client, "L000099", WORD)
    assert not is_shown(client, public_id, WORD[1:])


def test_a_word_that_is_only_repeated_by_the_page_shows_nothing(
    client: Client, resources: Resources
) -> None:
    public_id = publish_and_index(resources, title="看板の補助金", body=f"看板 {WORD}")
    assert not is_shown(client, public_id, WORD)


def test_what_the_index_does_not_hold_is_not_shown(client: Client, resources: Resources) -> None:
    with resources.sessions() as session:
        public_id = make_listing(session, title=f"看板の補助金 {WORD}").public_id
    assert not is_shown(client, public_id, WORD)


def test_asking_ends_when_told_to_and_counts_what_failed(client: Client) -> None:
    stop = Event()

    def paths() -> Iterator[str]:
        yield "/nowhere"
        stop.set()
        yield "/search?q=1"
        raise AssertionError("asked for more")

    asked = ask_at_pace(client, paths(), stop)
    assert len(asked.times_ms) == 2
    assert all(time_ms > 0 for time_ms in asked.times_ms)
    assert asked.failed == 1


def test_a_connection_that_the_server_closed_is_opened_anew(keeping_alive: Client) -> None:
    assert keeping_alive.get("/hang-up")[0] == 200
    assert keeping_alive.get("/")[0] == 200


def test_the_process_that_answers_is_known(keeping_alive: Client) -> None:
    keeping_alive.get("/")
    assert keeping_alive.worker() == os.getpid()
