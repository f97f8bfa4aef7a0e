"""Too large a form is answered in words by the real server, and not by a cut connection."""

import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from portal.config import Settings
from portal.installation import initialise
from portal.server import LARGEST_REST
from tests.conftest import open_resources
from tests.functional.servers import served
from tests.pages import Page

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a portal that is served by one process."""
    folder = tmp_path_factory.mktemp("upload") / "data"
    with open_resources(Settings.from_env({"PORTAL_DATA_DIR": str(folder)})) as held:
        initialise(held)
    with served(folder, workers=1, PORTAL_JOBS="external") as running:
        port = urlsplit(running.url).port
        assert port
        yield port


def begin(client: socket.socket, size: int) -> None:
    """Announce a form of so many bytes."""
    client.sendall(
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: %d\r\n\r\n" % size
    )


def read(client: socket.socket) -> tuple[int, str]:
    """Status and text of an answer."""
    response = HTTPResponse(client, method="POST")
    response.begin()
    return response.status, response.read().decode()


def test_form_of_thirty_megabytes_is_sent_to_its_end_and_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        begin(client, 30 * MEGABYTE)
        # As browsers do, which look for an answer when they have sent everything.
        client.sendall(bytes(30 * MEGABYTE))
        status, text = read(client)
    assert status == 413
    assert Page(status, text).text("h1") == "送られた内容が大きすぎます"


def test_answer_does_not_wait_for_the_rest(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        begin(client, 30 * MEGABYTE)
        assert read(client)[0] == 413
        client.sendall(bytes(30 * MEGABYTE))


def test_rest_of_an_endless_form_is_not_read(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        begin(client, 100 * LARGEST_REST)
        with pytest.raises(ConnectionError):
            client.sendall(bytes(4 * LARGEST_REST))
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as other:
        other.request("GET", "/healthz")
        assert other.getresponse().status == 200
