"""``make bench-http``: the search page under load, and its JSON beside two other servers'."""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from operator import eq, itemgetter
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench import http_data, http_paths, http_servers, results
from bench.corpus import DEFAULT_FOLDER, Corpus
from bench.engines import ensure_built, index_folder
from bench.http_paths import Questions, Search, portal_path
from bench.http_publishing import WORKERS, measure_on_copy
from bench.peers.peer import PeerMissingError
from bench.queries import draw_queries
from bench.report import milliseconds, page_publishing, table, write_between_markers
from bench.search import DOCUMENT

SIZE = 10_000
CONNECTIONS = 4
# More than any server here can answer in a round.
_SEARCHES_PER_ROUND = 20_000
# So many questions of each kind, varied by filters and pages.
_WORDS = 400
_COMPARED = 20
_WARMING_SEED = 10_000
_WARMING_SECONDS = 3
_LUA = Path(__file__).with_name("cycle_paths.lua")


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load, how it is asked for a search, and where its JSON has the total."""

    name: str
    address: str
    path: Callable[[Search], str]
    total: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Load:
    """What one server did in the median of its rounds. Failed are answers other than 2xx and 3xx,
    and none at all, of all rounds."""

    name: str
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    kilobytes: float
    failed: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and with ``--write`` put the tables into the documentation."""
    options = _parse(arguments)
    try:
        http_servers.find_wrk()
    except PeerMissingError as error:
        print(f"bench.http: {error}", file=sys.stderr)
        return 1
    corpus = Corpus(options.folder, options.size)
    corpus.prepare()
    http_data.fill_portal(corpus)
    queries = draw_queries(corpus, per_mode=_WORDS)
    folder = http_data.portal_folder(corpus)
    missing: dict[str, str] = {}
    with ExitStack() as servers:
        environment = http_data.portal_environment(folder)
        portal = servers.enter_context(http_servers.portal_server(environment, workers=WORKERS))
        api = Target("ours", portal, partial(portal_path, "/api/v1/listings"), itemgetter("total"))
        page = replace(api, name="page", path=partial(portal_path, "/search"))
        pages = measure([page], queries, options)
        targets = [api, *_peers(corpus, servers, missing)]
        answers = measure(targets, queries, options)
        same_totals = compare_totals(targets, queries)
    publishing = None if options.no_changes else measure_on_copy(folder, queries)
    text = _tables(corpus, options, pages, answers, same_totals, missing)
    if publishing:
        text = "\n".join([text, "", *page_publishing(publishing)])
    print(text)
    kept = {
        "page": [asdict(load) for load in pages],
        "json": [asdict(load) for load in answers],
        "same_totals": same_totals,
        "publishing": publishing and asdict(publishing),
    }
    (corpus.folder / f"http-{corpus.size}.json").write_text(json.dumps(kept), encoding="utf-8")
    if options.write:
        write_between_markers(DOCUMENT, "bench-http", text)
    return 0


def measure(
    targets: Sequence[Target], queries: Questions, options: argparse.Namespace
) -> list[Load]:
    """All servers in turn, round after round, each round with searches of its own."""
    rounds: dict[str, list[dict[str, float]]] = {target.name: [] for target in targets}
    for number in range(-1, options.rounds):
        is_warming = number < 0
        seed = _WARMING_SEED if is_warming else number
        searches = http_paths.mixed_searches(queries, count=_SEARCHES_PER_ROUND, seed=seed)
        for target in targets:
            seconds = _WARMING_SECONDS if is_warming else options.seconds
            told = _drive(target, searches, seconds, options)
            if not is_warming:
                rounds[target.name].append(told)
    return [_load(name, each) for name, each in rounds.items()]


def compare_totals(targets: Sequence[Target], queries: Questions) -> dict[str, float]:
    """For each server the share of searches in which it counts as many hits as the first does."""
    searches = http_paths.mixed_searches(queries, count=_COMPARED, seed=_WARMING_SEED)
    totals = {
        target.name: [target.total(json.loads(_fetch(target, search))) for search in searches]
        for target in targets
    }
    first = totals[targets[0].name]
    return {name: sum(map(eq, each, first)) / _COMPARED for name, each in totals.items()}


def _peers(corpus: Corpus, servers: ExitStack, missing: dict[str, str]) -> Iterator[Target]:
    try:
        database = http_data.make_datasette_database(corpus)
        address = servers.enter_context(http_servers.datasette_server(database))
        total = itemgetter("filtered_table_rows_count")
        yield Target("Datasette", address, http_paths.datasette_path, total)
    except PeerMissingError as error:
        missing["Datasette"] = str(error)
    try:
        ensure_built("groonga", corpus)
        database = index_folder("groonga", corpus) / "groonga.db"
        address = servers.enter_context(http_servers.groonga_server(database))
        yield Target(
            "Groonga", address, http_paths.groonga_path, lambda told: int(told[1][0][0][0])
        )
    except PeerMissingError as error:
        missing["Groonga"] = str(error)


def _drive(
    target: Target, searches: Sequence[Search], seconds: int, options: argparse.Namespace
) -> dict[str, float]:
    """Let wrk ask a server for searches in turn; what it told at the end."""
    paths = options.folder / "paths.txt"
    paths.write_text(http_paths.lines(map(target.path, searches)), encoding="ascii")
    command = [
        *(http_servers.find_wrk(), "--threads", "1", "--connections", str(CONNECTIONS)),
        *("--duration", f"{seconds}s", "--timeout", "30s", "--script", str(_LUA)),
        *(["--header", "Accept-Encoding: gzip"] if options.compressed else []),
        *(target.address, "--", str(paths)),
    ]
    told = subprocess.check_output(command, text=True)  # noqa: S603  (our own arguments)
    # A server that is still at what wrk gave up on must not slow down the next one.
    _fetch(target, searches[0])
    found: dict[str, float] = json.loads(told.strip().splitlines()[-1])
    return found


def _fetch(target: Target, search: Search) -> bytes:
    with urlopen(target.address + target.path(search)) as answer:  # noqa: S310  (loopback)
        read: bytes = answer.read()
    return read


def _load(name: str, rounds: Sequence[dict[str, float]]) -> Load:
    return Load(
        name=name,
        requests_per_second=statistics.median(r["requests"] / r["seconds"] for r in rounds),
        p50_ms=statistics.median(r["p50_ms"] for r in rounds),
        p95_ms=statistics.median(r["p95_ms"] for r in rounds),
        kilobytes=statistics.median(r["bytes"] / max(1, r["requests"]) / 1000 for r in rounds),
        failed=int(sum(r["failed"] for r in rounds)),
    )


def _tables(
    corpus: Corpus,
    options: argparse.Namespace,
    pages: Sequence[Load],
    answers: Sequence[Load],
    same_totals: Mapping[str, float],
    missing: dict[str, str],
) -> str:
    text = [
        f"{results.today()}; {results.machine()}; {corpus.size:,} listings, {CONNECTIONS}"
        f" connections, {WORKERS} workers, {options.rounds} rounds of {options.seconds} s,"
        f" {'gzip' if options.compressed else 'not compressed'}.",
        "",
        "`/search`, the page:",
        "",
        *_table(pages, {}),
        "JSON of the same searches:",
        "",
        *_table(answers, same_totals),
        *(f"Left out: {name}, {reason}." for name, reason in missing.items()),
    ]
    return "\n".join(text)


def _table(loads: Sequence[Load], same_totals: Mapping[str, float]) -> list[str]:
    head = ["", "requests/s", "p50 ms", "p95 ms", "kB each", "failed"]
    return table(
        [*head, *(["same totals"] if same_totals else [])],
        [
            [
                *(load.name, f"{load.requests_per_second:,.0f}", milliseconds(load.p50_ms)),
                *(milliseconds(load.p95_ms), f"{load.kilobytes:.1f}", str(load.failed)),
                *([f"{same_totals[load.name]:.0%}"] if same_totals else []),
            ]
            for load in loads
        ],
    )


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.http", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="listings, in thousands")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="what is kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=15, help="of each round")
    parser.add_argument("--compressed", action="store_true", help="ask for answers in gzip")
    parser.add_argument("--no-changes", action="store_true", help="leave out publishing")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
