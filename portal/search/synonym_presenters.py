"""What the pages and files say by which synonyms are looked after."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.clock import in_japan
from portal.search import synonyms
from portal.search.models import SynonymCategory, SynonymGroup
from portal.search.synonym_content import SynonymContent, content_of
from portal.search.synonym_queries import SharedMember, SynonymState
from portal.search.synonym_trial import TriedTerm
from portal.search.words import folded
from portal.spreadsheets import Cell, csv_chunks

STATE_LABELS = {
    SynonymState.IN_FORCE: "使用中",
    SynonymState.DISABLED: "停止中",
    SynonymState.REMOVED: "外したもの",
}
OVERTAKEN = (
    "この画面を開いたあとで、ほかの管理者がこの組を変更しました。"
    "下の「いまの内容」と見くらべて、よければもう一度「変更を保存する」を押してください。"
)

_SHOWN_IN_LIST = 10
_SHOWN_IN_LINK = 3
_HEADER = (
    *("番号", "分類", "状態", "種類", "ことば・言いまわし", "加えて探すことば", "メモ"),
    *("はじめから入っていた組", "更新日"),
)
_FIELD_LABELS = {
    "members": "ことば",
    "added": "加えて探すことば",
    "category": "分類",
    "note": "メモ",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Some words, and how many more there are."""

    shown: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, in a list or on its own page."""

    id: int
    name: str
    """Its first word."""
    members: Words
    added: Words | None
    """None where the members mean the same."""
    category: str
    note: str
    state: SynonymState
    is_shipped: bool
    is_edited: bool

    @property
    def state_label(self) -> str:
        """Whether searches use it."""
        return STATE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group as other pages name it."""

    id: int
    label: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A word that other groups have too."""

    text: str
    groups: tuple[GroupLink, ...]


@dataclass(frozen=True, slots=True)
class TriedLine:
    """What is searched for beside a part of a text, and why."""

    term: str
    added: tuple[str, ...]
    groups: tuple[GroupLink, ...]
    is_guess: bool


def state_of(group: SynonymGroup) -> SynonymState:
    """Whether searches use a group."""
    if group.removed_at is not None:
        return SynonymState.REMOVED
    return SynonymState.IN_FORCE if group.is_enabled else SynonymState.DISABLED


def group_row(group: SynonymGroup, *, text: str = "", shown: int = _SHOWN_IN_LIST) -> GroupRow:
    """What is told of a group; words that hold the ``text`` that is searched for are not cut."""
    return GroupRow(
        id=group.id,
        name=group.texts[0],
        members=_words(group.texts, folded(text), shown),
        added=_words(group.added, folded(text), shown) if group.added else None,
        category=SynonymCategory(group.category).label,
        note=group.note,
        state=state_of(group),
        is_shipped=synonyms.is_shipped(group),
        is_edited=group.is_edited,
    )


def _words(texts: Sequence[str], wanted: str, shown: int) -> Words:
    if len(texts) <= shown:
        return Words(tuple(texts), 0)
    matching = [text for text in texts if wanted and wanted in folded(text)]
    kept = set(list(dict.fromkeys([*matching, *texts]))[:shown])
    return Words(tuple(text for text in texts if text in kept), len(texts) - len(kept))


def group_link(group: SynonymGroup) -> GroupLink:
    """A group by its first words."""
    words = _words(group.texts, "", _SHOWN_IN_LINK)
    more = f" ほか{words.more}" if words.more else ""
    if group.added:
        label = f"{'、'.join(words.shown)}{more} → {'、'.join(group.added[:_SHOWN_IN_LINK])}"
    else:
        label = f"{' ＝ '.join(words.shown)}{more}"
    return GroupLink(group.id, label, state_of(group) is SynonymState.IN_FORCE)


def shared_lines(
    shared: Iterable[SharedMember], groups: Iterable[SynonymGroup]
) -> tuple[SharedLine, ...]:
    """Words that are in other ``groups`` too, each with all it is in."""
    links = {group.id: group_link(group) for group in groups}
    by_text: dict[str, dict[int, GroupLink]] = {}
    for member in shared:
        by_text.setdefault(member.text, {})[member.group_id] = links[member.group_id]
    return tuple(SharedLine(text, tuple(of.values())) for text, of in by_text.items())


def tried_lines(
    tried: Iterable[TriedTerm], groups: Iterable[SynonymGroup]
) -> tuple[TriedLine, ...]:
    """What a text was widened by."""
    links = {group.id: group_link(group) for group in groups}
    return tuple(
        TriedLine(
            each.term,
            each.added,
            tuple(links[group_id] for group_id in each.group_ids if group_id in links),
            each.is_guess,
        )
        for each in tried
    )


def others(group: SynonymGroup, typed: SynonymContent) -> tuple[tuple[str, str], ...]:
    """What somebody else has made of a group where something else was typed: label and value."""
    now = content_of(group)
    values = {
        "members": ("、".join(now.members), now.members != typed.members),
        "added": ("、".join(now.added), now.added != typed.added),
        "category": (SynonymCategory(now.category).label, now.category != typed.category),
        "note": (now.note, now.note != typed.note),
    }
    return tuple(
        (_FIELD_LABELS[name], value or "（空）")
        for name, (value, differs) in values.items()
        if differs
    )


def category_choices() -> Sequence[tuple[str, str]]:
    """Categories to choose from."""
    return [(category.value, category.label) for category in SynonymCategory]


def groups_csv(groups: Iterable[SynonymGroup]) -> Iterator[str]:
    """A CSV file of groups, bit by bit."""
    return csv_chunks(_HEADER, (_cells(group) for group in groups))


def _cells(group: SynonymGroup) -> tuple[Cell, ...]:
    return (
        group.id,
        SynonymCategory(group.category).label,
        STATE_LABELS[state_of(group)],
        "言いまわし" if group.added else "同じ意味",
        "、".join(group.texts),
        "、".join(group.added),
        group.note,
        "はい" if synonyms.is_shipped(group) else "いいえ",
        in_japan(group.updated_at).strftime("%Y-%m-%d"),
    )
