"""What counting costs a page, and whether a long write transaction delays one."""

import json
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench import http_servers
from bench.http_clients import Asked, ask_during
from bench.pageviews.readers import AGENTS
from bench.pageviews.site import Site
from bench.timing import quantile

WORKERS = 2
CONNECTIONS = 4
LISTINGS = 300
LOCKED_S = 4.0
GOAL = 1.3
"""So many times as long as without counting, at most, may a page with it take."""

_LUA = Path(__file__).parent.parent / "cycle_paths.lua"
_UNCOUNTED_SERVER = "bench.pageviews.uncounted"
_COUNTED, _UNCOUNTED = "with counting", "without"


@dataclass(frozen=True, slots=True)
class Round:
    """What one server did in a round."""

    requests_per_second: float
    p50_ms: float
    p95_ms: float
    failed: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Rounds of both servers, in pairs that ran one after the other."""

    counted: Sequence[Round]
    uncounted: Sequence[Round]

    @property
    def p95_ratio(self) -> float:
        """How many times as long a page takes with counting: the median of all pairs."""
        pairs = zip(self.counted, self.uncounted, strict=True)
        return statistics.median(one.p95_ms / other.p95_ms for one, other in pairs)

    @property
    def throughput(self) -> float:
        """The share of pages that is answered with counting in the same time."""
        pairs = zip(self.counted, self.uncounted, strict=True)
        return statistics.median(
            one.requests_per_second / other.requests_per_second for one, other in pairs
        )


@dataclass(frozen=True, slots=True)
class Worst:
    """The slowest page for an owner who asks steadily, in ms, and how many were asked for."""

    name: str
    beside: str
    pages: int
    failed: int
    p95_ms: float
    worst_ms: float


def measure(site: Site, *, rounds: int, seconds: int) -> tuple[Cost, list[Worst]]:
    """Both servers over the same portal, round after round, in changing order; then beside a
    transaction that holds the lock of SQLite."""
    paths = [path for path in site.paths if path.startswith("/listings/")]
    listed = site.folder / "paths.txt"
    listed.write_text("\n".join(paths) + "\n", encoding="ascii")
    done: dict[str, list[Round]] = {_COUNTED: [], _UNCOUNTED: []}
    with ExitStack() as servers:
        counted = http_servers.portal_server(site.environment, workers=WORKERS)
        addresses = {
            _COUNTED: servers.enter_context(counted),
            _UNCOUNTED: servers.enter_context(_uncounted_server(site)),
        }
        for address in addresses.values():
            _drive(address, listed, seconds)
        for number in range(rounds):
            for name in sorted(addresses, reverse=bool(number % 2)):
                done[name].append(_drive(addresses[name], listed, seconds))
        worst = [
            told
            for name, address in addresses.items()
            for told in _beside_lock(site, name, address, cycle(paths))
        ]
    return Cost(done[_COUNTED], done[_UNCOUNTED]), worst


def _uncounted_server(site: Site) -> AbstractContextManager[str]:
    return http_servers.module_server(_UNCOUNTED_SERVER, site.environment, workers=WORKERS)


def _drive(address: str, paths: Path, seconds: int) -> Round:
    command = [
        *(http_servers.find_wrk(), "--threads", "1", "--connections", str(CONNECTIONS)),
        *("--duration", f"{seconds}s", "--timeout", "30s", "--script", str(_LUA)),
        *("--header", f"User-Agent: {AGENTS[0]}", address, "--", str(paths)),
    ]
    told = subprocess.check_output(command, text=True)  # noqa: S603  (our own arguments)
    found = json.loads(told.strip().splitlines()[-1])
    return Round(
        requests_per_second=found["requests"] / found["seconds"],
        p50_ms=found["p50_ms"],
        p95_ms=found["p95_ms"],
        failed=int(found["failed"]),
    )


def _beside_lock(site: Site, name: str, address: str, paths: Iterator[str]) -> Iterator[Worst]:
    quiet, _ = ask_during(address, paths, lambda: time.sleep(LOCKED_S))
    yield _worst(name, "nothing else", quiet)
    locked, _ = ask_during(address, paths, lambda: _hold_lock(site))
    yield _worst(name, f"a transaction that writes for {LOCKED_S:.0f} s", locked)


def _hold_lock(site: Site) -> None:
    """As a bulk import does that has much to write."""
    with closing(sqlite3.connect(str(site.held.engine.url.database))) as database:
        database.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED_S)
        database.rollback()


def _worst(name: str, beside: str, asked: Asked) -> Worst:
    times = asked.times_ms
    return Worst(name, beside, len(times), asked.failed, quantile(times, 0.95), max(times))
