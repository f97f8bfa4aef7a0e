"""「もしかして」: a text that finds something, in place of one that does not.

Corrections are words the index has met, closest first; of several as close the one that finds most
wins, and none is offered that finds nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from search_index.analysis.grams import extract_grams
from search_index.analysis.kana import is_kana, to_katakana
from search_index.analysis.synonyms import SynonymTable
from search_index.analysis.tokenizer import Word
from search_index.matching.finding import find_chunk, find_strictly, find_unit
from search_index.query.chunks import Chunk, read_chunk
from search_index.query.parsing import ParsedQuery, parse
from search_index.segments.vocabulary import Closeness
from search_index.sets.bits import count
from search_index.snapshot import Snapshot

# Bounds to the time of a hopeless text: nobody misspells one word of this length, or that many.
# Together they keep any text below 0.3 s at 100,000 listings.
_MAX_CHUNKS = 3
_MAX_CHARACTERS = 24
_LONGEST_COMPOUND = 12
_MAX_RUNS = 12
# Of words that are like a part of a compound, so many are tried in its place.
_MAX_PARTS = 64
# Of texts that may have been meant, the hits of so many are counted.
_MAX_CANDIDATES = 12

MOST_LOOK_UPS = _MAX_CHUNKS * (1 + 2 * (_LONGEST_COMPOUND - 3) + _MAX_RUNS)
"""How often a text is compared with all words at most: whole, as two words, and by its words."""

# A slip of the pen often cuts a word into several.
_RUN_WORDS = 3

# In fewer characters than these, most words are one edit away from several others.
_LEAST = 4
_LEAST_KANA = 3
_LEAST_OF_BROKEN = 2

# Numerals are read like many words, and one edit away from each other.
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Correction:
    """What was probably meant."""

    text: str
    """In place of the one typed."""
    parsed: ParsedQuery | None
    """The query as typed, with the corrections as variants of its chunks. None if a phrase had to
    be corrected: it is meant as it is typed, and the text can only be offered."""


def suggest(snapshot: Snapshot, parsed: ParsedQuery) -> Correction | None:
    """The query with every chunk corrected that finds nothing by itself, if that finds anything."""
    unknown = {chunk for chunk in parsed.required if not find_chunk(snapshot, chunk).any()}
    if len(unknown) > _MAX_CHUNKS or any(len(chunk.text) > _MAX_CHARACTERS for chunk in unknown):
        return None
    text = parsed.text
    required: list[Chunk] = []
    for chunk in reversed(parsed.required):
        if chunk not in unknown:
            required.append(chunk)
            continue
        correction = _correct(snapshot, chunk)
        if correction is None:
            return None
        text = text[: chunk.span[0]] + correction + text[chunk.span[1] :]
        meant = read_chunk(correction, chunk.span, parsed.synonyms)
        required.append(replace(chunk, variants=(*chunk.variants, meant)))
    if text == parsed.text or not _hit_count(snapshot, text):
        return None
    if any(chunk.is_phrase for chunk in unknown):
        return Correction(text, None)
    return Correction(text, replace(parsed, required=tuple(reversed(required))))


def _correct(snapshot: Snapshot, chunk: Chunk) -> str | None:
    """The closest text for a chunk that finds something, at best in a row; of equals the one that
    finds most."""
    if chunk.text.isascii() and any(character.isdigit() for character in chunk.text):
        return None  # A code with one character changed is another code.
    candidates = sorted(
        set(_candidates(snapshot, chunk)),
        # The first character is the one that is looked at while typing.
        key=lambda found: (*found[:2], found[2][0] != chunk.text[0], found[2]),
    )
    found = []
    for closeness, is_part, text in candidates[:_MAX_CANDIDATES]:
        in_a_row = count(snapshot.holding_sequence(extract_grams(text)))
        if hit_count := in_a_row or _hit_count(snapshot, text):
            found.append((not in_a_row, closeness, is_part, -hit_count, text))
    return min(found)[-1] if found else None


def _candidates(snapshot: Snapshot, chunk: Chunk) -> Iterator[tuple[Closeness, bool, str]]:
    """Texts that may have been meant, and whether only a part is another: the whole chunk replaced
    by a word, or some words of it, of which no document holds one, replaced by another."""
    for closeness, like in _like(snapshot, chunk.text, chunk.words):
        yield closeness, False, like
    if is_kana(chunk.text):
        return  # which the dictionary cuts anywhere
    for closeness, like in _compounds_like(snapshot, chunk.text):
        yield closeness, False, like
    for run in islice(_unknown_runs(snapshot, chunk), _MAX_RUNS):
        surface = "".join(word.surface for word in run)
        if surface in chunk.text and surface != chunk.text:
            for closeness, like in _like(snapshot, surface, run):
                yield closeness, True, chunk.text.replace(surface, like, 1)


def _compounds_like(snapshot: Snapshot, text: str) -> Iterator[tuple[Closeness, str]]:
    """Compounds that stand in a row in some text, of which no dictionary has to know: neighbours
    swapped, a character too many within, or one of two words written for another."""
    if not _LEAST <= len(text) <= _LONGEST_COMPOUND:
        return
    for at in range(len(text) - 1):
        swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if swapped != text and _stands(snapshot, swapped):
            yield Closeness.SWAPPED, swapped
    for at in range(1, len(text) - 1):
        if _stands(snapshot, text[:at] + text[at + 1 :]):
            yield Closeness.ONE_EDIT, text[:at] + text[at + 1 :]
    for cut in range(2, len(text) - 1):
        for known, unknown, is_first in (
            (text[:cut], text[cut:], True),
            (text[cut:], text[:cut], False),
        ):
            if not _stands(snapshot, known):
                continue
            words = (word for _, word in snapshot.words_like(unknown, to_katakana(unknown)))
            like = (word for word in words if len(word) > 1)
            for word in islice(like, _MAX_PARTS):
                compound = known + word if is_first else word + known
                if _stands(snapshot, compound):
                    yield Closeness.ONE_EDIT, compound


def _stands(snapshot: Snapshot, text: str) -> bool:
    """Whether some text holds the characters in a row, asked of its bigrams first."""
    grams = extract_grams(text)
    are_held = all(snapshot.has_gram(gram.term) for gram in grams)
    return are_held and bool(snapshot.holding_sequence(grams).any())


def _unknown_runs(snapshot: Snapshot, chunk: Chunk) -> Iterator[Sequence[Word]]:
    """Up to a few words in a row with a content word that is in no document, nor a synonym of it;
    the shortest first."""
    known = {word for unit in chunk.units if find_unit(snapshot, unit).any() for word in unit.words}
    for length in range(1, _RUN_WORDS + 1):
        for start in range(len(chunk.words) - length + 1):
            run = chunk.words[start : start + length]
            if any(word.is_content and word.normal not in known for word in run):
                yield run


def _like(snapshot: Snapshot, text: str, words: Sequence[Word]) -> Iterator[tuple[Closeness, str]]:
    """Words like ``text``, which the dictionary takes for ``words``."""
    is_written_in_kana = is_kana(text)
    # Kana are read as they are, however the dictionary took them apart.
    reading = to_katakana(text) if is_written_in_kana else "".join(word.reading for word in words)
    # What the dictionary had to cut up is no word; 大雪 is one, and not a misspelt 大学.
    is_broken = len(words) > 1
    least = _LEAST_KANA if is_written_in_kana else _LEAST_OF_BROKEN if is_broken else _LEAST
    inner = {word.surface for word in words}
    for closeness, surface in snapshot.words_like(text, reading):
        if _DIGIT.search(surface):
            is_likely = False
        elif closeness is Closeness.ONE_EDIT:
            # A word of the text is not what the whole of it was meant to be.
            is_likely = len(text) >= least and surface not in inner
        elif len(text) == 1:
            is_likely = len(surface) == 1 and not is_kana(surface)
        else:
            # 漁師 only sounds like 量子; who picks the wrong word gets part of it right.
            is_likely = is_written_in_kana or bool(set(surface) & set(text))
        if is_likely:
            yield closeness, surface


def _hit_count(snapshot: Snapshot, text: str) -> int:
    return count(find_strictly(snapshot, parse(text, SynonymTable())))
