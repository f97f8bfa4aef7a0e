"""The ``portal`` command: thin calls to services. Exit 0 for done, 1 for failed, 2 for misuse."""

import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import asdict

import click
from sqlalchemy.exc import SQLAlchemyError

from portal import demo_accounts, installation, pageview_commands
from portal.agency_commands import agency
from portal.audit_commands import audit
from portal.command_context import CommandContext
from portal.config import SettingsError
from portal.errors import PortalError
from portal.indexing.status import index_status
from portal.job_commands import jobs
from portal.report_commands import report
from portal.server import PortalServer, refuse_taken_port, url_host
from portal.synonym_commands import synonym
from portal.user_commands import user
from search_index import SearchIndexError, SearchUnavailableError

_EXPECTED_ERRORS = (PortalError, SearchIndexError, SQLAlchemyError, OSError)


def main() -> None:
    """Entry point: turn what is expected to go wrong into one line on standard error."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SettingsError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
    except SearchUnavailableError as error:
        click.echo(f"portal: the index cannot be used: {error}", err=True)
        click.echo("portal: if nothing else is wrong, run `portal index rebuild`", err=True)
        sys.exit(1)
    except _EXPECTED_ERRORS as error:
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        click.echo(f"portal: {first_line}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Log what is done, on standard error.")
@click.pass_context
def cli(context: click.Context, verbose: bool) -> None:
    """Business-support portal: set up, serve and look after it."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    context.obj = CommandContext()
    context.call_on_close(context.obj.close)


cli.add_command(synonym)
cli.add_command(jobs)
cli.add_command(user)
cli.add_command(audit)
cli.add_command(agency)
cli.add_command(pageview_commands.pageviews)
cli.add_command(report)


@cli.command()
@click.pass_obj
def init(context: CommandContext) -> None:
    """Create or upgrade the database, load vocabularies, build the index. Safe to repeat."""
    installation.initialise(context.resources)
    click.echo("The portal is ready.")


@cli.command()
@click.pass_obj
def demo(context: CommandContext) -> None:
    """Init, and load the sample listings once. Refuses a database that holds other listings."""
    loaded = installation.load_demo(context.resources, on_progress=_progress("listings"))
    click.echo(f"{loaded} sample listings loaded." if loaded else "The samples are there already.")
    click.echo("Accounts to try, for this demo alone:")
    for account in demo_accounts.demo_accounts(context.resources.secret_key):
        click.echo(f"  {account.role:<9} {account.email:<22} {account.password}")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
def serve(context: CommandContext, host: str, port: int, workers: int) -> None:
    """Serve the portal with the production web server."""
    if not installation.is_schema_current(context.resources.engine):
        raise PortalError("the database is not up to date: run `portal init` first")
    with context.resources.sessions() as session:
        demo_accounts.refuse_in_production(context.settings, session)
    refuse_taken_port(host, port)
    # Searches are answered without an index too, so this may fail.
    with suppress(SearchIndexError):
        context.resources.indexer.bring_up_to_date()
    context.resources.engine.dispose()
    click.echo(f"Serving on http://{url_host(host)}:{port}  (Ctrl-C stops)")
    PortalServer(context.settings, host=host, port=port, workers=workers).run()


@cli.group()
def index() -> None:
    """Look after the search index, a copy of the published listings."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(context: CommandContext, as_json: bool) -> None:
    """Say whether the index is usable, and how far behind the database it is."""
    report = index_status(context.resources.sessions, context.resources.index)
    if as_json:
        click.echo(json.dumps(asdict(report)))
    else:
        state = "usable" if report.is_usable else "NOT usable (run `portal index rebuild`)"
        click.echo(f"index: {state}")
        click.echo(f"listings: {report.indexed} indexed, {report.published} published")
        click.echo(f"change log: applied {report.applied_seq} of {report.latest_seq}")
    if not report.is_usable:
        sys.exit(1)


@index.command()
@click.pass_obj
def sync(context: CommandContext) -> None:
    """Apply the changes that are waiting."""
    count = context.resources.indexer.drain(timeout=30)
    click.echo(f"{count} listings brought up to date.")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--repair", is_flag=True, help="Put differences right.")
@click.pass_obj
def verify(context: CommandContext, as_json: bool, repair: bool) -> None:
    """Read the whole index and compare it with the database, both ways. Exit 1 if they differ."""
    held = context.resources
    held.index.check()
    differences = held.indexer.differences()
    if as_json:
        click.echo(json.dumps(asdict(differences) | {"total": differences.total}))
    else:
        click.echo(f"{differences.total} differences")
        for name, ids in asdict(differences).items():
            if ids:
                click.echo(f"  {name}: {' '.join(ids)}")
    if differences.total and repair:
        held.indexer.record_differences(differences, now=held.clock.now())
        held.indexer.drain(timeout=30)
        differences = held.indexer.differences()
    if differences.total:
        sys.exit(1)


@index.command()
@click.pass_obj
def rebuild(context: CommandContext) -> None:
    """Write the index anew beside the old one, then switch. Searches go on meanwhile. If it is
    stopped, the next one goes on from there."""
    indexer = context.resources.indexer
    count = indexer.rebuild(_progress("listings"), processes=os.cpu_count() or 1)
    context.resources.indexer.drain(timeout=30)
    click.echo(f"{count} listings indexed.")


_PROGRESS_STEP = 50


def _progress(what: str) -> installation.Progress:
    """A counter on standard error, where somebody is there to see it."""
    if not sys.stderr.isatty():
        return lambda done: None

    shown = 0

    def show(done: int) -> None:
        nonlocal shown
        if done - shown >= _PROGRESS_STEP:
            click.echo(f"\r{done} {what}", nl=False, err=True)
            shown = done

    return show
