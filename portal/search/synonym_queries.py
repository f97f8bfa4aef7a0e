"""Reads of synonyms."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.errors import NotFoundError
from portal.search.models import SynonymGroup, SynonymMember, SynonymRevision
from portal.search.words import folded
from search_index import SynonymTable

# A larger number would be refused by the database, and is the id of nothing.
_LARGEST_ID = 2**31 - 1

_REVISION = select(SynonymRevision.revision).where(SynonymRevision.id == 1)


@dataclass(frozen=True, slots=True)
class SharedMember:
    """A word that another group has too. Allowed, but worth knowing: it joins what they add."""

    text: str
    group_id: int


class WordsInForce(NamedTuple):
    """The words of a group."""

    members: tuple[str, ...]
    added: tuple[str, ...] = ()


def current_revision(session: Session) -> int:
    """Rises with every change of any group; one read by primary key."""
    return session.scalar(_REVISION) or 0


def list_groups(
    session: Session, *, category: str | None = None, is_removed: bool = False
) -> list[SynonymGroup]:
    """Groups in the order they were made, either those in the list or those removed from it."""
    statement = select(SynonymGroup).options(selectinload(SynonymGroup.members))
    removed_at = SynonymGroup.removed_at
    statement = statement.where(removed_at.is_not(None) if is_removed else removed_at.is_(None))
    if category is not None:
        statement = statement.where(SynonymGroup.category == category)
    return list(session.scalars(statement.order_by(SynonymGroup.id)))


def get_group(session: Session, group_id: int) -> SynonymGroup:
    """A group, removed or not.

    :raises NotFoundError: there is none.
    """
    group = session.get(SynonymGroup, group_id) if 0 < group_id <= _LARGEST_ID else None
    if group is None:
        raise NotFoundError(f"there is no synonym group {group_id}")
    return group


def list_in_force(session: Session) -> list[WordsInForce]:
    """The words of every group that searches use."""
    rows = session.execute(
        select(SynonymMember.group_id, SynonymMember.text, SynonymMember.is_added)
        .join(SynonymGroup)
        .where(SynonymGroup.is_enabled, SynonymGroup.removed_at.is_(None))
        .order_by(SynonymMember.group_id, SynonymMember.position)
    )
    by_group = (list(group) for _, group in groupby(rows, key=lambda row: row.group_id))
    return [
        WordsInForce(
            tuple(row.text for row in group if not row.is_added),
            tuple(row.text for row in group if row.is_added),
        )
        for group in by_group
    ]


def to_table(groups: Iterable[WordsInForce]) -> SynonymTable:
    """Groups as searches use them."""
    held = list(groups)
    return SynonymTable(
        (members for members, added in held if not added),
        ((members, added) for members, added in held if added),
    )


def list_shared_members(session: Session, group: SynonymGroup) -> list[SharedMember]:
    """Words of a group that other groups of its sort have too, however they are spelt."""
    own = {folded(text): text for text in group.texts}
    return [
        SharedMember(own[folded(text)], other.id)
        for other in list_groups(session)
        if other.id != group.id and bool(other.added) == bool(group.added)
        for text in other.texts
        if folded(text) in own
    ]
