"""``portal pageviews``: how far page views are counted, and counting them again."""

import json

import click
from sqlalchemy import select

from portal.clock import in_japan
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.pageviews import recount as recounting
from portal.pageviews import standing
from portal.pageviews.folders import Folders
from portal.reports.models import ClosedYear

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def pageviews() -> None:
    """Look after the counts of page views. Days and fiscal years are those of Japan."""


@pageviews.command()
@_as_json
@click.pass_obj
def status(context: CommandContext, as_json: bool) -> None:
    """Tell until when each host is counted, and what waits on this one."""
    held = context.resources
    folders = Folders(held.settings.data_dir)
    with held.sessions() as session:
        places = standing.list_places(session)
        waiting = standing.waiting_bytes(session, folders)
        damaged, cut = standing.count_damaged(session)
    if as_json:
        told = [
            {"place": row.place, "counted_until": row.counted_until.isoformat()} for row in places
        ]
        fields = {"places": told, "waiting_bytes": waiting}
        click.echo(json.dumps(fields | {"damaged_lines": damaged, "cut_bytes": cut}))
        return
    for row in places:
        click.echo(f"{row.place}  counted until {in_japan(row.counted_until):%Y-%m-%d %H:%M:%S}")
    click.echo(f"{waiting:,} bytes wait on this host")
    if damaged or cut:
        click.echo(f"{damaged:,} damaged lines and {cut:,} cut bytes were left out")


@pageviews.command()
@click.option("--dry-run", is_flag=True, help="Only compare; change nothing.")
@_as_json
@click.pass_obj
def recount(context: CommandContext, dry_run: bool, as_json: bool) -> None:
    """Count all raw lines that are kept again, by the lists of bots of today.

    Totals of days whose raw lines are gone, and of fiscal years that are closed, stay as they are.
    Where several hosts serve, bring their archives to this one first.
    """
    held = context.resources
    with held.sessions() as session:
        closed = session.scalars(select(ClosedYear.fiscal_year)).all()
    found = recounting.recount(
        held.sessions,
        Folders(held.settings.data_dir),
        now=held.clock.now(),
        closed_years=closed,
        is_trial=dry_run,
    )
    before, after = found.digests
    if as_json:
        fields = {
            "since": found.since.isoformat(),
            "lines": found.lines,
            "is_same": found.is_same,
            "before_sha256": before,
            "after_sha256": after,
            "bot_list": found.bot_list,
            "kept_fiscal_years": found.kept_years,
            "is_applied": not dry_run,
        }
        click.echo(json.dumps(fields))
        return
    click.echo(f"{found.lines:,} lines since {found.since}, judged by {found.bot_list}")
    if found.is_same:
        click.echo("The totals are the same, byte for byte.")
        return
    for year in found.kept_years:
        click.echo(f"Fiscal year {year} is closed: its totals stay.")
    click.echo("The totals differ." if dry_run else "The totals were replaced.")
    click.echo(f"  before {before}\n  after  {after}")


@pageviews.command(name="forget-place")
@click.argument("place")
@click.pass_obj
def forget_place(context: CommandContext, place: str) -> None:
    """No longer wait for the host PLACE, which is gone for good, when a year is closed."""
    with write_transaction(context.resources.sessions) as session:
        if not standing.forget_place(session, place):
            raise NotFoundError(f"there is no {place}: see `portal pageviews status`")
    click.echo(f"{place} is no longer waited for.")
