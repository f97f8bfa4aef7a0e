"""``portal pageviews``: how far page views are counted, counting them again, and those of a
predecessor."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from portal.audit.types import OPERATOR
from portal.clock import in_japan
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.errors import InvalidInputError, NotFoundError, PortalError
from portal.pageviews import import_files, imports, standing
from portal.pageviews import recount as recounting
from portal.pageviews.folders import Folders
from portal.reports import closing

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
    found = recounting.recount(
        held.sessions,
        Folders(held.settings.data_dir),
        now=held.clock.now(),
        closed_years=closing.settled_years,
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


@pageviews.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_as_json
@click.pass_obj
def import_(context: CommandContext, file: Path, as_json: bool) -> None:
    """Take over the page views that a predecessor of the portal counted.

    FILE is a CSV file with the columns fiscal_year,month,page_views; without a month, a row is of a
    whole fiscal year. Either all of it is taken over or nothing; the same file again changes
    nothing.
    """
    held = context.resources
    try:
        rows = import_files.read(file.read_bytes())
        with write_transaction(held.sessions) as session:
            closing.take_turn(session)
            found = imports.store(
                session,
                rows,
                closed_years=closing.closed_years(session),
                actor=OPERATOR,
                today=held.clock.today(),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        for problem in error.problems:
            click.echo(problem.message, err=True)
        raise PortalError("nothing was taken over") from error
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{found.added} rows added, {found.changed} changed, {found.unchanged} as before.")


@pageviews.command(name="forget-place")
@click.argument("place")
@click.pass_obj
def forget_place(context: CommandContext, place: str) -> None:
    """No longer wait for the host PLACE, which is gone for good, when a year is closed."""
    with write_transaction(context.resources.sessions) as session:
        if not standing.forget_place(session, place):
            raise NotFoundError(f"there is no {place}: see `portal pageviews status`")
    click.echo(f"{place} is no longer waited for.")
