"""Which documents hold the parts of a text, as bits."""

from collections.abc import Sequence

import numpy as np

from search_index.query.chunks import Chunk, Searchable, Unit
from search_index.query.parsing import ParsedQuery
from search_index.sets.bits import Bits
from search_index.snapshot import Snapshot


def find_strictly(snapshot: Snapshot, parsed: ParsedQuery) -> Bits:
    """The documents that hold everything required and nothing excluded."""
    found = find_allowed(snapshot, parsed)
    for chunk in demanded(parsed):
        found = found & find_chunk(snapshot, chunk)
    return found


def demanded(parsed: ParsedQuery) -> Sequence[Chunk]:
    """The chunks without which nothing is found: optional ones are when there are no others."""
    return [chunk for chunk in parsed.required if not chunk.is_optional] or parsed.required


def find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    """The documents that hold the characters of a chunk in a row, or all its words anywhere; or
    one of its variants so."""
    return snapshot.chunk_bits.get(chunk.meaning, lambda: _find_chunk(snapshot, chunk))


def find_unit(snapshot: Snapshot, unit: Unit) -> Bits:
    """The documents that hold all words of a unit, or what means the same."""
    found = snapshot.live
    for word in unit.words:
        found = found & snapshot.holding(word)
    if unit.parts:
        parts = [find_unit(snapshot, part) for part in unit.parts]
        found = found | np.bitwise_and.reduce(parts)
    for synonym in (*unit.synonyms, *unit.implied):
        found = found | find_synonym(snapshot, synonym)
    return found


def _find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    found = snapshot.holding_sequence(chunk.grams)
    if chunk.units and not chunk.is_phrase:
        required = [unit for unit in chunk.units if not unit.is_optional] or chunk.units
        units = [find_unit(snapshot, unit) for unit in required]
        found = found | np.bitwise_and.reduce(units)
    for variant in chunk.variants:
        found = found | find_chunk(snapshot, variant)
    return found


def find_allowed(snapshot: Snapshot, parsed: ParsedQuery) -> Bits:
    """The documents that hold nothing excluded. What is excluded stands together: words that only
    occur apart mean something else."""
    found = snapshot.live
    for chunk in parsed.excluded:
        found = found & ~snapshot.holding_sequence(chunk.grams)
        content = {word for unit in chunk.units for word in unit.words}
        if len(content) == 1 and not chunk.is_phrase:
            found = found & ~snapshot.holding(content.pop())
    return found


def find_synonym(snapshot: Snapshot, synonym: Searchable) -> Bits:
    """A synonym of several words is found as a phrase: its words apart mean something else."""
    found = snapshot.holding_sequence(synonym.grams)
    if len(synonym.words) == 1:
        found = found | snapshot.holding(synonym.words[0])
    return found
