"""Reading how jobs went."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.jobs.models import JobRequest, JobRun
from portal.jobs.registry import JOBS, Job
from portal.jobs.schedule import RETRY_AFTER, is_wanted


def list_runs(session: Session) -> dict[Job, list[JobRun]]:
    """The last runs of every job, one for each place that it runs at."""
    found = session.scalars(select(JobRun).order_by(JobRun.name, JobRun.place)).all()
    return {job: [run for run in found if run.name == job.name] for job in JOBS}


def list_wanted(session: Session) -> set[Job]:
    """Jobs that somebody wants to run and that did not begin since, at one place at least."""
    wishes = {wish.name: wish.requested_at for wish in session.scalars(select(JobRequest))}

    def is_waiting(job: Job, runs: list[JobRun]) -> bool:
        last: list[JobRun | None] = [*runs] or [None]
        return any(is_wanted(wishes.get(job.name), run) for run in last)

    return {job for job, runs in list_runs(session).items() if is_waiting(job, runs)}


def list_failed(session: Session, *, now: datetime) -> Sequence[JobRun]:
    """Last runs, of jobs there are, that failed or never came to their end."""
    names = [job.name for job in JOBS]
    is_cut_short = and_(JobRun.finished_at.is_(None), JobRun.started_at <= now - RETRY_AFTER)
    wanted = select(JobRun).where(or_(JobRun.is_failed, is_cut_short), JobRun.name.in_(names))
    return session.scalars(wanted.order_by(JobRun.name, JobRun.place)).all()


def newest_run(session: Session, job: Job) -> JobRun | None:
    """The run of a job that began last, wherever that was."""
    runs = select(JobRun).where(JobRun.name == job.name)
    return session.scalar(runs.order_by(JobRun.started_at.desc()).limit(1))
