"""What else the chunks of a query may stand for, now that the index can be asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from search_index.analysis.grams import extract_grams
from search_index.analysis.kana import is_kana
from search_index.analysis.romaji import read_romaji
from search_index.analysis.synonyms import SynonymTable
from search_index.matching.finding import find_chunk
from search_index.query.chunks import Chunk, read_chunk
from search_index.query.parsing import ParsedQuery
from search_index.snapshot import Snapshot
from search_index.types import SynonymExpansion
from search_index.understanding.written_forms import find_written_forms, find_written_word

# Shorter kana that find something are rather part of a word than the reading of one.
_SHORTEST_READING = 3

# The が of 外が浜 is the ヶ of its name; that of 会社が倒産 is a particle.
_GA = re.compile("(?<=[一-鿿])が(?=[一-鿿])")

# Kana within other text that are long enough to be a word of their own.
_KANA_RUN = re.compile("[ぁ-ゖー]{3,}")


def interpret(snapshot: Snapshot, parsed: ParsedQuery) -> ParsedQuery:
    """The query with the variants of its chunks: kana, Latin letters read as Japanese, が of names.
    Phrases and exclusions are meant as they are typed."""
    read = [
        chunk if chunk.is_phrase else _with_variants(snapshot, parsed, chunk)
        for chunk in parsed.required
    ]
    required: list[Chunk] = []
    for is_latin, group in groupby(read, lambda chunk: _is_unread_latin(snapshot, chunk)):
        chunks = list(group)
        joined = _joined(snapshot, parsed, chunks) if is_latin and len(chunks) > 1 else None
        required += [joined] if joined else chunks
    return replace(parsed, required=tuple(required))


def _is_unread_latin(snapshot: Snapshot, chunk: Chunk) -> bool:
    """Whether a chunk may be a part of a Japanese word in Latin letters: ene of ``shou ene``."""
    return not chunk.is_phrase and chunk.text.isascii() and _is_unknown_itself(snapshot, chunk)


def _joined(snapshot: Snapshot, parsed: ParsedQuery, chunks: Sequence[Chunk]) -> Chunk | None:
    """Chunks in a row as one word, if they are one and some of them are none by themselves."""
    if all(chunk.variants for chunk in chunks):
        return None
    span = (chunks[0].span[0], chunks[-1].span[1])
    together = read_chunk("".join(chunk.text for chunk in chunks), span, SynonymTable())
    joined = _with_variants(snapshot, parsed, together)
    return joined if joined.variants else None


def _with_variants(snapshot: Snapshot, parsed: ParsedQuery, chunk: Chunk) -> Chunk:
    texts = list(dict.fromkeys(_variant_texts(snapshot, chunk)))
    read = [read_chunk(text, chunk.span, parsed.synonyms) for text in texts]
    variants = tuple(
        variant
        for variant in read
        if variant.units and variant.units != chunk.units and not _is_unknown(snapshot, variant)
    )
    if not variants:
        return chunk
    shown = SynonymExpansion(chunk.text, tuple(variant.text for variant in variants))
    return replace(chunk, variants=variants, expansions=(shown,))


def _variant_texts(snapshot: Snapshot, chunk: Chunk) -> list[str]:
    text = chunk.text
    if is_kana(text):
        is_reading = len(text) >= _SHORTEST_READING or _is_unknown(snapshot, chunk)
        return find_written_forms(snapshot, text) if is_reading else []
    name = _GA.sub("ケ", text)
    if name != text and snapshot.holding_sequence(extract_grams(name)).any():
        return [name]
    if not _is_unknown(snapshot, chunk):
        return []
    if text[0].isascii():
        written = (find_written_forms(snapshot, kana) for kana in read_romaji(text))
        return next(filter(None, written), [])
    written_out = _KANA_RUN.sub(
        lambda run: find_written_word(snapshot, run.group()) or run.group(), text
    )
    return [written_out] if written_out != text else []


def _is_unknown_itself(snapshot: Snapshot, chunk: Chunk) -> bool:
    """Whether nothing is found by a chunk without its variants."""
    return _is_unknown(snapshot, replace(chunk, variants=()))


def _is_unknown(snapshot: Snapshot, chunk: Chunk) -> bool:
    """Whether nothing is found by a chunk alone."""
    return not find_chunk(snapshot, chunk).any()
