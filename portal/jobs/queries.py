"""Reading how jobs went."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.jobs.models import JobRequest, JobRun
from portal.jobs.registry import JOBS, Job
from portal.jobs.schedule import RETRY_AFTER, Daily, is_wanted

GONE_AFTER = timedelta(days=7)
"""A host that did none of its own jobs for so long is no more: even what fails is tried again."""


def list_runs(session: Session, *, now: datetime) -> dict[Job, list[JobRun]]:
    """The last runs of every job, one for each place that it runs at."""
    runs = select(JobRun).where(_is_current(now)).order_by(JobRun.name, JobRun.place)
    found = session.scalars(runs).all()
    return {job: [run for run in found if run.name == job.name] for job in JOBS}


def list_wanted(session: Session, *, now: datetime) -> set[Job]:
    """Jobs that somebody wants to run and that did not begin since, at one place at least."""
    wishes = {wish.name: wish.requested_at for wish in session.scalars(select(JobRequest))}

    def is_waiting(job: Job, runs: list[JobRun]) -> bool:
        last: list[JobRun | None] = [*runs] or [None]
        return any(is_wanted(wishes.get(job.name), run) for run in last)

    return {job for job, runs in list_runs(session, now=now).items() if is_waiting(job, runs)}


def list_late(session: Session, *, now: datetime) -> set[Job]:
    """Daily jobs that have run before, but not at their last time: nobody looks for due jobs."""
    found = set()
    for job, runs in list_runs(session, now=now).items():
        if isinstance(job.schedule, Daily) and runs:
            last_due = job.schedule.last_due(now - RETRY_AFTER)
            if max(run.started_at for run in runs) < last_due:
                found.add(job)
    return found


def list_failed(session: Session, *, now: datetime) -> set[Job]:
    """Jobs with a last run that failed or never came to its end."""
    is_cut_short = and_(JobRun.finished_at.is_(None), JobRun.started_at <= now - RETRY_AFTER)
    wanted = select(JobRun.name).where(_is_current(now), or_(JobRun.is_failed, is_cut_short))
    names = set(session.scalars(wanted))
    return {job for job in JOBS if job.name in names}


def newest_run(session: Session, job: Job) -> JobRun | None:
    """The run of a job that began last, wherever that was."""
    runs = select(JobRun).where(JobRun.name == job.name)
    return session.scalar(runs.order_by(JobRun.started_at.desc()).limit(1))


def _is_current(now: datetime) -> ColumnElement[bool]:
    """Runs at places that are there still."""
    return or_(JobRun.place == "", JobRun.started_at > now - GONE_AFTER)
