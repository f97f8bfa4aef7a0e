"""A generated year that the portal counts and reports, held against its sums worked out anew."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.pageviews import rolling, totals
from bench.pageviews.comparing import Compared, hold_against, hold_tables_against
from bench.pageviews.raw_lines import YearWriter
from bench.pageviews.raw_sums import sums_of
from bench.pageviews.year_site import publish_changing_listings
from portal.config import Settings
from portal.extensions import Resources
from tests.databases import MakeDatabase

FISCAL_YEAR = 2025
LISTINGS = 300
ROLL_UP = "roll-up"
_CLOCK = "2026-05-01T12:00:00+09:00"
_REPORT = ("report", "yearly", "--fiscal-year", str(FISCAL_YEAR), "--format", "json", "-o")
_SEED = 1
_KIBIBYTES_PER_MB = 1024


class StepFailedError(Exception):
    """A command of the portal failed; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done, and the most memory that a process of it held."""

    name: str
    seconds: float
    memory_mb: float


Run = Callable[[str, Mapping[str, str], Sequence[str]], Step]
"""Runs a command of the portal that is a step of so-and-so, with some settings."""


@dataclass(slots=True)
class Year:
    """What came of a year. ``differences`` are sums that are not as they were worked out."""

    requests: int
    page_views: int = 0
    compared: int = 0
    differences: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def in_processes(name: str, settings: Mapping[str, str], arguments: Sequence[str]) -> Step:
    """Run a command of the portal, and tell what it took.

    :raises StepFailedError: it failed.
    """
    portal = Path(sys.executable).with_name("portal")
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [portal, *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    told = process.stderr.read() if process.stderr else b""
    # Not by ``wait``, which does not tell what the process used.
    _, status, used = os.wait4(process.pid, 0)
    # Where lines are damaged the job says that it failed, so that somebody looks at them.
    if status and name != ROLL_UP:
        raise StepFailedError(f"{name}: {told.decode()[-2000:]}")
    return Step(name, time.perf_counter() - began, used.ru_maxrss / _KIBIBYTES_PER_MB)


def play(
    folder: Path,
    make_database: MakeDatabase,
    *,
    size: int,
    listings: int = LISTINGS,
    days_a_file: int = 1,
    run: Run = in_processes,
) -> Year:
    """Have the portal count raw lines, report the year and count again.

    :param size: requests for pages, of all classes.
    :param run: runs a command of the portal.
    :raises StepFailedError: a command failed.
    """
    data, raw = folder / "data", folder / "raw"
    settings = {
        "PORTAL_DATA_DIR": str(data),
        "PORTAL_DATABASE_URL": make_database(),
        "PORTAL_CLOCK": _CLOCK,
    }
    with closing(Resources.from_settings(Settings.from_env(settings))) as held:
        shown = publish_changing_listings(
            held, listings=listings, fiscal_year=FISCAL_YEAR, seed=_SEED
        )
        writer = YearWriter(shown, fiscal_year=FISCAL_YEAR, views=size, seed=_SEED)
        year = Year(requests=writer.write(raw, days_a_file=days_a_file))
        shutil.copytree(raw, data / "pageviews" / "spool")
        year.steps.append(run(ROLL_UP, settings, ["jobs", "run", rolling.JOB]))
        before = totals.all_totals(held.engine)
        year.steps.append(run("report", settings, [*_REPORT, str(folder / "report.json")]))
        report = json.loads((folder / "report.json").read_text("utf-8"))
        year.steps.append(run("recount", settings, ["pageviews", "recount", "--json"]))
        expected = sums_of(raw, shown, fiscal_year=FISCAL_YEAR)
        year.page_views = expected.total
        compared = hold_against(report, expected)
        compared += hold_tables_against(held.engine, expected, fiscal_year=FISCAL_YEAR)
        compared += [
            Compared("requests of all days", year.requests, totals.requests(held.engine)),
            Compared(
                "damaged lines and cut bytes",
                (expected.damaged_lines, expected.cut_bytes),
                totals.damaged(held.engine),
            ),
            Compared("recount", before, totals.all_totals(held.engine)),
            Compared("files left in the spool", [], os.listdir(data / "pageviews" / "spool")),
        ]
    year.compared = len(compared)
    year.differences = [each.told for each in compared if each.is_different]
    return year
