"""Synonyms as the caller's table gives them, applied to queries and never to the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from search_index.analysis.normalise import normalise_text
from search_index.analysis.tokenizer import Word, tokenize

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymMatch:
    """Words of a query that are a member of the table, and the members that mean the same."""

    length: int
    """How many words it takes."""
    term: str
    """The member as the table spells it."""
    others: tuple[str, ...]


class SynonymTable:
    """Groups of words and phrases that mean the same. Immutable; equal if the groups are.

    Members are compared by the dictionary forms of their words, so that spellings the analysis
    folds anyway are one member. Keep a table as long as it is valid: it is compiled on first use.
    """

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self._groups = tuple(tuple(group) for group in groups)
        self._hash = hash(self._groups)  # asked for with every query

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, SynonymTable) and self._groups == other._groups)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"SynonymTable({self._groups!r})"

    def match(self, words: Sequence[Word], *, longest: int | None = None) -> SynonymMatch | None:
        """The longest member that ``words`` begin with, of at most ``longest`` words; or None."""
        length = self._longest_key if longest is None else min(longest, self._longest_key)
        key = tuple(word.normal for word in words[:length])
        for length in range(len(key), 0, -1):
            if found := self._matches.get(key[:length]):
                return found
        return None

    @cached_property
    def _longest_key(self) -> int:
        return max(map(len, self._matches), default=0)

    @cached_property
    def _matches(self) -> dict[_Key, SynonymMatch]:
        spelling: dict[_Key, str] = {}
        others: dict[_Key, dict[_Key, None]] = {}
        for group in self._groups:
            keys: dict[_Key, None] = {}
            for member in group:
                if key := _key(member):
                    keys[key] = None
                    spelling.setdefault(key, member)
            for key in keys:
                others.setdefault(key, {}).update(keys)
        return {
            key: SynonymMatch(
                len(key), spelling[key], tuple(spelling[other] for other in same if other != key)
            )
            for key, same in others.items()
            if len(same) > 1
        }


def _key(member: str) -> _Key:
    """What a member is compared by; empty if it holds no word worth searching for."""
    words = tokenize(normalise_text(member))
    return tuple(word.normal for word in words) if any(word.is_content for word in words) else ()
