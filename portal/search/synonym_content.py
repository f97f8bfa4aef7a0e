"""What a synonym group says, and the rules it has to keep."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.errors import FieldProblem
from portal.search.models import LONGEST_MEMBER, LONGEST_NOTE, SynonymCategory, SynonymGroup
from portal.search.words import folded
from search_index import find_only_word

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
    added: tuple[str, ...] = ()
    """May hold a member again: then the others are added for it."""

    def tidied(self) -> "SynonymContent":
        """Without empty lines and needless spaces."""
        return SynonymContent(
            _tidied(self.members),
            self.category.strip(),
            " ".join(self.note.split()),
            _tidied(self.added),
        )


def _tidied(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(tidied for text in texts if (tidied := " ".join(text.split())))


def content_of(group: SynonymGroup) -> SynonymContent:
    """What a group says now."""
    return SynonymContent(group.texts, group.category, group.note, group.added)


def mark_of(content: SynonymContent) -> str:
    """A short text that is another one for another content."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def find_problems(content: SynonymContent) -> list[FieldProblem]:
    """What keeps a tidied content from being stored; empty if nothing does."""
    problems = [FieldProblem("members", text) for text in _problems_of_members(content)]
    problems += [FieldProblem("added", text) for text in _problems_of_added(content.added)]
    if content.category not in list(SynonymCategory):
        problems.append(FieldProblem("category", "分類を一覧から選んでください。"))
    if len(content.note) > LONGEST_NOTE or not content.note.isprintable():
        text = f"メモは{LONGEST_NOTE}文字までの文字だけで入れてください。"
        problems.append(FieldProblem("note", text))
    return problems


def _problems_of_members(content: SynonymContent) -> Iterator[str]:
    members, is_directed = content.members, bool(content.added)
    most = MOST_SAYINGS if is_directed else MOST_MEMBERS
    if len(members) > most:
        # Of thousands of words, what else is wrong with each helps nobody.
        what = "もとのことば" if is_directed else "ことば"
        yield f"{what}は{most}個までです。いくつかの組に分けてください。"
        return
    if is_directed and not members:
        yield "言いかえて探すもとのことばを1つ以上入れてください。"
    if not is_directed and len(members) < FEWEST_MEMBERS:
        yield f"同じ意味のことばを{FEWEST_MEMBERS}つ以上入れてください。"
    spelt_wrong = list(_problems_of_words(members))
    yield from spelt_wrong
    if is_directed and not spelt_wrong:
        yield from _problems_of_sayings(members)


def _problems_of_added(added: tuple[str, ...]) -> Iterator[str]:
    if len(added) > MOST_MEMBERS:
        yield f"加えて探すことばは{MOST_MEMBERS}個までです。"
    else:
        yield from _problems_of_words(added)


def _problems_of_words(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for word in words:
        shown = _shown(word)
        if not word.isprintable():
            yield f"「{shown}」に使えない文字があります。入れ直してください。"
        elif len(word) > LONGEST_MEMBER:
            yield f"「{shown}」は長すぎます。{LONGEST_MEMBER}文字までにしてください。"
        elif not any(character.isalnum() for character in folded(word)):
            yield f"「{shown}」には文字か数字がありません。ことばを入れてください。"
        if folded(word) in seen:
            yield f"「{shown}」が2回あります。1つにしてください。"
        seen.add(folded(word))


def _problems_of_sayings(sayings: Iterable[str]) -> Iterator[str]:
    """A saying that comes down to one common word would take over all texts that have it."""
    for saying in sayings:
        if word := find_only_word(saying):
            shown = _shown(saying)
            yield (
                f"「{shown}」は「{word}」だけと同じに扱われ、「{word}」を含むどの検索にも当てはまって"
                f"しまいます。場面の分かることばを足すか、それでよければ「{word}」と入れてください。"
            )


def _shown(text: str) -> str:
    """A word as it may be repeated to its sender."""
    readable = "".join(character if character.isprintable() else "�" for character in text[:_SHOWN])
    return readable if len(text) <= _SHOWN else readable + "…"
