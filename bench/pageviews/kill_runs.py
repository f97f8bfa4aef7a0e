"""A portal under load whose workers and roll-up are killed, and what it counted in the end."""

import os
import signal
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from random import Random

from bench.pageviews import rolling, totals
from bench.pageviews.readers import READERS, Asked, Ledger, reading
from bench.pageviews.site import Site
from portal.extensions import Resources
from portal.jobs import runner
from tests.functional.servers import Served, served

WORKERS = 2
_KILL_AFTER_S = (0.1, 0.9)
"""Of a worker, after the kill before it; the roll-up in turn with it."""
LOOK_AGAIN_S = 0.05


@dataclass(frozen=True, slots=True)
class KillRun:
    """What came of a run. ``rollups_cut`` are kills that met the roll-up at its work."""

    asked: Asked
    counted: int
    worker_kills: int
    rollup_kills: int
    rollups_cut: int
    seconds: float
    is_recounted_alike: bool
    readers: int = READERS

    @property
    def lost(self) -> int:
        """Answers that were read to their end and are not counted."""
        return max(0, self.asked.answered - self.counted)

    @property
    def over(self) -> int:
        """Views that were counted and whose answers were cut."""
        return max(0, self.counted - self.asked.answered)

    @property
    def bound(self) -> int:
        """So many requests can have been with the workers that were killed."""
        return self.worker_kills * self.readers

    @property
    def is_exact(self) -> bool:
        """Whether what was counted is between what was read and what was asked for."""
        is_between = self.asked.answered <= self.counted <= self.asked.started
        return is_between and self.over <= self.bound and self.is_recounted_alike


class Killer:
    """Kills workers and the roll-up in turn."""

    def __init__(self, site: Site, running: Served, random: Random) -> None:
        self._site = site
        self._running = running
        self._random = random
        self._rolling: subprocess.Popen[str] | None = rolling.start(site.environment)
        self.worker_kills = self.rollup_kills = self.rollups_cut = 0

    def kill_each(self) -> None:
        """A worker after a while, and the roll-up after another."""
        process = self._rolling or rolling.start(self._site.environment)
        self._rolling = None
        self._wait()
        workers = sorted(self._running.workers)
        # One that just ended by itself was not killed.
        with suppress(ProcessLookupError, IndexError):
            os.kill(self._random.choice(workers), signal.SIGKILL)
            self.worker_kills += 1
        self._wait()
        rolling.kill(process)
        self.rollup_kills += 1
        self.rollups_cut += totals.was_cut_short(self._site.held.engine, rolling.JOB)

    def close(self) -> None:
        """End a roll-up that nobody has killed."""
        if self._rolling is not None:
            rolling.kill(self._rolling)

    def _wait(self) -> None:
        time.sleep(self._random.uniform(*_KILL_AFTER_S))


def play(site: Site, *, views: int, seed: int, rounds: int | None = None) -> KillRun:
    """Let readers read and kill until so many pages were read, then count to the end.

    :param rounds: of killing, at most; unbounded unless given.
    """
    began = time.perf_counter()
    with (
        served(site.folder, workers=WORKERS, output=None, **site.settings) as running,
        closing(Killer(site, running, Random(seed))) as killer,
        reading(running.url, site.paths) as ledger,
    ):
        _read_and_kill(ledger, killer, views, rounds)
    asked = ledger.asked
    count_to_the_end(site.held)
    counted, before = totals.human_views(site.held.engine), totals.all_totals(site.held.engine)
    site.recount()
    return KillRun(
        asked=asked,
        counted=counted,
        worker_kills=killer.worker_kills,
        rollup_kills=killer.rollup_kills,
        rollups_cut=killer.rollups_cut,
        seconds=time.perf_counter() - began,
        is_recounted_alike=totals.all_totals(site.held.engine) == before,
    )


def count_to_the_end(held: Resources) -> None:
    """Roll up what is left when nobody writes any more.

    :raises RuntimeError: the job failed.
    """
    outcome = runner.run(held.job_context(), runner.get_job(rolling.JOB))
    if outcome.is_failed:
        raise RuntimeError(outcome.detail)


def _read_and_kill(ledger: Ledger, killer: Killer, views: int, rounds: int | None) -> None:
    done = 0
    while ledger.asked.answered < views:
        if rounds is None or done < rounds:
            killer.kill_each()
            done += 1
        else:
            time.sleep(LOOK_AGAIN_S)
