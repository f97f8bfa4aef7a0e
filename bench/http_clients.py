"""Those who ask the portal for pages: one at an owner's pace, and one at each worker."""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from bench.http_servers import ServerFailedError

Told = TypeVar("Told")

PACE_S = 0.02
"""Between two requests of an owner."""

_TIMEOUT_S = 30.0
_FIND_TIMEOUT_S = 60.0
_CARD = re.compile(r'<h3 class="card__title"><a href="/listings/(L\d+)[^"]*">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of each request until its answer was read, and how many were not answered with a
    page."""

    times_ms: list[float]
    failed: int


class Client:
    """A connection that is kept alive, and opened anew when the server has closed it."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_TIMEOUT_S)

    def get(self, path: str) -> tuple[int, str]:
        """The status and the page of an address."""
        try:
            return self._get(path)
        except (http.client.RemoteDisconnected, ConnectionError):
            # Closed between two requests, as a server may; browsers ask again, too.
            self._connection.close()
            return self._get(path)

    def connect(self) -> int:
        """Begin a connection; gives the process that takes it, and will answer what is asked next.

        :raises ServerFailedError: none does.
        """
        self._connection.connect()
        end = time.monotonic() + _TIMEOUT_S
        while time.monotonic() < end:
            # A connection is there before a process has taken it.
            with suppress(ServerFailedError):
                return self.worker()
        raise ServerFailedError("no process takes the connection")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def worker(self) -> int:
        """The process that has taken the connection; Linux tells.

        :raises ServerFailedError: no process that may be looked into does.
        """
        if self._connection.sock is None:
            raise ServerFailedError("the server hung up after its answer")
        inode = _inode_of_other_end(self._connection)
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                if str(link.readlink()) == f"socket:[{inode}]":
                    return int(link.parts[2])
        raise ServerFailedError("no process holds the other end of a connection")

    def _get(self, path: str) -> tuple[int, str]:
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode("utf-8")


def ask_at_pace(client: Client, paths: Iterator[str], stop: Event) -> Asked:
    """Ask for one page after the other until told to stop, at least for one: each a moment after
    the one before it was asked for, or at once if its answer took longer."""
    times_ms: list[float] = []
    failed = 0
    while not (times_ms and stop.is_set()):
        start = time.perf_counter()
        status, _ = client.get(next(paths))
        times_ms.append(1000 * (time.perf_counter() - start))
        failed += status != http.client.OK
        stop.wait(max(0.0, start + PACE_S - time.perf_counter()))
    return Asked(times_ms, failed)


def ask_during(address: str, paths: Iterator[str], act: Callable[[], Told]) -> tuple[Asked, Told]:
    """What one owner got who asked for pages while ``act`` ran, and what that returned."""
    stop = Event()
    with closing(Client(address)) as client, ThreadPoolExecutor(1) as threads:
        asking = threads.submit(ask_at_pace, client, paths, stop)
        try:
            told = act()
        finally:
            stop.set()
        return asking.result(), told


@contextmanager
def client_of_each(address: str, *, workers: int) -> Iterator[list[Client]]:
    """Clients that are connected to a worker each, to all of them, while the block runs.

    Which worker takes a new connection is chance, so some are opened and closed in vain.

    :raises ServerFailedError: so many do not take connections.
    """
    found: dict[int, Client] = {}
    end = time.monotonic() + _FIND_TIMEOUT_S
    try:
        while len(found) < workers:
            if time.monotonic() > end:
                raise ServerFailedError(f"{len(found)} workers answer, not {workers}")
            client = Client(address)
            client.get("/healthz")
            # Where more than a few are connected, or are not yet gone, the server hangs up.
            with suppress(ServerFailedError):
                if found.setdefault(client.worker(), client) is client:
                    continue
            client.close()
        yield list(found.values())
    finally:
        for client in found.values():
            client.close()


def is_shown(client: Client, public_id: str, word: str) -> bool:
    """Whether a search for a word shows a listing with the word in its title."""
    status, page = client.get(f"/search?{urlencode({'q': word, 'include_closed': '1'})}")
    return status == http.client.OK and any(
        shown_id == public_id and word in _TAG.sub("", title).split()
        for shown_id, title in _CARD.findall(page)
    )


def _inode_of_other_end(connection: http.client.HTTPConnection) -> str:
    here, there = connection.sock.getsockname()[1], connection.sock.getpeername()[1]
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        _, local, remote, *_, inode = line.split()[:10]
        if (_port(local), _port(remote)) == (there, here):
            return inode
    raise ServerFailedError("a connection has no other end")


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
