"""Doing jobs, and writing down how they went."""

import logging
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.jobs import services
from portal.jobs.context import JobContext
from portal.jobs.lock import local_lock, shared_lock
from portal.jobs.models import LONGEST_DETAIL, JobRun
from portal.jobs.registry import JOBS, Job
from portal.jobs.schedule import is_due, is_wanted

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job went; ``is_failed`` is False too if another process is at it."""

    name: str
    detail: str
    is_failed: bool = False


def get_job(name: str) -> Job:
    """The job of a name.

    :raises NotFoundError: there is none.
    """
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFoundError(f"there is no job {name}: choose one of {', '.join(j.name for j in JOBS)}")


def last_run(session: Session, context: JobContext, job: Job) -> JobRun | None:
    """The last run of a job, here if it is a local one."""
    return session.get(JobRun, (job.name, _place(context, job)))


def list_due(context: JobContext) -> list[Job]:
    """Jobs that should start now."""
    now = context.clock.now()
    with context.sessions() as session:
        return [job for job in JOBS if _is_to_start(session, context, job, now)]


def _is_to_start(session: Session, context: JobContext, job: Job, now: datetime) -> bool:
    before = last_run(session, context, job)
    if is_wanted(services.requested_at(session, job), before):
        return True
    return is_due(job.schedule, before, now) and job.has_work(session, now)


def run_due(context: JobContext) -> Iterator[Outcome]:
    """Do what is due, one after the other; a failure does not keep the others from their turn."""
    for job in list_due(context):
        yield run(context, job, only_if_due=True)


def run(context: JobContext, job: Job, *, only_if_due: bool = False) -> Outcome:
    """Do a job, unless another process is at it."""
    with _lock(context, job) as is_mine:
        if not is_mine:
            return Outcome(job.name, "ほかのプロセスが行っています。")
        now = context.clock.now()
        with write_transaction(context.sessions) as session:
            if only_if_due and not _is_to_start(session, context, job, now):
                return Outcome(job.name, "ほかのプロセスが行いました。")
            place = _place(context, job)
            session.merge(JobRun(name=job.name, place=place, started_at=now, finished_at=None))
        outcome = _act(context, job)
        with write_transaction(context.sessions) as session:
            _write_down(session, context, job, outcome, now=context.clock.now())
        return outcome


def _act(context: JobContext, job: Job) -> Outcome:
    logger.info("job %s starts", job.name)
    try:
        return Outcome(job.name, job.act(context))
    except Exception as error:
        # The top of a job: whatever went wrong is told here and in the table, and others go on.
        logger.exception("job %s failed", job.name)
        lines = str(error).splitlines()
        return Outcome(job.name, lines[0] if lines else type(error).__name__, is_failed=True)


def _write_down(
    session: Session, context: JobContext, job: Job, outcome: Outcome, *, now: datetime
) -> None:
    row = last_run(session, context, job)
    if row is not None:
        row.finished_at = now
        row.is_failed = outcome.is_failed
        row.detail = outcome.detail[:LONGEST_DETAIL]


def _lock(context: JobContext, job: Job) -> AbstractContextManager[bool]:
    if job.is_local:
        return local_lock(context.data_dir, job.name)
    return shared_lock(context.engine, job.name)


def _place(context: JobContext, job: Job) -> str:
    return f"{socket.gethostname()}:{context.data_dir}"[:200] if job.is_local else ""
