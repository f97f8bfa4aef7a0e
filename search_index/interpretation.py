"""What else the chunks of a query may stand for, now that the index can be asked."""

import re
from collections.abc import Iterable
from dataclasses import replace

from search_index.analysis.grams import extract_grams
from search_index.analysis.kana import is_kana
from search_index.analysis.romaji import read_romaji
from search_index.chunks import Chunk, read_chunk
from search_index.matching import find_chunk
from search_index.query import ParsedQuery
from search_index.snapshot import Snapshot
from search_index.types import SynonymExpansion
from search_index.written_forms import find_written_forms, find_written_word

# Shorter kana that find something are rather part of a word than the reading of one.
_SHORTEST_READING = 3

# The が of 外が浜 is the ヶ of its name; that of 会社が倒産 is a particle.
_GA = re.compile("(?<=[一-鿿])が(?=[一-鿿])")

# Kana within other text that are long enough to be a word of their own.
_KANA_RUN = re.compile("[ぁ-ゖー]{3,}")


def interpret(snapshot: Snapshot, parsed: ParsedQuery) -> ParsedQuery:
    """The query with the variants of its chunks: kana, Latin letters read as Japanese, が of names.
    Phrases and exclusions are meant as they are typed."""
    required = tuple(
        chunk if chunk.is_phrase else _with_variants(snapshot, parsed, chunk)
        for chunk in parsed.required
    )
    return replace(parsed, required=required)


def _with_variants(snapshot: Snapshot, parsed: ParsedQuery, chunk: Chunk) -> Chunk:
    texts = list(dict.fromkeys(_variant_texts(snapshot, chunk)))
    variants = [read_chunk(text, chunk.span, parsed.synonyms) for text in texts]
    return add_variants(chunk, variants)


def add_variants(chunk: Chunk, variants: Iterable[Chunk]) -> Chunk:
    """The chunk with those variants that find something other than it does."""
    new = [variant for variant in variants if variant.units and variant.units != chunk.units]
    if not new:
        return chunk
    shown = SynonymExpansion(chunk.text, tuple(variant.text for variant in new))
    return replace(chunk, variants=(*chunk.variants, *new), expansions=(*chunk.expansions, shown))


def _variant_texts(snapshot: Snapshot, chunk: Chunk) -> list[str]:
    text = chunk.text
    if is_kana(text):
        is_reading = len(text) >= _SHORTEST_READING or is_unknown(snapshot, chunk)
        return find_written_forms(snapshot, text) if is_reading else []
    name = _GA.sub("ケ", text)
    if name != text and snapshot.holding_sequence(extract_grams(name)).any():
        return [name]
    if not is_unknown(snapshot, chunk):
        return []
    if text[0].isascii():
        written = (find_written_forms(snapshot, kana) for kana in read_romaji(text))
        return next(filter(None, written), [])
    written_out = _KANA_RUN.sub(
        lambda run: find_written_word(snapshot, run.group()) or run.group(), text
    )
    return [written_out] if written_out != text else []


def is_unknown(snapshot: Snapshot, chunk: Chunk) -> bool:
    """Whether nothing is found by a chunk alone."""
    return not find_chunk(snapshot, chunk).any()
