"""「もしかして」: a text that finds something, in place of one that does not.

Corrections are words the index has met, closest first; of several as close the one that finds most
wins, and none is offered that finds nothing.
"""

import re
from collections.abc import Iterator

from search_index.analysis.synonyms import SynonymTable
from search_index.chunks import Chunk
from search_index.matching import find_chunk, find_strictly
from search_index.query import ParsedQuery, parse
from search_index.snapshot import Snapshot
from search_index.vocabulary import Closeness

# Bounds to the time of a hopeless text: nobody misspells one word of this length, or that many.
_MAX_CANDIDATES = 12
_MAX_CHARACTERS = 24
_MAX_CHUNKS = 3

_HIRAGANA = re.compile("[ぁ-ゖ]")
_KANA_ONLY = re.compile("[ァ-ヺー]+")
_TO_KATAKANA = ord("ァ") - ord("ぁ")


def suggest(snapshot: Snapshot, parsed: ParsedQuery) -> str | None:
    """The text with every chunk corrected that finds nothing by itself, if that finds anything."""
    text = parsed.text
    unknown = [chunk for chunk in parsed.required if not find_chunk(snapshot, chunk).any()]
    if len(unknown) > _MAX_CHUNKS or any(len(chunk.text) > _MAX_CHARACTERS for chunk in unknown):
        return None
    for chunk in reversed(unknown):
        correction = _correct(snapshot, chunk)
        if correction is None:
            return None
        text = text[: chunk.span[0]] + correction + text[chunk.span[1] :]
    return text if text != parsed.text and _hit_count(snapshot, text) else None


def _correct(snapshot: Snapshot, chunk: Chunk) -> str | None:
    """The closest text for a chunk that finds something; of equals the one that finds most."""
    candidates = sorted(set(_candidates(snapshot, chunk)))[:_MAX_CANDIDATES]
    found = [
        (closeness, -hit_count, text)
        for closeness, text in candidates
        if (hit_count := _hit_count(snapshot, text))
    ]
    return min(found)[2] if found else None


def _candidates(snapshot: Snapshot, chunk: Chunk) -> Iterator[tuple[Closeness, str]]:
    """Texts that may have been meant: the whole chunk replaced by a word, or a word of it that no
    document holds replaced by another."""
    reading = "".join(word.reading for word in chunk.words)
    yield from snapshot.vocabulary.like(chunk.text, _reading(chunk.text, reading))
    for word in chunk.words:
        if word.surface != chunk.text and not snapshot.holding(word.normal).any():
            like = snapshot.vocabulary.like(word.surface, _reading(word.surface, word.reading))
            for closeness, surface in like:
                yield closeness, chunk.text.replace(word.surface, surface, 1)


def _reading(text: str, guess: str) -> str:
    """In katakana. Kana are read as they are, however the dictionary took them apart."""
    katakana = _HIRAGANA.sub(lambda kana: chr(ord(kana.group()) + _TO_KATAKANA), text)
    return katakana if _KANA_ONLY.fullmatch(katakana) else guess


def _hit_count(snapshot: Snapshot, text: str) -> int:
    return int(find_strictly(snapshot, parse(text, SynonymTable())).sum())
