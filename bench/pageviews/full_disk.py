"""A disk that is full while pages are read: what becomes of the lines that it refuses."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench.pageviews import totals
from bench.pageviews.kill_runs import LOOK_AGAIN_S, WORKERS, count_to_the_end
from bench.pageviews.readers import Asked, reading
from bench.pageviews.site import Site
from tests.functional.servers import served

_ROOM = "64k"
"""Of the spool: a few hundred lines."""


class NotRootError(Exception):
    """Only root may make a small disk."""


@dataclass(frozen=True, slots=True)
class FullDisk:
    """``in_database`` are lines that the disk refused and the database took."""

    asked: Asked
    counted: int
    in_database: int
    is_recounted_alike: bool

    @property
    def is_exact(self) -> bool:
        """Whether every page was served and each is counted once."""
        is_all_served = self.asked.answered == self.asked.started
        is_counted = self.counted == self.asked.answered
        return is_all_served and is_counted and self.in_database > 0 and self.is_recounted_alike


def play(site: Site, *, views: int) -> FullDisk:
    """Read pages until long after the spool's disk is full.

    :raises NotRootError: a small disk cannot be made.
    """
    with _small_disk(site.folder / "pageviews" / "spool"):
        with (
            served(site.folder, workers=WORKERS, output=None, **site.settings) as running,
            reading(running.url, site.paths) as ledger,
        ):
            while ledger.asked.answered < views:
                time.sleep(LOOK_AGAIN_S)
        count_to_the_end(site.held)
    counted, before = totals.human_views(site.held.engine), totals.all_totals(site.held.engine)
    with site.held.engine.connect() as connection:
        kept = int(connection.scalar(text("SELECT COUNT(*) FROM spooled_line")) or 0)
    site.recount()
    is_alike = totals.all_totals(site.held.engine) == before
    return FullDisk(ledger.asked, counted, kept, is_alike)


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    if os.geteuid() != 0:
        raise NotRootError("only root may make a small disk")
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NotRootError(done.stderr.strip())
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607
