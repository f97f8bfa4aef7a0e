"""``portal jobs``: work that is due."""

import json
import sys

import click

from portal.clock import in_japan
from portal.command_context import CommandContext
from portal.jobs import runner
from portal.jobs.models import JobRun
from portal.jobs.registry import JOBS, Job
from portal.jobs.watch import watch as watch_for_jobs


@click.group()
def jobs() -> None:
    """Do what has to be done from time to time. Times are those of Japan."""


@jobs.command()
@click.argument("name", required=False)
@click.pass_obj
def run(context: CommandContext, name: str | None) -> None:
    """Do what is due now, or the job NAME whether due or not. Exit 1 if one failed."""
    held = context.resources.job_context()
    outcomes = [runner.run(held, runner.get_job(name))] if name else runner.run_due(held)
    is_failed = False
    for outcome in outcomes:
        click.echo(f"{outcome.name}: {outcome.detail}", err=outcome.is_failed)
        is_failed = is_failed or outcome.is_failed
    if is_failed:
        sys.exit(1)


@jobs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: CommandContext, as_json: bool) -> None:
    """List the jobs, when they are due and how they went last."""
    held = context.resources.job_context()
    with held.sessions() as session:
        last = {job: runner.last_run(session, held, job) for job in JOBS}
    due = runner.list_due(held)
    if as_json:
        lines = [_fields(job, run, job in due) for job, run in last.items()]
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for job, last_run in last.items():
        click.echo(f"{job.name}  {job.schedule}  {job.summary}")
        click.echo(f"  {_told(last_run)}{', due now' if job in due else ''}")


def _told(last_run: JobRun | None) -> str:
    if last_run is None:
        return "never ran"
    started = f"{in_japan(last_run.started_at):%Y-%m-%d %H:%M}"
    if last_run.finished_at is None:
        return f"{started} not finished"
    return f"{started} {'FAILED: ' if last_run.is_failed else ''}{last_run.detail}"


def _fields(job: Job, last_run: JobRun | None, is_due: bool) -> dict[str, object]:
    finished_at = last_run.finished_at if last_run else None
    return {
        "name": job.name,
        "summary": job.summary,
        "schedule": str(job.schedule),
        "is_due": is_due,
        "started_at": last_run.started_at.isoformat() if last_run else None,
        "finished_at": finished_at.isoformat() if finished_at else None,
        "is_failed": bool(last_run and last_run.is_failed),
        "detail": last_run.detail if last_run else "",
    }


@jobs.command()
@click.option("--until-eof", is_flag=True, help="Stop when standard input ends, too.")
@click.pass_obj
def watch(context: CommandContext, until_eof: bool) -> None:
    """Do what is due, every minute, until stopped. `portal serve` runs this beside itself."""
    watch_for_jobs(context.resources.job_context(), until_eof=until_eof)
