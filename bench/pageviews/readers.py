"""Those who read pages while processes are killed, and know of each request what became of it."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from threading import Event, Lock
from urllib.parse import urlsplit

READERS = 8
"""Threads that ask at once: so many requests can be under way when a worker is killed."""

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
)
"""Browsers of people, so that what they ask for is a page view."""

_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """``answered`` are pages of which the last byte was read; ``refused`` are other answers. What
    is in neither was cut off by a kill, or never reached a worker."""

    started: int
    answered: int
    refused: int


class Ledger:
    """What all readers of a run asked for so far."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._started = self._answered = self._refused = 0

    def start(self) -> None:
        """Note a request before its first byte is sent."""
        with self._lock:
            self._started += 1

    def finish(self, status: int) -> None:
        """Note an answer after its last byte was read."""
        with self._lock:
            if status == http.client.OK:
                self._answered += 1
            else:
                self._refused += 1

    @property
    def asked(self) -> Asked:
        """All until now."""
        with self._lock:
            return Asked(self._started, self._answered, self._refused)


@contextmanager
def reading(address: str, paths: list[str], *, readers: int = READERS) -> Iterator[Ledger]:
    """Readers who ask for the paths in turn while the block runs; each ends with the request that
    is under way. What the ledger says is final after the block."""
    ledger, stop = Ledger(), Event()
    with ThreadPoolExecutor(readers) as threads:
        work = [
            threads.submit(_read, address, paths[number % len(paths) :] + paths, ledger, stop)
            for number in range(readers)
        ]
        try:
            yield ledger
        finally:
            stop.set()
        for each in work:
            each.result()


def _read(address: str, paths: list[str], ledger: Ledger, stop: Event) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_TIMEOUT_S)
    with closing(connection):
        for number in count():
            if stop.is_set():
                return
            path, agent = paths[number % len(paths)], AGENTS[number % len(AGENTS)]
            ledger.start()
            # A connection that is cut is what the run is about; the next request opens another.
            with suppress(http.client.HTTPException, ConnectionError):
                connection.request("GET", path, headers={"User-Agent": agent})
                answer = connection.getresponse()
                answer.read()
                ledger.finish(answer.status)
                continue
            connection.close()
