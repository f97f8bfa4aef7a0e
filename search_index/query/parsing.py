"""The typed text, understood: words, phrases and exclusions. Any text is legal.

Words are parted by spaces and all have to be found. "…" and 「…」 are phrases, ``-`` before a word
or phrase excludes it. Nothing else is syntax: what looks like an operator, an unbalanced quote or
a lone hyphen is text. Text without a letter or digit is no text, nor is what only holds a sentence
together: particles, and the words a question is made of beside those it asks about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search_index.analysis.normalise import normalise
from search_index.analysis.stop_words import PARTICLES, QUESTION_WORDS
from search_index.analysis.synonyms import SynonymTable
from search_index.analysis.tokenizer import Word
from search_index.query.chunks import Chunk, read_chunk, read_literally
from search_index.types import SynonymExpansion

MAX_TERMS = 32
MAX_CHARACTERS = 512
"""What a text has beyond these limits is not looked at."""

# More words than this with a particle among them are a sentence.
_SENTENCE_WORDS = 4

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
class ParsedQuery:
    """All that a text asks for."""

    text: str
    """As typed."""
    required: tuple[Chunk, ...]
    excluded: tuple[Chunk, ...]
    synonyms: SynonymTable

    @property
    def expansions(self) -> tuple[SynonymExpansion, ...]:
        """What is searched for beside the words typed, by word. A word may have synonyms and be a
        saying, too."""
        found: dict[str, dict[str, None]] = {}
        for chunk in self.required:
            for expansion in chunk.all_expansions():
                found.setdefault(expansion.term, {}).update(dict.fromkeys(expansion.added))
        return tuple(SynonymExpansion(term, tuple(added)) for term, added in found.items())

    @property
    def is_sentence(self) -> bool:
        """Whether the text tells what is wanted, rather than naming words to be found."""
        words = [word for chunk in self.required for word in chunk.words]
        return (
            any(word.is_particle for word in words)
            and (
                sum(word.is_content for word in words) > _SENTENCE_WORDS
                or self._says_more_than_a_saying
            )
            and not any(chunk.is_phrase for chunk in self.required)
        )

    @property
    def _says_more_than_a_saying(self) -> bool:
        """Whether words stand beside a saying, which few texts that answer it will have, too."""
        units = [unit for chunk in self.required for unit in chunk.units]
        return len(units) > 1 and any(unit.implied and len(unit.words) > 1 for unit in units)


@lru_cache(maxsize=1024)
def parse(text: str, synonyms: SynonymTable) -> ParsedQuery:
    """Understand a typed text. Kept, because what is read does not depend on what is published."""
    normalised = normalise(_UNSEEN.sub(" ", text[:MAX_CHARACTERS]))
    excluded: list[Chunk] = []
    # What stands between phrases and exclusions, and each phrase alone.
    runs: list[list[Chunk]] = [[]]
    total = 0
    for item in _ITEM.finditer(normalised.text):
        group = str(item.lastgroup)
        if not item[group] or total == MAX_TERMS:
            continue
        span = normalised.raw_span(*item.span(group))
        if group == "word" and not item["minus"]:
            chunk = read_chunk(item[group], span, synonyms)
        else:
            chunk = read_literally(item[group], span, is_phrase=group != "word")
        if not chunk.grams:
            continue
        total += 1
        if item["minus"]:
            excluded.append(chunk)
            runs.append([])
        elif chunk.is_phrase:
            runs += [[chunk], []]
        else:
            runs[-1].append(chunk)
    required = [chunk for run in runs for chunk in _joined_by_sayings(run, synonyms)]
    return ParsedQuery(text, tuple(_telling(required)), tuple(excluded), synonyms)


def _joined_by_sayings(chunks: Sequence[Chunk], synonyms: SynonymTable) -> Sequence[Chunk]:
    """Chunks in a row, with those made one that say something together: 後継者 いない."""
    if len(chunks) < 2:
        return chunks
    owners = [number for number, chunk in enumerate(chunks) for _ in chunk.words]
    expansions = synonyms.expand([word for chunk in chunks for word in chunk.words])
    said = [{owners[position] for position in each.positions} for each in expansions]
    joined: list[Chunk] = []
    at = 0
    while at < len(chunks):
        end = at + 1
        while further := max((max(of) for of in said if min(of) < end <= max(of)), default=0):
            end = further + 1
        together = chunks[at:end]
        if len(together) > 1:
            text = " ".join(chunk.text for chunk in together)
            span = (together[0].span[0], together[-1].span[1])
            together = [read_chunk(text, span, synonyms)]
        joined += together
        at = end
    return joined


def _telling(chunks: list[Chunk]) -> Iterator[Chunk]:
    """Chunks without the words of a question, unless one such word is all there is: then it is what
    is asked about. What is nothing but particles and endings goes in any case."""
    without = [chunk.without(QUESTION_WORDS) for chunk in chunks]
    is_one_word = sum(word.is_content for chunk in chunks for word in chunk.words) == 1
    said = chunks if is_one_word else without
    return (chunk for chunk in said if chunk.is_phrase or _is_word(chunk))


def _is_word(chunk: Chunk) -> bool:
    """Whether a chunk has content, or may be meant as a word: ます is also a fish."""
    if chunk.text in PARTICLES:
        return False
    is_bare = len(chunk.words) <= 1 and not any(word.is_particle for word in chunk.words)
    return bool(chunk.units) or (is_bare and not any(map(_is_question, chunk.words)))


def _is_question(word: Word) -> bool:
    return word.normal in QUESTION_WORDS
