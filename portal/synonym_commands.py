"""``portal synonym``: the words that searches take for the same, as on ``/admin/synonyms``."""

import json
from dataclasses import replace

import click
from sqlalchemy.orm import Session

from portal.audit.types import OPERATOR
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.search import synonym_content, synonym_queries, synonym_services, synonyms
from portal.search.models import SynonymCategory, SynonymGroup
from portal.search.synonym_content import SynonymContent

_CATEGORY = click.Choice([category.value for category in SynonymCategory])
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_category = click.option("--category", type=_CATEGORY, help="What the group speaks of.")
_added = click.option(
    "--added",
    multiple=True,
    metavar="WORD",
    help="Search for this where a WORD is said, not the other way round; repeatable.",
)
_note = click.option("--note", help="Why the group is there, for other administrators.")


@click.group()
def synonym() -> None:
    """Look after synonyms. Changes count from the next search on; nothing is indexed again. What is
    done here is recorded as done by the operator."""


@synonym.command(name="list")
@click.option("--category", type=_CATEGORY, help="Only groups of this category.")
@click.option("--removed", is_flag=True, help="Those that were removed, to be restored.")
@_as_json
@click.pass_obj
def list_(context: CommandContext, category: str | None, removed: bool, as_json: bool) -> None:
    """List all groups with their numbers."""
    with context.resources.sessions() as session:
        groups = synonym_queries.list_groups(session, category=category, is_removed=removed)
        if as_json:
            click.echo(json.dumps([_fields(group) for group in groups], ensure_ascii=False))
        else:
            for group in groups:
                click.echo(_line(group))


@synonym.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@_added
@_category
@_note
@_as_json
@click.pass_obj
def add(
    context: CommandContext,
    words: tuple[str, ...],
    added: tuple[str, ...],
    category: str | None,
    note: str | None,
    as_json: bool,
) -> None:
    """Add a group: two or more words or phrases that mean the same, or sayings with what is added
    for them."""
    held = context.resources
    content = SynonymContent(words, category or SynonymCategory.OTHER, note or "", added=added)
    with write_transaction(held.sessions) as session:
        group = synonym_services.add_group(session, content, actor=OPERATOR, now=held.clock.now())
        _tell(session, group, as_json)


@synonym.command()
@click.argument("number", type=int)
@click.argument("words", nargs=-1, metavar="[WORD...]")
@_added
@_category
@_note
@click.option("--enable/--disable", default=None, help="Whether searches use the group.")
@_as_json
@click.pass_obj
def change(
    context: CommandContext,
    number: int,
    words: tuple[str, ...],
    added: tuple[str, ...],
    category: str | None,
    note: str | None,
    enable: bool | None,
    as_json: bool,
) -> None:
    """Change what is given of a group. WORDs, if any, take the place of all its
    words, and so does what is added."""
    held = context.resources
    now = held.clock.now()
    with write_transaction(held.sessions) as session:
        group = synonym_queries.get_group(session, number)
        content = synonym_content.content_of(group)
        seen = synonym_content.mark_of(content)
        content = replace(
            content,
            members=words or content.members,
            added=added or content.added,
            category=category or content.category,
            note=content.note if note is None else note,
        )
        synonym_services.change_group(session, group, content, actor=OPERATOR, now=now, seen=seen)
        if enable is not None:
            switch = synonym_services.enable_group if enable else synonym_services.disable_group
            switch(session, group, actor=OPERATOR, now=now)
        _tell(session, group, as_json)


@synonym.command()
@click.argument("number", type=int)
@_as_json
@click.pass_obj
def remove(context: CommandContext, number: int, as_json: bool) -> None:
    """Take a group out of the list. A default one does not come back by itself."""
    held = context.resources
    with write_transaction(held.sessions) as session:
        group = synonym_queries.get_group(session, number)
        synonym_services.remove_group(session, group, actor=OPERATOR, now=held.clock.now())
        _tell(session, group, as_json)


@synonym.command()
@click.argument("number", type=int)
@click.option("--as-shipped", is_flag=True, help="A default group as it ships, changes dropped.")
@_as_json
@click.pass_obj
def restore(context: CommandContext, number: int, as_shipped: bool, as_json: bool) -> None:
    """Bring a removed group back as it was."""
    held = context.resources
    now = held.clock.now()
    with write_transaction(held.sessions) as session:
        group = synonym_queries.get_group(session, number)
        if as_shipped:
            synonyms.restore_shipped(session, group, actor=OPERATOR, now=now)
        else:
            synonym_services.restore_group(session, group, actor=OPERATOR, now=now)
        _tell(session, group, as_json)


def _tell(session: Session, group: SynonymGroup, as_json: bool) -> None:
    """What a group is now, and which of its words other groups have too."""
    shared = synonym_queries.list_shared_members(session, group)
    if as_json:
        also_in = [{"text": member.text, "id": member.group_id} for member in shared]
        click.echo(json.dumps(_fields(group) | {"shared": also_in}, ensure_ascii=False))
        return
    click.echo(_line(group))
    for member in shared:
        click.echo(f"  note: 「{member.text}」 is in group {member.group_id} too")


def _line(group: SynonymGroup) -> str:
    states = [
        name
        for name, holds in [
            ("removed", group.removed_at is not None),
            ("disabled", not group.is_enabled),
            ("edited", group.is_edited and group.removed_at is None),
        ]
        if holds
    ]
    state = f" ({', '.join(states)})" if states else ""
    note = f"  # {group.note}" if group.note else ""
    words = f"{'、'.join(group.texts)} → {'、'.join(group.added)}"
    words = words if group.added else " = ".join(group.texts)
    return f"{group.id}  {group.category}{state}  {words}{note}"


def _fields(group: SynonymGroup) -> dict[str, object]:
    return {
        "id": group.id,
        "default_key": group.default_key,
        "category": group.category,
        "members": list(group.texts),
        "added": list(group.added),
        "note": group.note,
        "is_enabled": group.is_enabled,
        "is_edited": group.is_edited,
        "removed_at": group.removed_at.isoformat() if group.removed_at else None,
        "updated_at": group.updated_at.isoformat(),
    }
