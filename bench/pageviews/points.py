"""A roll-up that is killed at one system call after the other, by strace, and what is counted when
it is run again."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from bench.pageviews import rolling, totals
from bench.pageviews.plain_year import Listings, Version
from bench.pageviews.raw_lines import YearWriter
from bench.pageviews.raw_sums import Sums, sums_of
from portal.config import Settings
from portal.extensions import Resources
from portal.jobs import runner
from tests import commands
from tests.databases import MakeDatabase

FISCAL_YEAR = 2025
_CLOCK = "2026-05-01T12:00:00+09:00"
_VIEWS = 1_500
_FILES = 3
"""Of the year's many; enough for one to be counted before and one after a kill."""
_RARE_CALLS = ("rename", "renameat2", "unlink", "unlinkat", "ftruncate")
"""By which files come and go, a few times for each."""
_FREQUENT_CALLS = ("write", "pwrite64", "fsync", "fdatasync", "sendto")
"""By which files and both databases are written, each page and message of a transaction."""


class StraceMissingError(Exception):
    """strace is not installed, or may not trace here."""


@dataclass(frozen=True, slots=True)
class Killed:
    """A roll-up that was killed when it began the so-many-th of the calls that change something."""

    call: str
    number: int
    is_exact: bool
    """Whether the next roll-up came to what the lines say, and a recount to the same."""


def kill_everywhere(
    folder: Path, make_database: MakeDatabase, *, step: int = 1
) -> Iterator[Killed]:
    """Kill a roll-up at each of its calls, on a fresh portal each time.

    :param step: of the calls that are frequent, kill at every so-many-th only.
    :raises StraceMissingError: that cannot be done here.
    """
    if shutil.which("strace") is None:
        raise StraceMissingError("no strace: apt-get install strace")
    raw, listings = folder / "raw", _listings()
    writer = YearWriter(listings, fiscal_year=FISCAL_YEAR, views=_VIEWS, seed=1)
    writer.write(folder / "year")
    _take_busiest(folder / "year", raw)
    expected = sums_of(raw, listings, fiscal_year=FISCAL_YEAR)
    steps = dict.fromkeys(_RARE_CALLS, 1) | dict.fromkeys(_FREQUENT_CALLS, step)
    for call, own_step in steps.items():
        for number in count(1, own_step):
            data = folder / f"{call}-{number}"
            (data / "pageviews").mkdir(parents=True)
            shutil.copytree(raw, data / "pageviews" / "spool")
            settings = {"PORTAL_DATABASE_URL": make_database(), "PORTAL_CLOCK": _CLOCK}
            is_killed = _roll_up_until(call, number, data, settings)
            if is_killed:
                yield Killed(call, number, _is_exact(data, settings, expected))
            shutil.rmtree(data)
            if not is_killed:
                break


def by_call(killed: Sequence[Killed]) -> Mapping[str, tuple[int, int]]:
    """For each call how often it was the last, and how often the sums were wrong then."""
    times, wrong = Counter[str](), Counter[str]()
    for each in killed:
        times[each.call] += 1
        wrong[each.call] += not each.is_exact
    return {call: (times[call], wrong[call]) for call in sorted(times)}


def _roll_up_until(call: str, number: int, data: Path, settings: Mapping[str, str]) -> bool:
    """Roll up under strace; gives whether it was killed, and had not come to its end before."""
    portal = Path(sys.executable).with_name("portal")
    command = [
        *("strace", "-f", "-q", "-o", os.devnull, "-e", f"trace={call}", "-e", "signal=none"),
        *("-e", f"inject={call}:signal=SIGKILL:when={number}"),
        *(str(portal), "jobs", "run", rolling.JOB),
    ]
    environment = {**os.environ, **settings, "PORTAL_DATA_DIR": str(data)}
    done = subprocess.run(  # noqa: S603  (our own command)
        command, env=environment, capture_output=True, text=True, check=False
    )
    # strace ends as what it traces does.
    if done.returncode == -signal.SIGKILL:
        return True
    if done.returncode:
        raise StraceMissingError(done.stderr.strip())
    return False


def _is_exact(data: Path, settings: Mapping[str, str], expected: Sums) -> bool:
    environment = {**settings, "PORTAL_DATA_DIR": str(data)}
    with closing(Resources.from_settings(Settings.from_env(environment))) as held:
        runner.run(held.job_context(), runner.get_job(rolling.JOB))
        counted = totals.human_views(held.engine), totals.requests(held.engine)
        before = totals.all_totals(held.engine)
        done = commands.run(data, "pageviews", "recount", "--json", **settings)
        after = totals.all_totals(held.engine)
    all_requests = expected.total + sum(expected.left_out.values())
    is_empty = not any((data / "pageviews" / "spool").iterdir())
    return (
        counted == (expected.total, all_requests)
        and is_empty
        and done.returncode == 0
        and before == after
    )


def _take_busiest(year: Path, raw: Path) -> None:
    """The files that the roll-up has most to do with, of the days that are in the year, and one
    that was cut."""
    raw.mkdir()
    inside = [path for path in year.iterdir() if "20250401" <= path.name[:8] <= "20260331"]
    is_cut = {path: not path.read_bytes().endswith(b"\n") for path in inside}
    whole = sorted(inside, key=lambda path: (is_cut[path], -path.stat().st_size))
    for path in (*whole[:_FILES], next(path for path in inside if is_cut[path])):
        shutil.copyfile(path, raw / path.name)


def _listings() -> Listings:
    return {
        number: (
            Version(
                id=number,
                listing_id=number,
                agency="aomori-pref",
                shown_from=datetime(FISCAL_YEAR, 1, 1),  # noqa: DTZ001  (plain data)
                kind="subsidy",
                purposes=("startup",),
                industries=("*",),
                regions=("pref",),
            ),
        )
        for number in range(1, 11)
    }
