"""What the words of a text hint at where it says nothing the table knows as a whole.

Sayings are examples of how people talk about a need. Words that mostly stand in those of one need
hint at it in other sentences, too: 仕入れ is in few sayings but those about dear materials.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log

from search_index.analysis.sayings import Idea, Saying
from search_index.analysis.stop_words import QUESTION_WORDS

# A hint has to tell at least as much as a word that only every third need has.
_LEAST = 1.0

# Words of one character hint at anything.
_SHORTEST = 2

# As if each word stood in a bit of a saying more: a word met often proves more than one met once.
_DOUBT = 0.25

# Needs that one text may hint at, and how strongly the others beside the first.
_MOST = 3
_LEAST_OF_BEST = 0.5

_Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Need:
    """One need of owners: how they say it, and the words of texts that answer it."""

    sayings: tuple[Saying, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """Words of a text that hint at a need."""

    positions: tuple[int, ...]
    """Of the words, ascending."""
    added: tuple[str, ...]


class Hints:
    """The needs that words hint at, learnt from sayings."""

    def __init__(self, needs: Iterable[Need], known: frozenset[str]) -> None:
        """Words that are ``known`` to be those of the texts searched mean what they say."""
        self._needs = tuple(needs)
        self._known = known
        self._weights = self._learn()

    def of(self, ideas: Iterable[Idea]) -> list[Hint]:
        """What ideas of a text hint at, the strongest first; no idea hints at two needs."""
        held: dict[int, dict[int, float]] = defaultdict(dict)
        for idea in ideas:
            for need, weight in self._weights.get((idea.word, idea.is_denied), {}).items():
                held[need][idea.position] = weight
        strengths = {need: sum(weights.values()) for need, weights in held.items()}
        best = sorted(strengths, key=lambda need: (-strengths[need], need))
        least = max(_LEAST, _LEAST_OF_BEST * strengths[best[0]]) if best else 0.0
        hints: list[Hint] = []
        taken: set[int] = set()
        for need in islice(best, _MOST):
            if strengths[need] >= least and taken.isdisjoint(held[need]):
                taken.update(held[need])
                hints.append(Hint(tuple(sorted(held[need])), self._needs[need].added))
        return hints

    def _learn(self) -> Mapping[_Key, Mapping[int, float]]:
        """How strongly each word hints at each need: the more, the fewer needs have it at all, and
        the more of its sayings are those of this one."""
        counts: dict[_Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for number, need in enumerate(self._needs):
            for saying in need.sayings:
                for idea in saying.ideas:
                    if idea.word not in self._known and len(idea.word) >= _SHORTEST:
                        # The shorter a saying, the more of it each of its words says.
                        counts[idea.word, idea.is_denied][number] += 1 / len(saying.ideas)
        return {key: self._hinted(of_word) for key, of_word in counts.items()}

    def _hinted(self, counts: Mapping[int, float]) -> dict[int, float]:
        rarity = log(len(self._needs) / len(counts))
        total = sum(counts.values()) + _DOUBT
        return {need: rarity * count / total for need, count in counts.items()}


def ideas_beside(ideas: Sequence[Idea], positions: Iterable[int]) -> list[Idea]:
    """The ideas at other positions."""
    taken = set(positions)
    return [
        idea for idea in ideas if idea.position not in taken and idea.word not in QUESTION_WORDS
    ]
