"""In what two wordings of a listing differ, told in words: 「締切：9月30日（水）→10月15日（木）」.

The same tells the history, compares two versions, shows a reviewer what changed, and shows the
second of two writers what the first did.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from portal.listings.content import ListingContent
from portal.listings.field_words import FIELD_LABELS, SEVERAL, ValueWords
from portal.listings.vocabulary import Vocabulary

_LONG_FIELDS = frozenset({"summary", "body", "eligibility", "how_to_apply"})
# Runs of one script: what differs is then told by words, near enough, instead of by characters.
_WORD = re.compile(
    r"[\u3005\u3400-\u9fff\uf900-\ufaff]+|[\u3041-\u309f]+|[\u30a0-\u30ff]+|[0-9０-９,.]+"
    r"|[A-Za-zＡ-Ｚａ-ｚ]+|.",
    re.DOTALL,
)
Several = Sequence[object] | Mapping[str, int]

_LONGEST_TOLD = 60
"""Characters of a value that a line of the history tells; longer ones are said to have changed."""


class Side(StrEnum):
    """Where a piece of a text stands."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is in both wordings, or in one of them."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says something else. Texts are as people read them, empty for nothing.

    ``gained`` and ``lost`` are names, where the field is a choice of several.
    """

    field: str
    before: str
    after: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the field is called."""
        return FIELD_LABELS[self.field]

    @property
    def is_long(self) -> bool:
        """Whether it is text to be read rather than a value to be told."""
        return self.field in _LONG_FIELDS

    def in_words(self) -> str:
        """One line of the history."""
        if self.gained or self.lost:
            told = [f"{name}を追加" for name in self.gained] + [
                f"{name}を外した" for name in self.lost
            ]
            return f"{self.label}：{'、'.join(told)}"
        if self.field in SEVERAL:
            return f"{self.label}：順番を変更"
        if not self.before:
            return self._of_one(self.after, "追加")
        if not self.after:
            return self._of_one(self.before, "削除")
        is_short = max(len(self.before), len(self.after)) <= _LONGEST_TOLD
        if self.is_long or not is_short:
            return f"{self.label}：文章を変更"
        return f"{self.label}：{self.before} → {self.after}"

    def pieces(self) -> tuple[Piece, ...]:
        """The two texts laid over each other."""
        old, new = _WORD.findall(self.before), _WORD.findall(self.after)
        found: list[Piece] = []
        for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                found.append(Piece(Side.BOTH, "".join(old[i:j])))
                continue
            found += [Piece(Side.BEFORE, "".join(old[i:j]))] if j > i else []
            found += [Piece(Side.AFTER, "".join(new[k:m]))] if m > k else []
        return tuple(found)

    def _of_one(self, text: str, what: str) -> str:
        is_told = not self.is_long and len(text) <= _LONGEST_TOLD
        return f"{self.label}：{text}を{what}" if is_told else f"{self.label}：{what}"


def differences(
    before: ListingContent,
    after: ListingContent,
    *,
    vocabulary: Vocabulary,
    agency_names: Mapping[str, str],
    listing_titles: Mapping[str, str],
    today: date,
) -> tuple[Difference, ...]:
    """What differs, in the order of the editor.

    :param agency_names: names by code, for those that take part.
    :param listing_titles: by public id, of those that whoever reads may know of; what is said of
        others is not told.
    :param today: days of another year are told with their year.
    """
    words = ValueWords(vocabulary, agency_names, listing_titles, today)
    before, after = (_told(content, listing_titles) for content in (before, after))
    changed = [name for name in FIELD_LABELS if getattr(before, name) != getattr(after, name)]
    if before.attachments is None or after.attachments is None:
        # Whoever says nothing of files leaves them as they are.
        changed = [name for name in changed if name != "attachments"]
    return tuple(_difference(name, before, after, words) for name in changed)


def _told(content: ListingContent, listing_titles: Mapping[str, str]) -> ListingContent:
    """The same without the listings that whoever reads may not know of."""
    told = (relation for relation in content.relations if relation.listing in listing_titles)
    return replace(content, relations=tuple(told))


def _difference(
    name: str, before: ListingContent, after: ListingContent, words: ValueWords
) -> Difference:
    old, new = getattr(before, name), getattr(after, name)
    if name not in SEVERAL:
        return Difference(name, words.text(name, old), words.text(name, new))
    had, has = words.names(name, old), words.names(name, new)
    if name == "conditions":
        # Each is told whole, so whichever words are new are of a condition that is.
        old, new = had, has
    return Difference(
        name,
        "、".join(had),
        "、".join(has),
        gained=_only_in(new, has, old),
        lost=_only_in(old, had, new),
    )


def _only_in(values: Several, names: Sequence[str], others: Several) -> tuple[str, ...]:
    """The names of values that are not among others; another file may have the same name."""
    known = list(_each(others))
    found = zip(_each(values), names, strict=True)
    return tuple(name for value, name in found if value not in known)


def _each(values: Several) -> Iterable[object]:
    return values.items() if isinstance(values, Mapping) else values
