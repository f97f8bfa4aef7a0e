"""Which documents a parsed text finds, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search_index.bits import Mask
from search_index.chunks import Chunk, Searchable, Unit
from search_index.coverage import coverage
from search_index.document_terms import TermKind
from search_index.query import ParsedQuery
from search_index.ranking import SYNONYM_WEIGHT, VARIANT_WEIGHT, Scores
from search_index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The documents a text finds and their scores; what is not found has no meaningful score."""

    mask: Mask
    scores: Scores
    is_relaxed: bool = False
    """Whether holding any word sufficed."""
    may_be_misspelt: bool = False
    """Whether nothing holds all that is required, where it was meant to be found together."""


def find(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch:
    """What holds everything required and nothing excluded.

    If there is nothing, or the text is a sentence, holding some of what tells will do, and holding
    more of it counts for more.
    """
    strict = find_strictly(snapshot, parsed)
    if not parsed.required:
        return TextMatch(strict, np.zeros(snapshot.size))
    scores = _scores(snapshot, parsed.required)
    if strict.any() and not parsed.is_sentence:
        return TextMatch(strict, scores)
    covered = coverage([mask for each in parsed.required for mask in _part_masks(snapshot, each)])
    relaxed = (covered > 0) & ~_excluded(snapshot, parsed)
    if not relaxed.any() and all(chunk.is_optional for chunk in parsed.required):
        # A year that nothing names leaves nothing out.
        return TextMatch(~_excluded(snapshot, parsed), scores, is_relaxed=True)
    finds_any = bool(relaxed.any())
    return TextMatch(
        relaxed,
        scores * covered,
        is_relaxed=parsed.is_sentence or finds_any,
        may_be_misspelt=not (parsed.is_sentence and finds_any),
    )


def find_strictly(snapshot: Snapshot, parsed: ParsedQuery) -> Mask:
    """The documents that hold everything required and nothing excluded."""
    mask = ~_excluded(snapshot, parsed)
    required = [chunk for chunk in parsed.required if not chunk.is_optional]
    for chunk in required or parsed.required:
        mask &= find_chunk(snapshot, chunk)
    return mask


def find_chunk(snapshot: Snapshot, chunk: Chunk) -> Mask:
    """The documents that hold the characters of a chunk in a row, or all its words anywhere; or
    one of its variants so."""
    mask = snapshot.holding_sequence(chunk.grams)
    if chunk.units and not chunk.is_phrase:
        required = [unit for unit in chunk.units if not unit.is_optional] or chunk.units
        mask |= np.logical_and.reduce([find_unit(snapshot, unit) for unit in required])
    for variant in chunk.variants:
        mask |= find_chunk(snapshot, variant)
    return mask


def _excluded(snapshot: Snapshot, parsed: ParsedQuery) -> Mask:
    """What is excluded stands together: words that only occur apart mean something else."""
    mask = np.zeros(snapshot.size, bool)
    for chunk in parsed.excluded:
        mask |= snapshot.holding_sequence(chunk.grams)
        content = {word for unit in chunk.units for word in unit.words}
        if len(content) == 1 and not chunk.is_phrase:
            mask |= snapshot.holding(content.pop())
    return mask


def find_unit(snapshot: Snapshot, unit: Unit) -> Mask:
    """The documents that hold all words of a unit, or what means the same."""
    mask = np.ones(snapshot.size, bool)
    for word in unit.words:
        mask &= snapshot.holding(word)
    if unit.parts:
        mask |= np.logical_and.reduce([find_unit(snapshot, part) for part in unit.parts])
    for synonym in unit.synonyms:
        mask |= _find_synonym(snapshot, synonym)
    return mask


def _find_synonym(snapshot: Snapshot, synonym: Searchable) -> Mask:
    """A synonym of several words is found as a phrase: its words apart mean something else."""
    mask = snapshot.holding_sequence(synonym.grams)
    if len(synonym.words) == 1:
        mask |= snapshot.holding(synonym.words[0])
    return mask


def _part_masks(snapshot: Snapshot, chunk: Chunk) -> list[Mask]:
    """For each unit of a chunk the documents that hold it, by itself or with the whole chunk. The
    units of a chunk that nothing is found by are those of what was meant instead."""
    whole = find_chunk(snapshot, chunk)
    units = [mask for unit in chunk.units for mask in _unit_masks(snapshot, unit)]
    if chunk.variants and not any(mask.any() for mask in units):
        return _part_masks(snapshot, chunk.variants[0])
    return [whole | mask for mask in units] or [whole]


def _unit_masks(snapshot: Snapshot, unit: Unit) -> list[Mask]:
    """What holds a unit; of one of several words that nothing holds, what holds each of them. A
    character alone, as the 代 of 電気代, then says nothing."""
    mask = find_unit(snapshot, unit)
    words = [word for word in unit.words if len(word) > 1]
    if mask.any() or len(unit.words) == 1 or not words:
        return [mask]
    return [snapshot.holding(word) for word in words]


def _scores(snapshot: Snapshot, chunks: Iterable[Chunk]) -> Scores:
    total = np.zeros(snapshot.size)
    for chunk in chunks:
        total += _chunk_scores(snapshot, chunk)
    return total


def _chunk_scores(snapshot: Snapshot, chunk: Chunk) -> Scores:
    """The chunk's own score, or a part of a variant's where that is more."""
    best = _sum(snapshot, TermKind.GRAMS, [gram.term for gram in chunk.grams])
    for unit in chunk.units:
        best += _unit_scores(snapshot, unit)
    for variant in chunk.variants:
        best = np.maximum(best, VARIANT_WEIGHT * _chunk_scores(snapshot, variant))
    return best


def _unit_scores(snapshot: Snapshot, unit: Unit) -> Scores:
    """The words' own score, or a part of a synonym's where that is more."""
    best = _sum(snapshot, TermKind.WORDS, unit.words)
    if unit.parts:
        best = np.sum([_unit_scores(snapshot, part) for part in unit.parts], axis=0)
    for synonym in unit.synonyms:
        scores = _sum(snapshot, TermKind.WORDS, synonym.words)
        scores += _sum(snapshot, TermKind.GRAMS, [gram.term for gram in synonym.grams])
        scores[~_find_synonym(snapshot, synonym)] = 0
        best = np.maximum(best, SYNONYM_WEIGHT * scores)
    return best


def _sum(snapshot: Snapshot, kind: TermKind, terms: Iterable[str]) -> Scores:
    total = np.zeros(snapshot.size)
    for term in dict.fromkeys(terms):
        documents, scores = snapshot.impacts(kind, term)
        total[documents] += scores
    return total
