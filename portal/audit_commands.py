"""``portal audit``: whether the record of who did what is whole."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from portal.audit.anchors import Anchor, anchors_path, read_anchors
from portal.audit.verification import Verification
from portal.audit.verification import verify as verify_record
from portal.command_context import CommandContext
from portal.errors import NotFoundError


@click.group()
def audit() -> None:
    """Look after the record of who did what."""


@audit.command()
@click.option(
    "--anchors",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with the anchors in FILE, too, such as copies kept elsewhere; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def verify(context: CommandContext, files: tuple[Path, ...], as_json: bool) -> None:
    """Find the first event that was changed, removed, added or moved. Exit 1 if there is one.

    Only anchors show an end that was cut off. Those of this host are always used.
    """
    anchors = read_anchors(anchors_path(context.settings.data_dir))
    for file in files:
        anchors += _given_anchors(file)
    with context.resources.sessions() as session:
        found = verify_record(session, anchors)
    click.echo(json.dumps(asdict(found)) if as_json else _told(found))
    if found.fault is not None:
        sys.exit(1)


def _given_anchors(file: Path) -> tuple[Anchor, ...]:
    if not file.is_file():
        raise NotFoundError(f"there is no file {file}")
    return read_anchors(file)


def _told(found: Verification) -> str:
    if found.fault is not None:
        return (
            f"event {found.fault.seq}: {found.fault.reason}\n"
            f"the record is whole up to event {found.events}; {found.anchors} anchors agree"
        )
    if not found.events:
        return "there are no events"
    ending = (
        f"{found.anchors} anchors agree"
        if found.anchors
        else "there are no anchors: an end that was cut off would not show"
    )
    return (
        f"the record is whole: {found.events} events, the last with the hash {found.head_hash}\n"
        f"{ending}"
    )
