"""What people say, reduced to what it is about: 人が全然来てくれなくて is 人 and 来る, denied.

Two sayings are alike if the same content words are denied in both, whatever particles, endings and
politeness stand between them, and in whichever order they come.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from search_index.analysis.normalise import normalise_text
from search_index.analysis.stop_words import LIGHT_WORDS
from search_index.analysis.tokenizer import Word, tokenize

_DENIALS = frozenset({"ない", "ず", "まい"})
_NOT_THERE = frozenset({"無い"})
_LINKS = frozenset({"て", "で"})
_BEING = frozenset({"居る", "有る", "御座る"})
_WISH = "たい"

# After て these are endings rather than words: 来て貰う, やって見る.
_HELPERS = frozenset(
    [
        "貰う",
        "貰える",
        "呉れる",
        "欲しい",
        "下さる",
        "頂く",
        "見る",
        "行く",
        "来る",
        "置く",
        "仕舞う",
    ]
)

# Light words that make a word of their own with what they directly follow: 保健所, 売り方.
_ENDS_OF_COMPOUNDS = frozenset({"所", "物", "方", "方法"})

# Lost words by which a saying was meant to say more than the one that is left.
_MEANT_TO_SAY = (LIGHT_WORDS | _HELPERS | {"成る", "知れる", "居る", "有る"}) - {"御"}

# Beside a compound other words are often part of what is said: 長く働いてもらう. These are not.
_ASKING = frozenset({"どの", "どんな"})

# 事業にする is not any 事業, but 開店する is 開店.
_MADE = ("に", "為る")

# Words that may stand between those of a saying.
_SLACK = 3


@dataclass(frozen=True, slots=True)
class Idea:
    """A content word of a text, and what its ending says of it."""

    word: str
    """Its dictionary form."""
    position: int
    """Among all words of the text."""
    is_denied: bool = False
    is_wished: bool = False
    is_joined: bool = False
    """Whether the idea before stands directly before it."""


def read_ideas(words: Sequence[Word]) -> list[Idea]:
    """The ideas of a text in order."""
    ideas: list[Idea] = []
    end = -1
    for position, word in enumerate(words):
        if word.normal in _NOT_THERE or _is_denied_being(words, position):
            ideas.append(Idea("有る", position, is_denied=True))
            end = position
        elif word.is_content and not _helps(words, position):
            is_joined = position > 0 and end == position - 1
            if word.normal in LIGHT_WORDS and not (is_joined and word.normal in _ENDS_OF_COMPOUNDS):
                continue
            ideas.append(Idea(word.normal, position, is_joined=is_joined))
            end = position
        elif ideas and not word.is_content and word.normal in _DENIALS:
            ideas[-1] = replace(ideas[-1], is_denied=True)
        elif ideas and not word.is_content and word.normal == _WISH:
            ideas[-1] = replace(ideas[-1], is_wished=True)
    return ideas


def _helps(words: Sequence[Word], position: int) -> bool:
    """Whether a word is an ending of the verb before."""
    follows = position > 0 and words[position - 1].normal in _LINKS
    return follows and words[position].normal in _HELPERS


def _is_denied_being(words: Sequence[Word], position: int) -> bool:
    """Whether a word is the いる of いない, and no helper of the word before, as in 来ていない."""
    if words[position].normal not in _BEING or position == 0:
        return False
    following = words[position + 1 : position + 3]
    is_helper = words[position - 1].normal in _LINKS
    return not is_helper and any(word.normal in _DENIALS for word in following)


def read_saying(text: str) -> "Saying | None":
    """What a text of a table says; its words are counted as if nothing stood between them. None if
    it says nothing."""
    ideas = read_ideas(tokenize(normalise_text(text)))
    numbered = (
        Idea(idea.word, number, idea.is_denied, idea.is_wished and len(ideas) == 1, idea.is_joined)
        for number, idea in enumerate(ideas)
    )
    return Saying(tuple(numbered)) if ideas else None


def find_only_word(text: str) -> str | None:
    """The one word or compound a saying comes down to, as it stands there, where it was meant to
    say more: 輸出 of 輸出できる, 補助金 of どの補助金. None for what says as much as it seems."""
    words = tokenize(normalise_text(text))
    ideas = read_ideas(words)
    says_more = any(idea.is_denied or idea.is_wished for idea in ideas)
    if not ideas or says_more or not Saying(tuple(ideas)).is_one_term:
        return None
    positions = {idea.position for idea in ideas}
    others = [word.normal for at, word in enumerate(words) if at not in positions]
    lost = _ASKING if len(ideas) > 1 else _ASKING | _MEANT_TO_SAY
    is_meant = not lost.isdisjoint(others) or (len(ideas) == 1 and _MADE in pairwise(others))
    return "".join(words[at].surface for at in sorted(positions)) if is_meant else None


@dataclass(frozen=True, slots=True)
class Saying:
    """The ideas to be recognised in a text. Of wishes it only knows those it has itself."""

    ideas: tuple[Idea, ...]

    @property
    def is_one_term(self) -> bool:
        """Whether all its words stand directly one after the other, as those of a noun do."""
        return all(idea.is_joined for idea in self.ideas[1:])

    def find(self, ideas: Sequence[Idea], start: int) -> tuple[int, ...] | None:
        """The positions of its words in a text, if it begins with the idea at ``start``."""
        window = ideas[start : start + len(self.ideas) + (0 if self.is_one_term else _SLACK)]
        places: list[int] = []
        for wanted in self.ideas:
            at = next(self._places(wanted, window, places), None)
            if at is None:
                return None
            places.append(at)
        # 外国人 is not about a foreign country, nor 職場環境 about nature.
        ends = ideas[start + len(places) :][:1] if self.is_one_term else []
        is_compound = self.is_one_term and (
            ideas[start].is_joined or any(end.is_joined and len(end.word) == 1 for end in ends)
        )
        if 0 not in places or is_compound:
            return None
        return tuple(sorted(window[at].position for at in places))

    @staticmethod
    def _places(wanted: Idea, window: Sequence[Idea], taken: Sequence[int]) -> Iterator[int]:
        for at, idea in enumerate(window):
            follows = bool(taken) and at == taken[-1] + 1 and idea.is_joined
            # The 金 of 補助金 is not the money one has.
            is_part = idea.is_joined and not wanted.is_joined and len(idea.word) == 1
            if (
                idea.word == wanted.word
                and idea.is_denied == wanted.is_denied
                and idea.is_wished >= wanted.is_wished
                and at not in taken
                and (follows or not wanted.is_joined)
                and not is_part
            ):
                yield at
