"""Searching while listings are published: how soon they are seen, what it costs, what is lost."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from bench.ours import LAG, new_blanks, to_search_query
from bench.peers.peer import PeerQuery
from bench.site import CHANGING, Site, change_word, count_lost, drain, is_seen
from bench.timing import quantile
from search_index import IndexLockedError, open_index

PUBLISHERS = 8
CHANGES_PER_PUBLISHER = 10
VISIBLE_CHANGES = 20
QUIET_SECONDS = 5.0

# Between changes of one publisher beside a rebuild.
_CALM_PAUSE_S = 2.0
_PASSING_TIMEOUT_S = 0.2
_DRAIN_TIMEOUT_S = 120.0
_VISIBLE_TIMEOUT_S = 60.0
_Context = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Phase:
    """Search latency of one process while something else went on: of texts that come again and
    again, which are answered from memory where nothing changed, and of others, as many."""

    name: str
    searches: int
    p50_ms: float
    p95_ms: float
    new_text_p50_ms: float
    new_text_p95_ms: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Publishing:
    """``visible_p95_s`` counts from the end of the transaction to the answer of another process."""

    visible_p50_s: float
    visible_p95_s: float
    published: int
    lost: int
    phases: tuple[Phase, ...]


def measure_publishing(site: Site, mix: Sequence[PeerQuery]) -> Publishing:
    """Run all of it on an index that holds the corpus and may be changed."""
    site.log.path.write_text("", encoding="ascii")
    visible = measure_visible(site)
    publishers = _Publishers(site)
    reader = _Reader(site.url, mix)
    reader.during("nothing else", lambda: time.sleep(QUIET_SECONDS))
    reader.during(
        f"{PUBLISHERS} processes publishing at once",
        lambda: publishers.publish(CHANGES_PER_PUBLISHER),
    )
    reader.during(
        f"a rebuild, and {PUBLISHERS} processes publishing now and then",
        lambda: publishers.publish_during_rebuild(site),
    )
    reader.end()
    publishers.end()
    index, documents = open_index(site.url), site.changing()
    drain(index, site.log, documents, _DRAIN_TIMEOUT_S)
    return Publishing(
        visible_p50_s=quantile(visible, 0.5),
        visible_p95_s=quantile(visible, 0.95),
        published=len(site.log.numbers()),
        lost=count_lost(index, site.log, documents),
        phases=tuple(reader.phases),
    )


def measure_visible(site: Site) -> list[float]:
    """Seconds until another process finds a change, for each of a number of them."""
    ours, theirs = _Context.Pipe()
    observer = _Context.Process(target=_observe, args=(site.url, theirs))
    observer.start()
    ours.recv()
    index, documents = open_index(site.url), site.changing()
    index.applied_seq()
    seconds = []
    for number in range(VISIBLE_CHANGES):
        ours.send(change_word(documents[number].id, 1))
        site.log.record(number)
        committed = time.monotonic()
        drain(index, site.log, documents, _DRAIN_TIMEOUT_S)
        seconds.append(ours.recv() - committed)
    ours.send(None)
    observer.join()
    return seconds


def _observe(url: str, pipe: Connection) -> None:
    """Ask for each word until it is found, and say when that was."""
    index = open_index(url, lag=LAG)
    index.applied_seq()
    pipe.send("ready")
    while (word := pipe.recv()) is not None:
        end = time.monotonic() + _VISIBLE_TIMEOUT_S
        while not is_seen(index, word) and time.monotonic() < end:
            pass
        pipe.send(time.monotonic())


class _Publishers:
    """Processes that publish when told to, as web workers do: after its commit each tries the index
    once, for a moment, and leaves the rest to whoever comes next."""

    def __init__(self, site: Site) -> None:
        self._pipes, self._processes = [], []
        for which in range(PUBLISHERS):
            ours, theirs = _Context.Pipe()
            process = _Context.Process(target=_publisher, args=(site, which, theirs))
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def publish(self, changes: int, *, pause_s: float = 0) -> None:
        """Let each publish so many listings, all at once."""
        for pipe in self._pipes:
            pipe.send((changes, pause_s))
        for pipe in self._pipes:
            pipe.recv()

    def publish_during_rebuild(self, site: Site) -> None:
        """Publish calmly until a rebuild in another process is done."""
        rebuild = _Context.Process(target=_rebuild, args=(site,))
        rebuild.start()
        while rebuild.is_alive():
            self.publish(1, pause_s=_CALM_PAUSE_S)
        rebuild.join()

    def end(self) -> None:
        """Let the processes go."""
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join()


def _publisher(site: Site, which: int, pipe: Connection) -> None:
    index, documents = open_index(site.url), site.changing()
    is_seen(index, documents[which].title)
    number = which
    pipe.send("ready")
    while (order := pipe.recv()) is not None:
        changes, pause_s = order
        for _ in range(changes):
            site.log.record(number)
            number = (number + PUBLISHERS) % CHANGING
            with suppress(IndexLockedError):
                drain(index, site.log, documents, _PASSING_TIMEOUT_S)
            time.sleep(pause_s)
        pipe.send("done")


def _rebuild(site: Site) -> None:
    # The position is read before the listings are.
    seq = len(site.log.numbers())
    # As ``portal index rebuild`` does it.
    open_index(site.url).rebuild(site.documents(), seq=seq, processes=os.cpu_count() or 1)


class _Reader:
    """A process that searches all the while; its times are told apart by phase."""

    def __init__(self, url: str, mix: Sequence[PeerQuery]) -> None:
        self._ours, theirs = _Context.Pipe()
        self._process = _Context.Process(target=_read, args=(url, list(mix), theirs))
        self.phases: list[Phase] = []
        self._process.start()
        self._ours.recv()

    def during(self, name: str, act: Callable[[], None]) -> None:
        """Measure while ``act`` runs."""
        start = time.monotonic()
        self._ours.send(name)
        act()
        self._ours.send("")
        times: list[float] = self._ours.recv()
        seconds = time.monotonic() - start
        known, new = times[::2], times[1::2]
        self.phases.append(
            Phase(
                name,
                searches=len(times),
                p50_ms=quantile(known, 0.5),
                p95_ms=quantile(known, 0.95),
                new_text_p50_ms=quantile(new, 0.5),
                new_text_p95_ms=quantile(new, 0.95),
                seconds=seconds,
            )
        )

    def end(self) -> None:
        """Let the process go."""
        self._ours.send(None)
        self._process.join()


def _read(url: str, mix: Sequence[PeerQuery], pipe: Connection) -> None:
    index = open_index(url, lag=LAG)
    queries = [to_search_query(query) for query in mix]
    blanks = new_blanks()
    for query in queries:
        index.search(query)
    asked = 0
    pipe.send("ready")
    while pipe.recv() is not None:
        times: list[float] = []
        while not pipe.poll() or len(times) % 2:
            query = queries[asked // 2 % len(queries)]
            if len(times) % 2:
                # Another question than just before, in words that were asked for before.
                query = queries[(asked // 2 + len(queries) // 2) % len(queries)]
                query = replace(query, text=query.text + next(blanks))
            start = time.perf_counter()
            index.search(query)
            times.append(1000 * (time.perf_counter() - start))
            asked += 1
            # As a worker that has other things to do, not as a load of its own.
            time.sleep(0.005)
        pipe.recv()
        pipe.send(times)
