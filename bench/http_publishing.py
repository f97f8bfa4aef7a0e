"""The search page while towns publish: how long it takes, when it shows a change, what is lost."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from bench import http_servers
from bench.http_clients import Client, ask_during, client_of_each, is_shown
from bench.http_data import portal_environment
from bench.http_paths import Questions, mixed_searches, portal_path
from bench.http_publishers import Change, Order, Publishers
from bench.site import CHANGING
from bench.timing import quantile

WORKERS = 2

_SEED = 20_000
# More than one owner can ask for in a quarter of an hour, the time of a rebuild of a hundred
# thousand listings.
_SEARCHES = 50_000
# Before a change that is looked for, so that it meets workers at any moment of the time that
# searches may lag behind.
_LONGEST_PAUSE_S = 0.4
_ASKING_PAUSE_S = 0.01
_VISIBLE_TIMEOUT_S = 60.0
_FOUND_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done. ``changes`` are those of each publisher at least, in ``seconds`` at least;
    ``listings`` are those that change, the first of the corpus."""

    quiet_seconds: float = 10.0
    seconds: float = 15.0
    changes: int = 10
    publishers: int = 8
    listings: int = CHANGING
    visible_changes: int = 40
    calm_pause_s: float = 2.0
    """Between changes of one publisher beside a rebuild."""


@dataclass(frozen=True, slots=True)
class PagePhase:
    """The search page as one owner got it while something else went on."""

    name: str
    requests: int
    failed: int
    changes: int
    seconds: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class PagePublishing:
    """``visible_p95_s`` counts from the end of a transaction until every worker has shown it;
    ``lost`` counts the listings that are not found by their last change."""

    visible_p50_s: float
    visible_p95_s: float
    published: int
    lost: int
    phases: tuple[PagePhase, ...]


def measure_on_copy(folder: Path, queries: Questions) -> PagePublishing:
    """Run all of it on a copy of a portal's data, so that who comes next finds them unchanged."""
    searches = mixed_searches(queries, count=_SEARCHES, seed=_SEED)
    paths = (portal_path("/search", search) for search in searches)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        copy = Path(aside) / folder.name
        shutil.copytree(folder, copy)
        return measure_publishing(portal_environment(copy), paths, Effort())


def measure_publishing(
    environment: Mapping[str, str], paths: Iterator[str], effort: Effort
) -> PagePublishing:
    """Run all of it on a portal that holds the corpus and may be changed; ``paths`` are the pages
    to ask for, enough of them."""
    # Whether a nightly job is due now depends on the day the data was made.
    environment = {**environment, "PORTAL_JOBS": "external"}
    with (
        Publishers(
            environment, processes=effort.publishers, listings=effort.listings
        ) as publishers,
        http_servers.portal_server(environment, workers=WORKERS) as address,
    ):
        _warm(address, paths, effort.quiet_seconds)
        visible, changes = measure_visible(address, publishers, paths, effort.visible_changes)
        owner = _Owner(address, paths)
        owner.during("nothing else", partial(_rest, effort.quiet_seconds))
        owner.during(
            f"{effort.publishers} processes publishing at once",
            partial(publishers.publish, Order(effort.changes, effort.seconds)),
        )
        owner.during(
            f"a rebuild, and {effort.publishers} processes publishing now and then",
            partial(_publish_during_rebuild, publishers, environment, effort.calm_pause_s),
        )
        changes += owner.changes
        lost = count_lost(address, changes)
    return PagePublishing(
        visible_p50_s=quantile(visible, 0.5),
        visible_p95_s=quantile(visible, 0.95),
        published=len(changes),
        lost=lost,
        phases=tuple(owner.phases),
    )


def measure_visible(
    address: str, publishers: Publishers, paths: Iterator[str], count: int
) -> tuple[list[float], list[Change]]:
    """Seconds until all workers show a change, for each of so many, and the changes. A moment
    before each, every worker answers another search, as one that is in use does."""
    seconds: list[float] = []
    changes: list[Change] = []
    random = Random(0)
    for _ in range(count):
        with client_of_each(address, workers=WORKERS) as clients:
            for client in clients:
                client.get(next(paths))
            time.sleep(random.uniform(0, _LONGEST_PAUSE_S))
            for change in publishers.publish_one():
                changes.append(change)
                seconds.append(max(_seen_by_each(clients, change)) - change.committed_s)
    return seconds, changes


def count_lost(address: str, changes: list[Change], *, timeout_s: float = _FOUND_TIMEOUT_S) -> int:
    """Listings that the page does not show by their last change, though asked for so long."""
    missing = {change.public_id: change.word for change in changes}
    end = time.monotonic() + timeout_s
    with closing(Client(address)) as client:
        while True:
            # Asking is what brings a worker to drain what was left behind.
            missing = {
                public_id: word
                for public_id, word in missing.items()
                if not is_shown(client, public_id, word)
            }
            if not missing or time.monotonic() > end:
                return len(missing)


class _Owner:
    """Asks for one page after the other; times are told apart by what went on beside."""

    def __init__(self, address: str, paths: Iterator[str]) -> None:
        self._address = address
        self._paths = paths
        self.phases: list[PagePhase] = []
        self.changes: list[Change] = []

    def during(self, name: str, act: Callable[[], list[Change]]) -> None:
        """Measure while ``act`` runs, which tells what it changed."""
        start = time.monotonic()
        asked, changes = ask_during(self._address, self._paths, act)
        seconds = time.monotonic() - start
        self.changes += changes
        self.phases.append(
            PagePhase(
                name=name,
                requests=len(asked.times_ms),
                failed=asked.failed,
                changes=len(changes),
                seconds=seconds,
                p50_ms=quantile(asked.times_ms, 0.5),
                p95_ms=quantile(asked.times_ms, 0.95),
            )
        )


def _warm(address: str, paths: Iterator[str], seconds: float) -> None:
    """Let all workers answer for a while."""
    end = time.monotonic() + seconds
    with client_of_each(address, workers=WORKERS) as clients:
        while time.monotonic() < end:
            for client in clients:
                client.get(next(paths))


def _rest(seconds: float) -> list[Change]:
    time.sleep(seconds)
    return []


def _publish_during_rebuild(
    publishers: Publishers, environment: Mapping[str, str], pause_s: float
) -> list[Change]:
    """Publish calmly until a rebuild is done."""
    changes: list[Change] = []
    with http_servers.portal_command(environment, "index", "rebuild") as rebuild:
        while rebuild.poll() is None:
            changes += publishers.publish(Order(1, pause_s=pause_s))
    if rebuild.returncode:
        raise subprocess.CalledProcessError(rebuild.returncode, rebuild.args)
    return changes


def _seen_by_each(clients: list[Client], change: Change) -> list[float]:
    """When each of the clients was shown a change, by the monotonic clock; all ask at once."""
    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(partial(_seen, change=change), clients))


def _seen(client: Client, change: Change) -> float:
    end = change.committed_s + _VISIBLE_TIMEOUT_S
    while not is_shown(client, change.public_id, change.word) and time.monotonic() < end:
        time.sleep(_ASKING_PAUSE_S)
    return time.monotonic()
