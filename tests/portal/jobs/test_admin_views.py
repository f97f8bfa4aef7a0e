"""The prefecture sees how jobs went, and can have one run soon."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs import runner
from portal.jobs.models import JobRun
from portal.jobs.presenters import JOB_TITLES
from portal.jobs.queries import GONE_AFTER
from portal.jobs.registry import JOBS
from tests.accounts import Visitor, events, move_clock, signed_in_admin
from tests.conftest import NOW, resources_of


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


def run_of(resources: Resources, name: str, place: str = "", **fields: object) -> None:
    values = {"started_at": NOW, "finished_at": NOW, "detail": "7 stars"} | fields
    with write_transaction(resources.sessions) as session:
        session.merge(JobRun(name=name, place=place, **values))


def states(admin: Visitor) -> dict[str, list[str]]:
    page = admin.get("/admin/jobs")
    return {
        str(row["data-job"]): [str(run["data-run"]) for run in row.select("[data-run]")]
        for row in page.dom.select("[data-job]")
    }


def test_every_job_is_called_something() -> None:
    assert {job.name for job in JOBS} == set(JOB_TITLES)


def test_all_jobs_are_listed_and_none_ran(admin: Visitor) -> None:
    assert states(admin) == {job.name: [] for job in JOBS}


def test_what_went_wrong_comes_first(admin: Visitor, resources: Resources) -> None:
    run_of(resources, "index-verify", "one:/data")
    run_of(resources, "mail-send", finished_at=None, started_at=NOW - timedelta(minutes=5))
    run_of(resources, "mail-prune", is_failed=True, detail="<b>no disk</b>")
    run_of(resources, "change-log-prune", finished_at=None, started_at=NOW - timedelta(hours=1))
    found = states(admin)
    assert list(found)[:2] == ["change-log-prune", "mail-prune"]
    assert found["change-log-prune"] == ["cut-short"]
    assert found["mail-prune"] == ["failed"]
    assert found["mail-send"] == ["running"]
    assert found["index-verify"] == ["done"]
    assert "<b>no disk</b>" in admin.get("/admin/jobs").text("[data-job=mail-prune]")


def test_each_host_of_a_local_job_is_shown(admin: Visitor, resources: Resources) -> None:
    run_of(resources, "index-verify", "one:/data")
    run_of(resources, "index-verify", "two:/data", is_failed=True)
    assert states(admin)["index-verify"] == ["done", "failed"]


def test_daily_job_that_missed_its_time_comes_first(admin: Visitor, resources: Resources) -> None:
    # Due at 3:10; it is noon.
    run_of(resources, "mail-prune", started_at=NOW - timedelta(days=1, hours=9))
    run_of(resources, "mail-send", started_at=NOW - timedelta(days=2))
    found = states(admin)
    assert next(iter(found.items())) == ("mail-prune", ["late", "done"])
    assert found["mail-send"] == ["done"]


def test_host_that_is_gone_is_forgotten(admin: Visitor, resources: Resources) -> None:
    run_of(resources, "index-verify", "gone:/data", is_failed=True, started_at=NOW - GONE_AFTER)
    run_of(resources, "mail-prune", is_failed=True, started_at=NOW - GONE_AFTER)
    found = states(admin)
    assert found["index-verify"] == []
    assert found["mail-prune"] == ["late", "failed"]


def test_job_is_asked_for_by_a_click_and_run_by_whoever_looks_next(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    list(runner.run_due(resources.job_context()))
    move_clock(app, timedelta(minutes=1))
    assert list(runner.run_due(resources_of(app).job_context())) == []
    asked_at = move_clock(app, timedelta(seconds=1))
    answer = admin.send("/admin/jobs/mail-prune/run")
    assert (answer.status_code, answer.location) == (303, "/admin/jobs")
    assert states(admin)["mail-prune"] == ["done", "wanted"]
    (event,) = events(resources, "job_requested")
    assert (event.actor_label, event.target_type, event.target_id, event.at) == (
        *("ken@pref.example.jp", "job", "mail-prune"),
        asked_at,
    )
    move_clock(app, timedelta(seconds=59))
    held = resources_of(app)
    assert [outcome.name for outcome in runner.run_due(held.job_context())] == ["mail-prune"]
    assert states(admin)["mail-prune"] == ["done"]
    assert list(runner.run_due(held.job_context())) == []


def test_click_itself_runs_nothing(admin: Visitor, resources: Resources) -> None:
    admin.send("/admin/jobs/mail-prune/run")
    with resources.sessions() as session:
        job = runner.get_job("mail-prune")
        assert runner.last_run(session, resources.job_context(), job) is None


def test_unknown_job_is_not_found(admin: Visitor, resources: Resources) -> None:
    assert admin.send("/admin/jobs/make-coffee/run").status_code == 404
    assert events(resources, "job_requested") == []
