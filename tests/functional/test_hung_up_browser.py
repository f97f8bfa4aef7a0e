"""What an answer opened is closed, whenever its reader hangs up."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.serving import serving

# Lingering for no time: closing a connection resets it.
RESET = struct.pack("ii", 1, 0)


class SlowAnswer:
    """An app with one answer of three parts, which waits before one of them, or after the last,
    until its reader is gone."""

    def __init__(self, wait_before: int) -> None:
        self._wait_before = wait_before
        self.is_waiting = threading.Event()
        self.reader_is_gone = threading.Event()
        self.times_closed = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> "SlowAnswer":
        start_response("200 OK", [("Content-Length", "300000")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for part in range(4):
            if part == self._wait_before:
                self.is_waiting.set()
                assert self.reader_is_gone.wait(timeout=60)
            if part < 3:
                yield bytes(100_000)

    def close(self) -> None:
        self.times_closed += 1


@pytest.mark.parametrize("part", [0, 1, 3], ids=["before", "within", "after"])
def test_answer_is_closed_though_its_reader_hangs_up(part: int) -> None:
    app = SlowAnswer(wait_before=part)
    with serving(app) as address:
        port = urlsplit(address).port
        with closing(socket.create_connection(("127.0.0.1", port))) as reader:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert app.is_waiting.wait(timeout=60)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        app.reader_is_gone.set()
    assert app.times_closed == 1
