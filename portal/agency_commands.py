"""``portal agency``: who offers support."""

import json

import click

from portal.agencies import queries, services
from portal.agencies.details import AgencyDetails, Places
from portal.agencies.models import Agency, Approval, Level
from portal.audit.types import OPERATOR
from portal.command_context import CommandContext
from portal.db import write_transaction


@click.group()
def agency() -> None:
    """Look after agencies. What is done here is recorded as done by the operator."""


@agency.command()
@click.option("--code", required=True, help="Small letters, digits, hyphens; for good.")
@click.option("--name", required=True)
@click.option("--level", required=True, type=click.Choice([level.value for level in Level]))
@click.option("--region", default="", metavar="CODE", help="Needed for a municipality.")
@click.option("--kana", default="", help="How the name is read, in hiragana.")
@click.option("--section-mailbox", default="", help="Where its reminders go.")
@click.option(
    "--approval",
    default=Approval.REQUIRED.value,
    show_default=True,
    type=click.Choice([approval.value for approval in Approval]),
    help="Whether an approver has to look before something is published.",
)
@click.pass_obj
def create(context: CommandContext, /, code: str, **details: str) -> None:
    """Add an agency."""
    held = context.resources
    places = Places(held.shipped_vocabulary.regions, held.shipped_vocabulary.tree.municipalities)
    with write_transaction(held.sessions) as session:
        made = services.create(
            session,
            code,
            AgencyDetails(**details),
            places=places,
            actor=OPERATOR,
            now=held.clock.now(),
        )
        click.echo(f"{made.code} is {made.name}.")


@agency.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(context: CommandContext, as_json: bool) -> None:
    """List the agencies: code, level, region, whether approval is required, name."""
    with context.resources.sessions() as session:
        agencies = queries.list_agencies(session)
    if as_json:
        click.echo(json.dumps([_fields(row) for row in agencies], ensure_ascii=False))
        return
    for row in agencies:
        known = f"{row.code:<16} {row.level:<12} {row.region_code or '-':<8} {row.approval:<8}"
        click.echo(f"{known} {row.name}")


def _fields(row: Agency) -> dict[str, str | None]:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "region": row.region_code,
        "approval": row.approval,
        "section_mailbox": row.section_mailbox,
    }
