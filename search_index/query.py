"""The typed text, understood: words, phrases and exclusions. Any text is legal.

Words are parted by spaces and all have to be found. "…" and 「…」 are phrases, ``-`` before a word
or phrase excludes it. Nothing else is syntax: what looks like an operator, an unbalanced quote or
a lone hyphen is text, and text without a letter or digit is no text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search_index.analysis.grams import Gram, extract_grams
from search_index.analysis.normalise import normalise
from search_index.analysis.synonyms import SynonymTable
from search_index.analysis.tokenizer import Word, tokenize
from search_index.types import SynonymExpansion

MAX_TERMS = 32
MAX_CHARACTERS = 512
"""What a text has beyond these limits is not looked at."""

# More words than this with a particle among them are a sentence.
_SENTENCE_WORDS = 6

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_QUOTE = '"“”„〝〞〟'
_ITEM = re.compile(
    rf"""(?P<minus> (?<!\S) [-−] )?
    (?: [{_QUOTE}] (?P<quoted> [^{_QUOTE}]* ) [{_QUOTE}]
      | 「 (?P<bracketed> [^「」]* ) 」
      | (?P<word> [^\s{_QUOTE}「」]+ ) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text to find: by its content words, or as the same characters in a row."""

    text: str
    words: tuple[str, ...]
    grams: tuple[Gram, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Content words of a chunk that mean one thing, and what else means it."""

    words: tuple[str, ...]
    synonyms: tuple[Searchable, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces, or in quotes."""

    text: str
    """Normalised."""
    span: tuple[int, int]
    """Where it stands in the text as typed."""
    words: tuple[Word, ...]
    grams: tuple[Gram, ...]
    units: tuple[Unit, ...]
    is_phrase: bool


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """All that a text asks for."""

    text: str
    """As typed."""
    required: tuple[Chunk, ...]
    excluded: tuple[Chunk, ...]
    expansions: tuple[SynonymExpansion, ...]

    @property
    def is_sentence(self) -> bool:
        """Whether the text tells what is wanted, rather than naming words to be found."""
        words = [word for chunk in self.required for word in chunk.words]
        return (
            any(word.is_particle for word in words)
            and sum(word.is_content for word in words) > _SENTENCE_WORDS
            and not any(chunk.is_phrase for chunk in self.required)
        )


def parse(text: str, synonyms: SynonymTable) -> ParsedQuery:
    """Understand a typed text."""
    normalised = normalise(_UNSEEN.sub(" ", text[:MAX_CHARACTERS]))
    required: list[Chunk] = []
    excluded: list[Chunk] = []
    expansions: dict[str, SynonymExpansion] = {}
    for item in _ITEM.finditer(normalised.text):
        group = str(item.lastgroup)
        grams = extract_grams(item[group])
        if not grams or len(required) + len(excluded) == MAX_TERMS:
            continue
        words = tokenize(item[group])
        is_plain = group == "word" and not item["minus"]
        units = tuple(_units(words, synonyms if is_plain else SynonymTable(), expansions))
        chunk = Chunk(
            item[group],
            normalised.raw_span(*item.span(group)),
            tuple(words),
            tuple(grams),
            units,
            is_phrase=group != "word",
        )
        (excluded if item["minus"] else required).append(chunk)
    return ParsedQuery(text, tuple(required), tuple(excluded), tuple(expansions.values()))


def _units(
    words: Sequence[Word], synonyms: SynonymTable, expansions: dict[str, SynonymExpansion]
) -> Iterator[Unit]:
    """The units of a chunk in order; notes what the table adds in ``expansions``."""
    at = 0
    while at < len(words):
        match = synonyms.match(words[at:])
        length = match.length if match else 1
        content = dict.fromkeys(word.normal for word in words[at : at + length] if word.is_content)
        if match:
            expansions[match.term] = SynonymExpansion(match.term, match.others)
        if content:
            others = match.others if match else ()
            yield Unit(tuple(content), tuple(map(_searchable, others)))
        at += length


@lru_cache(maxsize=4096)
def _searchable(member: str) -> Searchable:
    text = normalise(member).text
    words = dict.fromkeys(word.normal for word in tokenize(text) if word.is_content)
    return Searchable(text, tuple(words), tuple(extract_grams(text)))
