"""``make bench-alerts``: a simulated year of mails to owners, each held against its foretelling."""

import argparse
import logging
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench import results
from bench.report import table, write_between_markers
from bench.search import DOCUMENT
from bench.timing import quantile
from bench.year.delivery import instruct, wrong_deliveries
from bench.year.foretelling import foretell
from bench.year.plain import Story
from bench.year.stage import Played, Stage
from bench.year.story import Size, make_story
from bench.year.verdict import differing, smallest_story
from portal.config import Settings
from portal.extensions import Resources
from tests.databases import MakeDatabase, postgresql_databases, sqlite_databases
from tests.smtp_server import Taken, mail_server

_WHOLE = Size()
_SHOWN = 5
"""So many differences are told with their stories."""
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Year:
    """A story that was played, and what came of it."""

    story: Story
    played: Played
    taken: Sequence[Taken]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, compare, print, and with ``--write`` put the tables into the documentation."""
    parser = argparse.ArgumentParser(prog="bench.alerts", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=_WHOLE.days)
    parser.add_argument("--listings", type=int, default=_WHOLE.listings)
    parser.add_argument("--searches", type=int, default=_WHOLE.searches)
    parser.add_argument("--members", type=int, default=_WHOLE.members)
    parser.add_argument("--database", choices=list(_DATABASES), default="sqlite")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    options = parser.parse_args(arguments)
    # Each mail that is refused would be told of.
    logging.disable(logging.WARNING)
    size = Size(options.listings, options.searches, options.members, options.days)
    story = make_story(options.seed, size)
    year = _play(story, options.database)
    faults = _faults(year)
    text = (
        f"{results.today()}; {results.machine()}; {_DATABASES[options.database]};"
        f" seed {options.seed}.\n\n{_tables(size, year, faults)}"
    )
    print(text)
    if options.write:
        write_between_markers(DOCUMENT, "bench-alerts", text)
    return 1 if faults else 0


def _play(story: Story, database: str) -> Year:
    with tempfile.TemporaryDirectory() as folder, mail_server() as server:
        instruct(server.sink, story)
        with _databases(database, Path(folder)) as make_database:
            held = Resources.from_settings(
                Settings.from_env(
                    {
                        "PORTAL_DATA_DIR": folder,
                        "PORTAL_DATABASE_URL": make_database(),
                        "PORTAL_SEARCH_LAG_MS": "0",
                        "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{server.port}",
                    }
                )
            )
            held.indexer.rebuild()
            began = time.perf_counter()
            played = Stage(held, story).play(_progress())
            seconds = time.perf_counter() - began
            held.close()
        return Year(story, played, server.sink.taken, seconds)


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[MakeDatabase]:
    if kind == "sqlite":
        yield sqlite_databases(folder)
        return
    with postgresql_databases() as databases, databases.lent() as make:
        yield make


def _progress() -> Callable[[datetime], None]:
    """Tells each month that begins."""
    told: set[int] = set()

    def tell(now: datetime) -> None:
        if now.month not in told:
            told.add(now.month)
            print(f"… {now:%Y-%m}", flush=True)

    return tell


def _faults(year: Year) -> list[str]:
    """All that is not as it should be; the first ones are told with their stories."""
    found = differing(foretell(year.story), year.played.told)
    for difference in found[:_SHOWN]:
        print(smallest_story(year.story, difference), "\n")
    faults = [str(difference.mail) for difference in found]
    return faults + wrong_deliveries(year.story, year.played.letters, year.taken)


def _tables(size: Size, year: Year, faults: Sequence[str]) -> str:
    told, rounds = year.played.told, year.played.rounds
    seconds = [took for _, took in rounds]
    mails = Counter(mail.kind.value for mail in told)
    lines = Counter(line.what for mail in told for line in mail.lines)
    dearest = max(rounds, key=lambda round_: round_[1])
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    acts = Counter(type(moment.act).__name__ for moment in year.story.moments if moment.act)
    return "\n".join(
        [
            f"{size.listings} listings, {size.searches} saved searches, {size.members} members,"
            f" {size.days} days, {sum(acts.values()):,} acts, {len(rounds):,} rounds of the jobs:"
            f" {len(told):,} mails, of which the server took {len(year.taken):,} and refused the"
            f" rest for good. **{len(faults)} differ** from those foretold.",
            "",
            *table(["mail", "mails"], [[kind, f"{count:,}"] for kind, count in mails.items()]),
            *table(["line", "lines"], [[what, f"{count:,}"] for what, count in lines.items()]),
            *table(["act", "times"], [[name, f"{count:,}"] for name, count in acts.items()]),
            f"The jobs of the year took {sum(seconds):.0f} s, a round {quantile(seconds, 0.5):.2f}"
            f" s (p95 {quantile(seconds, 0.95):.2f} s), the dearest {dearest[1]:.2f} s"
            f" ({dearest[0]:%m-%d %H:%M}); sending took {year.played.sending_s:.0f} s, all of it"
            f" {year.seconds:.0f} s, {memory_mb:.0f} MB at most.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
