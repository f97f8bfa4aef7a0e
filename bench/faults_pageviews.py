"""``make bench-pageviews``: what counting loses when processes are killed, and what it costs."""

import argparse
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import results
from bench.corpus import DEFAULT_FOLDER
from bench.pageviews import cost, full_disk, kill_runs, points, tables, year
from bench.pageviews.full_disk import NotRootError
from bench.pageviews.kill_runs import KillRun
from bench.pageviews.points import Killed, StraceMissingError
from bench.pageviews.site import make_site
from bench.peers.peer import PeerMissingError
from bench.report import write_between_markers
from bench.search import DOCUMENT
from tests.databases import MakeDatabase, postgresql_databases, sqlite_databases
from tests.postgresql import PostgresqlMissingError

_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_TITLES = {
    "kills": "Killed workers and roll-ups",
    "points": "A roll-up killed at each of its steps",
    "disk": "A full disk",
    "cost": "What counting costs",
    "year": "A year worked out twice",
}
_DISK_VIEWS = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, measure, print, and with ``--write`` put the tables into the documentation."""
    options = _parse(arguments)
    # Each worker that is killed would be told of.
    logging.disable(logging.ERROR)
    options.folder.mkdir(parents=True, exist_ok=True)
    is_right = True
    with tempfile.TemporaryDirectory() as folder, _databases(options, Path(folder)) as databases:
        for part in options.parts:
            began = time.perf_counter()
            text, is_part_right = _PLAYED[part](options, Path(folder), databases)
            seconds = time.perf_counter() - began
            said = f"{results.today()}; {results.machine()}; {seconds:,.0f} s."
            kept = _kept(options, part)
            kept.write_text(f"### {_TITLES[part]}\n\n{said}\n\n{text}\n", encoding="utf-8")
            print(kept.read_text("utf-8"), flush=True)
            is_right &= is_part_right
    if options.write:
        parts = [_kept(options, part) for part in _TITLES]
        text = "\n".join(part.read_text("utf-8") for part in parts if part.exists())
        write_between_markers(DOCUMENT, "bench-pageviews", text)
    return 0 if is_right else 1


Databases = dict[str, MakeDatabase]


def _kills(options: argparse.Namespace, folder: Path, databases: Databases) -> tuple[str, bool]:
    played: dict[str, list[KillRun]] = {}
    for kind, make in databases.items():
        for number in range(options.runs):
            with make_site(folder / f"{kind}-{number}", make) as site:
                run = kill_runs.play(site, views=options.views, seed=number)
            played.setdefault(_DATABASES[kind], []).append(run)
            print(f"{kind} {number + 1}: {run}", flush=True)
    runs = [run for each in played.values() for run in each]
    return tables.of_kills(played, options.views), all(run.is_exact for run in runs)


def _points(options: argparse.Namespace, folder: Path, databases: Databases) -> tuple[str, bool]:
    played: dict[str, list[Killed]] = {}
    for kind, make in databases.items():
        own = folder / f"points-{kind}"
        own.mkdir()
        try:
            played[_DATABASES[kind]] = list(points.kill_everywhere(own, make, step=options.step))
        except StraceMissingError as missing:
            return f"Left out: the roll-up killed at its calls, {missing}.", True
    is_right = all(killed.is_exact for each in played.values() for killed in each)
    return tables.of_points(played, options.step), is_right


def _disk(_options: argparse.Namespace, folder: Path, databases: Databases) -> tuple[str, bool]:
    played = {}
    for kind, make in databases.items():
        try:
            with make_site(folder / f"disk-{kind}", make) as site:
                played[_DATABASES[kind]] = full_disk.play(site, views=_DISK_VIEWS)
        except NotRootError as missing:
            return f"Left out: a full disk, {missing}.", True
    return tables.of_disks(played), all(each.is_exact for each in played.values())


def _cost(options: argparse.Namespace, folder: Path, databases: Databases) -> tuple[str, bool]:
    try:
        with make_site(folder / "cost", databases["sqlite"], listings=cost.LISTINGS) as site:
            found, worst = cost.measure(site, rounds=options.rounds, seconds=options.seconds)
    except PeerMissingError as missing:
        return f"Left out: what counting costs, {missing}.", True
    return tables.of_cost(found, worst), found.p95_ratio <= cost.GOAL


def _year(options: argparse.Namespace, folder: Path, databases: Databases) -> tuple[str, bool]:
    played = {
        _DATABASES[kind]: year.play(folder / f"year-{kind}", make, size=options.year)
        for kind, make in databases.items()
    }
    return tables.of_years(played), not any(each.differences for each in played.values())


_PLAYED: dict[str, Callable[[argparse.Namespace, Path, Databases], tuple[str, bool]]] = {
    "kills": _kills,
    "points": _points,
    "disk": _disk,
    "cost": _cost,
    "year": _year,
}


@contextmanager
def _databases(options: argparse.Namespace, folder: Path) -> Iterator[Databases]:
    """Those that were asked for and can be had; SQLite always."""
    with ExitStack() as stack:
        (folder / "sqlite").mkdir()
        found: Databases = {"sqlite": sqlite_databases(folder / "sqlite")}
        if "postgresql" in options.databases:
            try:
                made = stack.enter_context(postgresql_databases())
                found["postgresql"] = stack.enter_context(made.lent())
            except PostgresqlMissingError as missing:
                print(f"Left out: {missing}.")
        yield found


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.faults_pageviews", description=__doc__)
    parser.add_argument("--runs", type=int, default=25, help="of kills, on each database")
    parser.add_argument("--views", type=int, default=10_000, help="answered in each run, at least")
    parser.add_argument("--step", type=int, default=1, help="kill at each so-many-th call only")
    parser.add_argument("--rounds", type=int, default=30, help="of the cost, in pairs")
    parser.add_argument("--seconds", type=int, default=3, help="of each round")
    parser.add_argument("--year", type=int, default=2_000_000, help="requests of the year")
    parser.add_argument("--databases", type=_listed(_DATABASES), default=tuple(_DATABASES))
    parser.add_argument(
        "--parts", type=_listed(_TITLES), default=tuple(_TITLES), help=", ".join(_TITLES)
    )
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="what is kept")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    return parser.parse_args(arguments)


def _kept(options: argparse.Namespace, part: str) -> Path:
    """Where the tables of a part are kept, so that parts can be measured one at a time."""
    folder: Path = options.folder
    return folder / f"pageviews-{part}.md"


def _listed(known: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    def split(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if not set(chosen) <= set(known):
            raise argparse.ArgumentTypeError(f"choose of {', '.join(known)}")
        return chosen

    return split


if __name__ == "__main__":
    raise SystemExit(main())
