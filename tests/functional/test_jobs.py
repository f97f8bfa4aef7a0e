"""The process that watches for jobs beside the real server, and how it ends."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal.jobs.registry import JOBS
from portal.jobs.schedule import Daily
from tests.commands import run
from tests.functional.processes import command_of, watchers_of, workers_of
from tests.functional.servers import PORTAL, answers, free_port, wait

Serve = Callable[..., subprocess.Popen[bytes]]

FIRST_JOBS = {job.name for job in JOBS if isinstance(job.schedule, Daily)} | {"pageview-rollup"}
"""What is due in an empty portal. The others that come round often have nothing to do in it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of an empty portal."""
    assert run(tmp_path / "data", "init").returncode == 0
    return tmp_path / "data"


def environ(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder)}


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Starts the server; it is stopped after the test if it still runs."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**settings: str) -> subprocess.Popen[bytes]:
        port = free_port()
        process = subprocess.Popen(  # noqa: S603  (our own command)
            [PORTAL, "serve", "--port", str(port), "--workers", "1"],
            env=environ(folder) | settings,
            cwd=folder.parent,
        )
        started.append(process)
        wait(lambda: answers(port))
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=60)


def finished_runs(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "portal.db")) as database:
        rows = database.execute("SELECT name FROM job_run WHERE finished_at IS NOT NULL").fetchall()
    return {name for (name,) in rows}


def test_due_jobs_run_beside_the_server_and_their_watcher_is_kept(
    folder: Path, serve: Serve
) -> None:
    server = serve()
    wait(lambda: finished_runs(folder) == FIRST_JOBS)
    (first,) = watchers_of(server.pid)
    os.kill(first, signal.SIGKILL)
    wait(lambda: bool(watchers_of(server.pid) - {first}))
    (second,) = watchers_of(server.pid)
    server.terminate()
    assert server.wait(timeout=60) == 0
    assert command_of(second) == b""


def test_watcher_ends_with_a_server_that_is_killed(serve: Serve) -> None:
    server = serve()
    wait(lambda: len(watchers_of(server.pid)) == 1)
    (watcher,) = watchers_of(server.pid)
    server.kill()
    wait(lambda: command_of(watcher) == b"")


def test_external_jobs_are_left_to_others(folder: Path, serve: Serve) -> None:
    server = serve(PORTAL_JOBS="external")
    wait(lambda: len(workers_of(server.pid)) == 1)
    (worker,) = workers_of(server.pid)
    os.kill(worker, signal.SIGKILL)
    # Who replaces a worker has looked at least once for what else is missing.
    wait(lambda: bool(workers_of(server.pid) - {worker}))
    assert watchers_of(server.pid) == set()
    assert finished_runs(folder) == set()


def test_watching_ends_when_told_to(folder: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [PORTAL, "jobs", "watch"], env=environ(folder), cwd=folder.parent
    )
    try:
        wait(lambda: finished_runs(folder) == FIRST_JOBS)
    finally:
        process.terminate()
    assert process.wait(timeout=60) == 0
