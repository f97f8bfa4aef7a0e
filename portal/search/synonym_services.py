"""What may be done to synonyms. Callers commit; searches follow with their next request."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.errors import FieldProblem, InvalidInputError
from portal.search.models import (
    LONGEST_MEMBER,
    LONGEST_NOTE,
    SynonymCategory,
    SynonymGroup,
    SynonymMember,
    SynonymRevision,
)
from portal.search.words import folded
from search_index import find_only_word

logger = logging.getLogger(__name__)

FEWEST_MEMBERS = 2
MOST_MEMBERS = 30
"""Each word of a group is searched for, so a group cannot be endless."""

MOST_SAYINGS = 60
"""Where words are added, the others are only recognised."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SynonymContent:
    """What a group says, as somebody typed it."""

    members: tuple[str, ...]
    """Words that mean the same; or what is said, where words are ``added`` for it."""
    category: str = SynonymCategory.OTHER
    note: str = ""
    is_enabled: bool = True
    added: tuple[str, ...] = ()
    """May hold a member again: then the others are added for it."""

    def tidied(self) -> "SynonymContent":
        """Without empty lines and needless spaces."""
        return SynonymContent(
            _tidied(self.members),
            self.category.strip(),
            " ".join(self.note.split()),
            self.is_enabled,
            _tidied(self.added),
        )


def _tidied(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(tidied for text in texts if (tidied := " ".join(text.split())))


def content_of(group: SynonymGroup) -> SynonymContent:
    """What a group says now."""
    return SynonymContent(group.texts, group.category, group.note, group.is_enabled, group.added)


def find_problems(content: SynonymContent) -> list[FieldProblem]:
    """What keeps a tidied content from being stored; empty if nothing does."""
    problems = [FieldProblem("members", text) for text in _problems_of_number(content)]
    problems += [FieldProblem("members", text) for text in _problems_of_members(content.members)]
    problems += [FieldProblem("members", text) for text in _problems_of_members(content.added)]
    if content.added:
        problems += [FieldProblem("members", text) for text in _problems_of_sayings(content)]
    if content.category not in list(SynonymCategory):
        text = f"分類は {'、'.join(SynonymCategory)} から選んでください。"
        problems.append(FieldProblem("category", text))
    if len(content.note) > LONGEST_NOTE or not content.note.isprintable():
        text = f"メモは{LONGEST_NOTE}文字までの文字だけで入れてください。"
        problems.append(FieldProblem("note", text))
    return problems


def _problems_of_number(content: SynonymContent) -> Iterable[str]:
    members, added = content.members, content.added
    if added and not members:
        yield "言いかえて探すもとのことばを1つ以上入れてください。"
    if not added and len(members) < FEWEST_MEMBERS:
        yield f"同じ意味のことばを{FEWEST_MEMBERS}つ以上入れてください。"
    if not added and len(members) > MOST_MEMBERS:
        yield f"ことばは{MOST_MEMBERS}個までです。いくつかの組に分けてください。"
    if added and len(members) > MOST_SAYINGS:
        yield f"もとのことばは{MOST_SAYINGS}個までです。いくつかの組に分けてください。"
    if len(added) > MOST_MEMBERS:
        yield f"加えて探すことばは{MOST_MEMBERS}個までです。"


def _problems_of_members(members: tuple[str, ...]) -> Iterable[str]:
    seen: set[str] = set()
    for member in members:
        shown = _shown(member)
        if not member.isprintable():
            yield f"「{shown}」に使えない文字があります。入れ直してください。"
        elif len(member) > LONGEST_MEMBER:
            yield f"「{shown}」は長すぎます。{LONGEST_MEMBER}文字までにしてください。"
        elif not any(character.isalnum() for character in folded(member)):
            yield f"「{shown}」には文字か数字がありません。ことばを入れてください。"
        if folded(member) in seen:
            yield f"「{shown}」が2回あります。1つにしてください。"
        seen.add(folded(member))


def _problems_of_sayings(content: SynonymContent) -> Iterable[str]:
    """A saying that comes down to one common word would take over all texts that have it."""
    for saying in content.members:
        if word := find_only_word(saying):
            shown = _shown(saying)
            yield (
                f"「{shown}」は「{word}」だけと同じに扱われ、「{word}」を含むどの検索にも当てはまって"
                f"しまいます。場面の分かることばを足すか、それでよければ「{word}」と入れてください。"
            )


def _shown(text: str) -> str:
    """A word as it may be repeated to its sender."""
    readable = "".join(character if character.isprintable() else "�" for character in text)
    return readable if len(readable) <= _SHOWN else readable[:_SHOWN] + "…"


def add_group(session: Session, content: SynonymContent, *, now: datetime) -> SynonymGroup:
    """A new group.

    :raises InvalidInputError: the content breaks a rule.
    """
    group = SynonymGroup()
    store(session, group, content, now=now)
    count_change(session)
    logger.info("synonym group %d added", group.id)
    return group


def change_group(
    session: Session, group: SynonymGroup, content: SynonymContent, *, now: datetime
) -> None:
    """Give a group another content; a default one is from then on left alone by new defaults.

    :raises InvalidInputError: the content breaks a rule.
    """
    group.is_edited = True
    store(session, group, content, now=now)
    count_change(session)
    logger.info("synonym group %d changed", group.id)


def remove_group(session: Session, group: SynonymGroup, *, now: datetime) -> None:
    """Take a group out of the list; it can be restored. Removing it again changes nothing."""
    if group.removed_at is None:
        group.removed_at = now
        _touch(session, group, now=now)
        logger.info("synonym group %d removed", group.id)


def restore_group(session: Session, group: SynonymGroup, *, now: datetime) -> None:
    """Bring a removed group back as it was."""
    if group.removed_at is not None:
        group.removed_at = None
        _touch(session, group, now=now)
        logger.info("synonym group %d restored", group.id)


def store(session: Session, group: SynonymGroup, content: SynonymContent, *, now: datetime) -> None:
    """Put a content into a new or present group. The change has yet to be counted.

    :raises InvalidInputError: the content breaks a rule.
    """
    content = content.tidied()
    if problems := find_problems(content):
        raise InvalidInputError(problems)
    group.category = content.category
    group.note = content.note
    group.is_enabled = content.is_enabled
    group.updated_at = now
    session.add(group)
    if (group.texts, group.added) == (content.members, content.added):
        return
    if group.members:
        group.members.clear()
        # Rows of the same keys must be gone before others take their places.
        session.flush()
    words = [(text, False) for text in content.members] + [(text, True) for text in content.added]
    group.members.extend(
        SynonymMember(position=position, text=text, is_added=is_added)
        for position, (text, is_added) in enumerate(words)
    )


def _touch(session: Session, group: SynonymGroup, *, now: datetime) -> None:
    group.is_edited = True
    group.updated_at = now
    count_change(session)


def count_change(session: Session) -> None:
    """Raise the revision, by which processes notice that their copy is old.

    Transactions that change synonyms wait here for each other.
    """
    session.flush()
    session.execute(
        update(SynonymRevision).values(revision=SynonymRevision.revision + 1),
        execution_options={"synchronize_session": False},
    )
