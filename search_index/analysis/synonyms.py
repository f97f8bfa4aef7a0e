"""Words that stand for others, as the caller's table gives them, applied to queries and never to
the index."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from search_index.analysis.hints import Hint, Hints, Need, ideas_beside
from search_index.analysis.normalise import normalise_text
from search_index.analysis.sayings import Saying, read_ideas, read_saying
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


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a query that say something, and the words a text about it would use."""

    positions: tuple[int, ...]
    """Of the words that say it, ascending."""
    is_one_term: bool
    """Whether they are one term, in a row, which may have synonyms of its own."""
    term: str
    """As the table spells what is said."""
    added: tuple[str, ...]


class SynonymTable:
    """Words and phrases that mean the same, and sayings with what is meant by them. Immutable;
    equal if the contents are.

    ``groups`` work both ways: each member stands for the others. ``expansions`` are pairs of what
    is said and what is searched for in its place, but not the other way round.

    Members are compared by the dictionary forms of their words, so that spellings the analysis
    folds anyway are one member; sayings by their ideas. Keep a table as long as it is valid: it is
    compiled on first use.
    """

    def __init__(
        self,
        groups: Iterable[Iterable[str]] = (),
        expansions: Iterable[tuple[Iterable[str], Iterable[str]]] = (),
    ) -> None:
        self._groups = tuple(tuple(group) for group in groups)
        self._expansions = tuple((tuple(said), tuple(added)) for said, added in expansions)
        self._hash = hash(self._contents)  # asked for with every query

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, SynonymTable) and self._contents == other._contents
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"SynonymTable({self._groups!r}, {self._expansions!r})"

    @property
    def _contents(self) -> tuple[object, ...]:
        return self._groups, self._expansions

    def expand(self, words: Sequence[Word]) -> list[Expansion]:
        """What is said in ``words``, none of them taken for two sayings: the longer one counts."""
        ideas = read_ideas(words) if self._expansions else []
        held = {idea.word for idea in ideas}
        found: list[tuple[int, Expansion]] = []
        for start, idea in enumerate(ideas):
            for needed, saying in self._sayings_of.get(idea.word, ()):
                # Of hundreds of sayings with a common word, few have no other than the text's.
                if needed <= held and (positions := saying.find(ideas, start)):
                    term, added = self._meanings[saying]
                    expansion = Expansion(positions, saying.is_one_term, term, tuple(added))
                    found.append((len(saying.ideas), expansion))
        found.sort(key=lambda each: (-each[0], each[1].positions))
        taken: set[int] = set()
        chosen: list[Expansion] = []
        for _, expansion in found:
            if taken.isdisjoint(expansion.positions):
                taken.update(expansion.positions)
                chosen.append(expansion)
        return chosen

    def hints(self, words: Sequence[Word], beside: Iterable[Expansion]) -> list[Hint]:
        """What ``words`` hint at beside what they say."""
        if not self._expansions:
            return []
        said = list(beside)
        ideas = ideas_beside(read_ideas(words), (at for each in said for at in each.positions))
        answered = {each.added for each in said}
        return [hint for hint in self._hints.of(ideas) if hint.added not in answered]

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

    @cached_property
    def _read(self) -> Sequence[tuple[Mapping[str, Saying], tuple[str, ...]]]:
        """Of each pair what is said, by its spelling, and what is added."""
        return [
            ({text: saying for text in said if (saying := read_saying(text))}, added)
            for said, added in self._expansions
        ]

    @cached_property
    def _hints(self) -> Hints:
        known = {
            word.normal
            for _, added in self._expansions
            for text in added
            for word in tokenize(normalise_text(text))
        }
        sayings: dict[tuple[str, ...], list[Saying]] = defaultdict(list)
        for said, added in self._read:
            # What adds the same is one need, however many pairs it takes to tell it.
            sayings[added].extend(said.values())
        needs = (Need(tuple(of_need), added) for added, of_need in sayings.items())
        return Hints(needs, frozenset(known))

    @cached_property
    def _meanings(self) -> Mapping[Saying, tuple[str, dict[str, None]]]:
        """For each saying how the table spells it, and what it adds."""
        meanings: dict[Saying, tuple[str, dict[str, None]]] = {}
        for said, added in self._read:
            terms = {text: read_saying(text) for text in added}
            for text, saying in said.items():
                others = (term for term in added if terms[term] != saying)
                meanings.setdefault(saying, (text, {}))[1].update(dict.fromkeys(others))
        return meanings

    @cached_property
    def _sayings_of(self) -> Mapping[str, list[tuple[frozenset[str], Saying]]]:
        """The sayings that have a word, each with all words it has."""
        sayings: dict[str, list[tuple[frozenset[str], Saying]]] = defaultdict(list)
        for saying in self._meanings:
            needed = frozenset(idea.word for idea in saying.ideas)
            for word in dict.fromkeys(idea.word for idea in saying.ideas):
                sayings[word].append((needed, saying))
        return sayings


def _key(member: str) -> _Key:
    """What a member is compared by; empty if it holds no word worth searching for."""
    words = tokenize(normalise_text(member))
    return tuple(word.normal for word in words) if any(word.is_content for word in words) else ()
