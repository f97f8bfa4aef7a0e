"""Jobs run when due, one process at a time, and what became of them is written down."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest

from portal.clock import Clock
from portal.errors import NotFoundError, PortalError
from portal.extensions import Resources
from portal.jobs import runner
from portal.jobs.context import JobContext
from portal.jobs.lock import local_lock, shared_lock
from portal.jobs.registry import Job
from portal.jobs.schedule import Daily
from tests.conftest import NOW, make_settings


@pytest.fixture
def context(unindexed: Resources) -> JobContext:
    """On a database of each kind."""
    return context_of(unindexed)


def context_of(held: Resources, *, hours_later: float = 0) -> JobContext:
    clock = Clock(NOW + timedelta(hours=hours_later))
    return replace(held.job_context(), clock=clock)


def make_job(act: Callable[[JobContext], str], **fields: object) -> Job:
    return Job("count-stars", "Count.", Daily(time(2, 30)), act, **fields)  # type: ignore[arg-type]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let there be other jobs."""
    return lambda *jobs: monkeypatch.setattr(runner, "JOBS", jobs)


def test_due_job_runs_once_and_is_written_down(
    context: JobContext, register: Callable[..., None]
) -> None:
    job = make_job(lambda _: "7 stars")
    register(job)
    assert list(runner.run_due(context)) == [runner.Outcome("count-stars", "7 stars")]
    assert list(runner.run_due(context)) == []
    with context.sessions() as session:
        row = runner.last_run(session, context, job)
    assert row is not None
    assert (row.started_at, row.finished_at, row.is_failed) == (NOW, NOW, False)
    assert row.detail == "7 stars"


def test_named_job_runs_whether_due_or_not(context: JobContext) -> None:
    job = make_job(lambda _: "7 stars")
    assert [runner.run(context, job).detail for _ in range(2)] == ["7 stars", "7 stars"]


def test_job_without_work_is_not_due(context: JobContext, register: Callable[..., None]) -> None:
    register(
        make_job(lambda _: "done", has_work=lambda _session, now: now < NOW),
        replace(
            make_job(lambda _: "done", has_work=lambda _session, now: now == NOW), name="other"
        ),
    )
    assert [outcome.name for outcome in runner.run_due(context)] == ["other"]


def test_failure_is_told_and_keeps_no_other_job_from_its_turn(
    context: JobContext, register: Callable[..., None]
) -> None:
    def fail(_: JobContext) -> str:
        raise PortalError("no stars\nat all")

    failing = make_job(fail)
    register(failing, replace(make_job(lambda _: "done"), name="other"))
    assert list(runner.run_due(context)) == [
        runner.Outcome("count-stars", "no stars", is_failed=True),
        runner.Outcome("other", "done"),
    ]
    with context.sessions() as session:
        row = runner.last_run(session, context, failing)
    assert row is not None
    assert (row.is_failed, row.detail) == (True, "no stars")


def test_job_is_not_run_while_another_process_is_at_it(context: JobContext) -> None:
    inner: list[runner.Outcome] = []

    def act(context: JobContext) -> str:
        inner.append(runner.run(context, job))
        return "done"

    job = make_job(act)
    assert runner.run(context, job).detail == "done"
    assert inner == [runner.Outcome("count-stars", "ほかのプロセスが行っています。")]


def test_job_that_became_done_meanwhile_is_left_alone(context: JobContext) -> None:
    job = make_job(lambda _: "done")
    runner.run(context, job)
    assert runner.run(context, job, only_if_due=True).detail == "ほかのプロセスが行いました。"


def test_local_job_runs_on_every_host(unindexed: Resources, tmp_path: object) -> None:
    job = make_job(lambda _: "done", is_local=True)
    here = context_of(unindexed)
    there = replace(here, data_dir=here.data_dir / "other")
    for context in (here, there):
        assert runner.run(context, job, only_if_due=True).detail == "done"


def test_unknown_job_names_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="index-verify, change-log-prune"):
        runner.get_job("count-stars")


def test_locks_of_different_jobs_do_not_meet(context: JobContext) -> None:
    with (
        shared_lock(context.engine, "one") as one,
        shared_lock(context.engine, "two") as two,
        shared_lock(context.engine, "one") as again,
    ):
        assert (one, two, again) == (True, True, False)
    with shared_lock(context.engine, "one") as free:
        assert free


_HOLDER = """
import sys
from pathlib import Path
from portal.db import make_engine
from portal.jobs.lock import local_lock, shared_lock

url, folder = sys.argv[1:]
lock = shared_lock(make_engine(url), "job") if url else local_lock(Path(folder), "job")
with lock as is_mine:
    print(is_mine, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("is_shared", [True, False])
def test_lock_of_a_killed_process_is_free(context: JobContext, is_shared: bool) -> None:
    url = context.engine.url.render_as_string(hide_password=False) if is_shared else ""
    with subprocess.Popen(  # noqa: S603  (our own code)
        [sys.executable, "-c", _HOLDER, url, str(context.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"

        def is_free() -> bool:
            lock = (
                shared_lock(context.engine, "job")
                if is_shared
                else local_lock(context.data_dir, "job")
            )
            with lock as is_mine:
                return is_mine

        assert not is_free()
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=30)
        # The database server notices a moment after the process is gone.
        assert any(is_free() for _ in range(10_000))


def test_settings_choose_who_runs_jobs(tmp_path: object) -> None:
    assert make_settings(tmp_path).jobs == "embedded"  # type: ignore[arg-type]
    external = make_settings(tmp_path, PORTAL_JOBS="external")  # type: ignore[arg-type]
    assert external.jobs == "external"
