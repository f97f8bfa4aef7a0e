"""``make bench-http``: the search page under load, and its JSON beside two other servers'."""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import http_data, http_paths, http_servers, results
from bench.corpus import DEFAULT_FOLDER, Corpus
from bench.engines import ensure_built, index_folder
from bench.http_paths import Search, portal_path
from bench.peers.peer import PeerMissingError
from bench.queries import draw_queries
from bench.report import milliseconds, table, write_between_markers
from bench.search import DOCUMENT

SIZE = 10_000
CONNECTIONS = 4
WORKERS = 2
# More than any server here can answer in a round.
_SEARCHES_PER_ROUND = 12_000
# So many questions of each kind, varied by filters and pages.
_WORDS = 400
_WARMING_SEED = 10_000
_WARMING_SECONDS = 3
_LUA = Path(__file__).with_name("cycle_paths.lua")


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load, and how it is asked for a search."""

    name: str
    address: str
    path: Callable[[Search], str]


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
    corpus = Corpus(options.folder, options.size)
    corpus.prepare()
    http_data.fill_portal(corpus)
    missing: dict[str, str] = {}
    with ExitStack() as servers:
        environment = http_data.portal_environment(corpus)
        portal = servers.enter_context(http_servers.portal_server(environment, workers=WORKERS))
        page = Target("page", portal, lambda search: portal_path("/search", search))
        pages = measure([page], corpus, options)
        targets = [
            Target("ours", portal, lambda search: portal_path("/api/v1/listings", search)),
            *_peers(corpus, servers, missing),
        ]
        answers = measure(targets, corpus, options)
    text = _tables(corpus, options, pages, answers, missing)
    print(text)
    kept = {"page": [asdict(load) for load in pages], "json": [asdict(load) for load in answers]}
    (corpus.folder / f"http-{corpus.size}.json").write_text(json.dumps(kept), encoding="utf-8")
    if options.write:
        write_between_markers(DOCUMENT, "bench-http", text)
    return 0


def measure(targets: Sequence[Target], corpus: Corpus, options: argparse.Namespace) -> list[Load]:
    """All servers in turn, round after round, each round with searches of its own."""
    queries = draw_queries(corpus, per_mode=_WORDS)
    rounds: dict[str, list[dict[str, float]]] = {target.name: [] for target in targets}
    for number in range(-1, options.rounds):
        is_warming = number < 0
        seed = _WARMING_SEED if is_warming else number
        searches = http_paths.mixed_searches(queries, count=_SEARCHES_PER_ROUND, seed=seed)
        for target in targets:
            seconds = _WARMING_SECONDS if is_warming else options.seconds
            told = _drive(target, searches, seconds, corpus.folder)
            if not is_warming:
                rounds[target.name].append(told)
    return [_load(name, each) for name, each in rounds.items()]


def _peers(corpus: Corpus, servers: ExitStack, missing: dict[str, str]) -> Iterator[Target]:
    try:
        database = http_data.make_datasette_database(corpus)
        address = servers.enter_context(http_servers.datasette_server(database))
        yield Target("Datasette", address, http_paths.datasette_path)
    except PeerMissingError as error:
        missing["Datasette"] = str(error)
    try:
        ensure_built("groonga", corpus)
        database = index_folder("groonga", corpus) / "groonga.db"
        address = servers.enter_context(http_servers.groonga_server(database))
        yield Target("Groonga", address, http_paths.groonga_path)
    except PeerMissingError as error:
        missing["Groonga"] = str(error)


def _drive(
    target: Target, searches: Sequence[Search], seconds: int, folder: Path
) -> dict[str, float]:
    """Let wrk ask a server for searches in turn; what it told at the end."""
    paths = folder / "paths.txt"
    paths.write_text(http_paths.lines(map(target.path, searches)), encoding="ascii")
    command = [
        *(http_servers.find_wrk(), "--threads", "1", "--connections", str(CONNECTIONS)),
        *("--duration", f"{seconds}s", "--timeout", "30s", "--script", str(_LUA)),
        *(target.address, "--", str(paths)),
    ]
    told = subprocess.check_output(command, text=True)  # noqa: S603  (our own arguments)
    found: dict[str, float] = json.loads(told.strip().splitlines()[-1])
    return found


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
    missing: dict[str, str],
) -> str:
    text = [
        f"{results.today()}; {results.machine()}; {corpus.size:,} listings, {CONNECTIONS}"
        f" connections, {WORKERS} workers, {options.rounds} rounds of {options.seconds} s.",
        "",
        "`/search`, the page:",
        "",
        *_table(pages),
        "JSON of the same searches:",
        "",
        *_table(answers),
        *(f"Left out: {name}, {reason}." for name, reason in missing.items()),
    ]
    return "\n".join(text)


def _table(loads: Sequence[Load]) -> list[str]:
    return table(
        ["", "requests/s", "p50 ms", "p95 ms", "kB each", "failed"],
        [
            [
                *(load.name, f"{load.requests_per_second:,.0f}", milliseconds(load.p50_ms)),
                *(milliseconds(load.p95_ms), f"{load.kilobytes:.1f}", str(load.failed)),
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
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
