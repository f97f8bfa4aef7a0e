"""A wish that a job runs soon is met once, by whoever looks next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.clock import Clock
from portal.db import write_transaction
from portal.errors import PortalError
from portal.extensions import Resources
from portal.jobs import queries, runner, services
from portal.jobs.context import JobContext
from portal.jobs.registry import Job
from tests.conftest import NOW
from tests.portal.jobs.test_runner import make_job
from tests.racing import race


@pytest.fixture
def context(unindexed: Resources) -> JobContext:
    """On a database of each kind."""
    return unindexed.job_context()


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[Job], None]:
    """Let there be one other job, and no more."""

    def register(job: Job) -> None:
        monkeypatch.setattr(runner, "JOBS", (job,))
        monkeypatch.setattr(queries, "JOBS", (job,))

    return register


def later(context: JobContext, minutes: int) -> JobContext:
    return replace(context, clock=Clock(NOW + timedelta(minutes=minutes)))


def ask_for(context: JobContext, job: Job) -> None:
    with write_transaction(context.sessions) as session:
        services.request_run(session, job, actor=OPERATOR, now=context.clock.now())


def outcomes(context: JobContext) -> list[str]:
    return [outcome.detail for outcome in runner.run_due(context)]


def is_wanted(context: JobContext, job: Job) -> bool:
    with context.sessions() as session:
        return job in queries.list_wanted(session, now=context.clock.now())


def test_job_runs_before_its_time_and_once(
    context: JobContext, register: Callable[[Job], None]
) -> None:
    job = make_job(lambda _: "7 stars")
    register(job)
    assert outcomes(context) == ["7 stars"]
    ask_for(later(context, 1), job)
    assert is_wanted(context, job)
    assert outcomes(later(context, 2)) == ["7 stars"]
    assert not is_wanted(context, job)
    assert outcomes(later(context, 3)) == []


def test_job_that_never_ran_and_has_no_work_runs_too(
    context: JobContext, register: Callable[[Job], None]
) -> None:
    job = make_job(lambda _: "nothing to do", has_work=lambda _session, _now: False)
    register(job)
    assert outcomes(context) == []
    ask_for(context, job)
    assert outcomes(later(context, 1)) == ["nothing to do"]


def test_failed_job_runs_again_at_once_but_not_for_ever(
    context: JobContext, register: Callable[[Job], None]
) -> None:
    def fail(_context: JobContext) -> str:
        raise PortalError("no stars")

    job = make_job(fail)
    register(job)
    assert outcomes(context) == ["no stars"]
    ask_for(later(context, 1), job)
    assert outcomes(later(context, 2)) == ["no stars"]
    assert outcomes(later(context, 3)) == []


def test_wish_during_a_run_is_met_after_it(
    context: JobContext, register: Callable[[Job], None]
) -> None:
    wishes = [later(context, 1)]
    job = make_job(lambda _: "7 stars")

    def act(_context: JobContext) -> str:
        while wishes:
            ask_for(wishes.pop(), job)
        return "7 stars"

    register(replace(job, act=act))
    assert outcomes(context) == ["7 stars"]
    assert outcomes(later(context, 2)) == ["7 stars"]
    assert outcomes(later(context, 3)) == []


def test_second_wish_takes_the_place_of_the_first(
    context: JobContext, register: Callable[[Job], None]
) -> None:
    job = make_job(lambda _: "7 stars")
    register(job)
    ask_for(context, job)
    ask_for(context, job)
    assert outcomes(later(context, 1)) == ["7 stars"]
    assert outcomes(later(context, 2)) == []


def test_several_who_are_the_first_to_wish_for_a_job_are_all_heard(context: JobContext) -> None:
    job = make_job(lambda _: "")
    assert race(context.sessions, [lambda: ask_for(context, job)] * 4) == [None] * 4
    with context.sessions() as session:
        assert services.requested_at(session, job) == NOW
        assert session.scalars(select(AuditEvent.action)).all() == ["job_requested"] * 4
