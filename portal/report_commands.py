"""``portal report``: the yearly report as a file, and what the programme cost."""

from pathlib import Path

import click

from portal import view_counting
from portal.audit.types import OPERATOR
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.errors import PortalError
from portal.fiscal_year import FiscalYear
from portal.pageviews.folders import Folders
from portal.reports import closing, costs, presenters, services, years
from portal.reports.files import render
from portal.reports.services import Maker
from portal.reports.yearly import ReportFormat

_fiscal_year = click.option(
    "--fiscal-year",
    required=True,
    type=click.IntRange(years.FIRST, years.LAST),
    help="The year of its April: 2023 is 令和5年度.",
)


@click.group()
def report() -> None:
    """Yearly reports of page views. Fiscal years are those of Japan."""


@report.command()
@_fiscal_year
@click.option(
    "--format",
    "report_format",
    required=True,
    type=click.Choice([each.value for each in ReportFormat]),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the file goes; one that is there is replaced."
    "  [default: yearly-report-2023.pdf and the like, in this folder]",
)
@click.pass_obj
def yearly(
    context: CommandContext, fiscal_year: int, report_format: str, output: Path | None
) -> None:
    """Write the report of a fiscal year. That of a closed year is the file that was stored."""
    held, wanted = context.resources, ReportFormat(report_format)
    year = years.asked_year(str(fiscal_year), today=held.clock.today())
    # A host that never wrote anything is not to be waited for when a year is closed.
    if any(Folders(held.settings.data_dir).files()):
        view_counting.count_written(held)
    with held.sessions() as session:
        content = closing.stored_file(session, year, wanted)
        if content is None:
            maker = Maker(OPERATOR.label, held.clock.now())
            vocabulary = held.vocabularies.current(session)
            found = services.yearly_report(session, year, vocabulary=vocabulary, maker=maker)
            if found.total_page_views is None:
                raise PortalError(f"nothing is known of the page views of {fiscal_year}")
            content = render(found, wanted, held.typesetter)
    path = output or Path(presenters.file_name(year, wanted))
    path.write_bytes(content)
    click.echo(f"{path}: {year.label}, {len(content):,} bytes")


@report.command(name="set-cost")
@_fiscal_year
@click.option("--yen", required=True, type=click.IntRange(0, costs.MOST_YEN))
@click.pass_obj
def set_cost(context: CommandContext, fiscal_year: int, yen: int) -> None:
    """Enter what the programme cost in a fiscal year. It is recorded as done by the operator."""
    held, year = context.resources, FiscalYear(fiscal_year)
    with write_transaction(held.sessions) as session:
        has_changed = costs.set_cost(session, year, yen, actor=OPERATOR, now=held.clock.now())
    click.echo(f"{year.label}: {yen:,} yen" + ("" if has_changed else ", as before"))
