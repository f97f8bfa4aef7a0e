"""A generated year that the portal counts and reports, held against its sums worked out anew."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
_CLOCK = "2026-05-01T12:00:00+09:00"
_KIBIBYTES_PER_MB = 1024


class StepFailedError(Exception):
    """A command of the portal failed; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done, and the most memory that a process of it held."""

    name: str
    seconds: float
    memory_mb: float


@dataclass(slots=True)
class Year:
    """What came of a year. ``differences`` are sums that are not as they were worked out."""

    requests: int
    page_views: int = 0
    compared: int = 0
    differences: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def play(
    folder: Path, make_database: MakeDatabase, *, size: int, listings: int = LISTINGS, seed: int = 1
) -> Year:
    """Have the portal count raw lines, report the year and count again.

    :param size: requests for pages, of all classes.
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
            held, listings=listings, fiscal_year=FISCAL_YEAR, seed=seed
        )
        writer = YearWriter(shown, fiscal_year=FISCAL_YEAR, views=size, seed=seed)
        year = Year(requests=writer.write(raw))
        shutil.copytree(raw, data / "pageviews" / "spool")
        year.steps.append(_step("roll-up", settings, "jobs", "run", rolling.JOB))
        before = totals.all_totals(held.engine)
        report, step = _report(data, settings)
        year.steps.append(step)
        year.steps.append(_step("recount", settings, "pageviews", "recount", "--json"))
        expected = sums_of(raw, shown, fiscal_year=FISCAL_YEAR)
        year.page_views = expected.total
        compared = hold_against(report, expected)
        compared += hold_tables_against(held.engine, expected, fiscal_year=FISCAL_YEAR)
        compared += [
            Compared("requests of all days", year.requests, totals.requests(held.engine)),
            Compared("recount", before, totals.all_totals(held.engine)),
            Compared("files left in the spool", [], os.listdir(data / "pageviews" / "spool")),
        ]
    year.compared = len(compared)
    year.differences = [each.told for each in compared if each.is_different]
    return year


def _report(data: Path, settings: Mapping[str, str]) -> tuple[dict[str, Any], Step]:
    path = data / "report.json"
    command = ["report", "yearly", "--fiscal-year", str(FISCAL_YEAR), "--format", "json"]
    step = _step("report", settings, *command, "-o", str(path))
    return json.loads(path.read_text("utf-8")), step


def _step(name: str, settings: Mapping[str, str], *arguments: str) -> Step:
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
    if status:
        raise StepFailedError(f"{name}: {told.decode()[-2000:]}")
    return Step(name, time.perf_counter() - began, used.ru_maxrss / _KIBIBYTES_PER_MB)
