"""The synonyms that ship with the portal, and how they get into the database.

Each default has a key that never changes. What an administrator changed or removed is left alone;
the rest follows the file: new groups come, changed ones change, dropped ones go.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.errors import NotFoundError
from portal.search import synonym_services
from portal.search.models import SynonymGroup
from portal.search.synonym_services import SynonymContent, content_of
from search_index import SynonymTable

_FILE = Path(__file__).resolve().with_name("default_synonyms.json")


@cache
def shipped() -> Mapping[str, SynonymContent]:
    """The groups of the file by their keys, in its order."""
    categories: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        key: SynonymContent(tuple(members), category)
        for category, groups in categories.items()
        for key, members in groups.items()
    }


@cache
def default_synonyms() -> SynonymTable:
    """The same for a search without a database, as benchmarks make."""
    return SynonymTable(content.members for content in shipped().values())


def load(session: Session, *, now: datetime) -> int:
    """Bring untouched groups to what the file says; returns how many were added, changed or
    dropped. Safe to repeat."""
    statement = select(SynonymGroup).where(SynonymGroup.default_key.is_not(None))
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


def restore_shipped(session: Session, group: SynonymGroup, *, now: datetime) -> None:
    """Make a default group what it is in the file again, removed or not.

    :raises NotFoundError: it is no default group, or no longer one.
    """
    content = shipped().get(group.default_key or "")
    if content is None:
        raise NotFoundError(f"synonym group {group.id} is not among those that ship")
    group.removed_at = None
    group.is_edited = False
    synonym_services.store(session, group, content, now=now)
    synonym_services.count_change(session)
