"""The synonyms that ship with the portal, and how they get into the database.

Each default has a key that never changes. What an administrator changed or removed is left alone;
the rest follows the file: new groups come, changed ones change, dropped ones go.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.audit.types import Actor
from portal.errors import NotFoundError
from portal.search import synonym_queries, synonym_services
from portal.search.models import SynonymGroup
from portal.search.synonym_content import SynonymContent, content_of
from portal.search.synonym_queries import WordsInForce
from search_index import SynonymTable

_FILE = Path(__file__).resolve().with_name("default_synonyms.json")


_Entry: TypeAlias = list[str] | dict[str, list[str]]
"""Words that mean the same; or what is ``said``, and the words ``added`` for it."""


@cache
def shipped() -> Mapping[str, SynonymContent]:
    """The groups of the file by their keys, in its order."""
    categories: dict[str, dict[str, _Entry]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        key: _content(category, entry)
        for category, groups in categories.items()
        for key, entry in groups.items()
    }


def _content(category: str, entry: _Entry) -> SynonymContent:
    if isinstance(entry, list):
        return SynonymContent(tuple(entry), category)
    return SynonymContent(tuple(entry["said"]), category, added=tuple(entry["added"]))


@cache
def default_synonyms() -> SynonymTable:
    """The same for a search without a database, as benchmarks make."""
    contents = shipped().values()
    return synonym_queries.to_table(WordsInForce(each.members, each.added) for each in contents)


def load(session: Session, *, now: datetime) -> int:
    """Bring untouched groups to what the file says; returns how many were added, changed or
    dropped. Safe to repeat."""
    statement = select(SynonymGroup).where(SynonymGroup.default_key.is_not(None))
    # Held, so that what an administrator changes at this moment is seen, and left alone.
    statement = statement.order_by(SynonymGroup.id).with_for_update()
    rows = session.scalars(statement.options(selectinload(SynonymGroup.members)))
    present = {row.default_key: row for row in rows}
    changed = 0
    for key, content in shipped().items():
        group = present.get(key)
        if group is None:
            synonym_services.store(session, SynonymGroup(default_key=key), content, now=now)
        elif not group.is_edited and content_of(group) != content:
            synonym_services.store(session, group, content, now=now)
        else:
            continue
        changed += 1
    for default_key, group in present.items():
        if default_key not in shipped() and not group.is_edited:
            session.delete(group)
            changed += 1
    if changed:
        synonym_services.count_change(session)
    return changed


def is_shipped(group: SynonymGroup) -> bool:
    """Whether it is one of the file, changed or not."""
    return group.default_key in shipped()


def restore_shipped(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> bool:
    """Make a default group what it is in the file again, removed or not; returns False if it is.

    :raises NotFoundError: it is no default group, or no longer one.
    """
    content = shipped().get(group.default_key or "")
    if content is None:
        raise NotFoundError(f"synonym group {group.id} is not among those that ship")
    return synonym_services.reset_group(session, group, content, actor=actor, now=now)
