"""Wishing that a job runs soon.

A page only writes the wish down. Whoever looks for due jobs, each minute beside the server or by a
timer, finds it and runs the job as always: in a process of its own, under its lock. So a click
neither waits for the job nor dies with the web worker, and it does not matter which host it met.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.db import take_turn
from portal.jobs.models import JobRequest
from portal.jobs.registry import Job

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4C3


def request_run(session: Session, job: Job, *, actor: Actor, now: datetime) -> None:
    """Have a job run as soon as somebody looks, on every host that has one of its own."""
    # Two may be the first to wish for it.
    take_turn(session.connection(), _TURN)
    session.merge(JobRequest(name=job.name, requested_at=now))
    session.flush()
    target = Target("job", job.name)
    audit.record(session, AuditAction.JOB_REQUESTED, actor=actor, target=target, now=now)


def requested_at(session: Session, job: Job) -> datetime | None:
    """When somebody last wanted a job to run; None if nobody ever did."""
    wish = session.get(JobRequest, job.name)
    return wish.requested_at if wish else None
