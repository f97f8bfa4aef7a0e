"""Reads of synonyms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.search.models import SynonymCategory, SynonymGroup, SynonymMember, SynonymRevision
from portal.search.words import folded
from search_index import SynonymTable

PER_PAGE = 30
LONGEST_SEARCH = 100

_REVISION = select(SynonymRevision.revision).where(SynonymRevision.id == 1)


@dataclass(frozen=True, slots=True)
class SharedMember:
    """A word that another group has too. Allowed, but worth knowing: it joins what they add."""

    text: str
    group_id: int


class WordsInForce(NamedTuple):
    """The words of a group: ``members`` mean the same, or are sayings for which what is ``added``
    is searched for."""

    members: tuple[str, ...]
    added: tuple[str, ...] = ()


class SynonymState(StrEnum):
    """Whether searches use a group."""

    IN_FORCE = "in_force"
    DISABLED = "disabled"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SynonymFilter:
    """Which groups; what is None or empty does not narrow.

    :param text: a part of one of their words, in any width, case and spacing.
    :param state: None for all groups but those that were removed.
    """

    text: str = ""
    category: SynonymCategory | None = None
    state: SynonymState | None = None


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
    group = session.get(SynonymGroup, group_id) if 0 < group_id <= LARGEST_NUMBER else None
    if group is None:
        raise NotFoundError(f"there is no synonym group {group_id}")
    return group


def find_ids(session: Session, wanted: SynonymFilter) -> list[int]:
    """Numbers of the groups that are wanted: those that have the very word that is searched for
    before those that have it as a part, and else in the order they were made."""
    conditions = _conditions(wanted)
    text = folded(wanted.text)
    if not text:
        groups = select(SynonymGroup.id).where(*conditions).order_by(SynonymGroup.id)
        return list(session.scalars(groups))
    # No database folds as searches do; all words together are read in a few hundredths of a second.
    found: dict[bool, list[int]] = {True: [], False: []}
    for group_id, words in _words(session, *conditions).items():
        spelt = [folded(word) for word in words.members + words.added]
        if any(text in word for word in spelt):
            found[text in spelt].append(group_id)
    return found[True] + found[False]


def list_by_ids(session: Session, ids: Sequence[int]) -> list[SynonymGroup]:
    """The groups of these numbers, in their order."""
    statement = select(SynonymGroup).options(selectinload(SynonymGroup.members))
    groups = session.scalars(statement.where(SynonymGroup.id.in_(ids)))
    by_id = {group.id: group for group in groups}
    return [by_id[group_id] for group_id in ids if group_id in by_id]


def words_in_force(session: Session) -> Mapping[int, WordsInForce]:
    """The words of every group that searches use, by its number."""
    return _words(session, *_conditions(SynonymFilter(state=SynonymState.IN_FORCE)))


def list_in_force(session: Session) -> list[WordsInForce]:
    """The words of every group that searches use."""
    return list(words_in_force(session).values())


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
    others = _words(session, SynonymGroup.removed_at.is_(None), SynonymGroup.id != group.id)
    return [
        SharedMember(own[folded(text)], other_id)
        for other_id, other in others.items()
        if bool(other.added) == bool(group.added)
        for text in other.members
        if folded(text) in own
    ]


def _words(session: Session, *conditions: ColumnElement[bool]) -> dict[int, WordsInForce]:
    rows = session.execute(
        select(SynonymMember.group_id, SynonymMember.text, SynonymMember.is_added)
        .join(SynonymGroup)
        .where(*conditions)
        .order_by(SynonymMember.group_id, SynonymMember.position)
    )
    found = {}
    for group_id, of_group in groupby(rows, key=lambda row: row.group_id):
        held = list(of_group)
        members = tuple(row.text for row in held if not row.is_added)
        found[group_id] = WordsInForce(members, tuple(row.text for row in held if row.is_added))
    return found


def _conditions(wanted: SynonymFilter) -> list[ColumnElement[bool]]:
    is_removed = SynonymGroup.removed_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [
        is_removed if wanted.state is SynonymState.REMOVED else ~is_removed
    ]
    if wanted.state is SynonymState.IN_FORCE:
        conditions.append(SynonymGroup.is_enabled.is_(True))
    if wanted.state is SynonymState.DISABLED:
        conditions.append(SynonymGroup.is_enabled.is_(False))
    if wanted.category is not None:
        conditions.append(SynonymGroup.category == wanted.category.value)
    return conditions
