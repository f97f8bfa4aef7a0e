"""Which documents a parsed text finds, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search_index.bits import Mask
from search_index.document_terms import TermKind
from search_index.query import Chunk, ParsedQuery, Searchable, Unit
from search_index.ranking import SYNONYM_WEIGHT, Scores
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

    If there is nothing, or the text is a sentence, holding any word will do, and holding more of
    them counts for more.
    """
    strict = find_strictly(snapshot, parsed)
    if not parsed.required:
        return TextMatch(strict, np.zeros(snapshot.size))
    scores = _scores(snapshot, parsed.required)
    if strict.any() and not parsed.is_sentence:
        return TextMatch(strict, scores)
    parts = [mask for chunk in parsed.required for mask in _part_masks(snapshot, chunk)]
    coverage = np.mean(parts, axis=0)
    relaxed = (coverage > 0) & ~_excluded(snapshot, parsed)
    finds_any = bool(relaxed.any())
    return TextMatch(
        relaxed,
        scores * coverage,
        is_relaxed=parsed.is_sentence or finds_any,
        may_be_misspelt=not (parsed.is_sentence and finds_any),
    )


def find_strictly(snapshot: Snapshot, parsed: ParsedQuery) -> Mask:
    """The documents that hold everything required and nothing excluded."""
    mask = ~_excluded(snapshot, parsed)
    for chunk in parsed.required:
        mask &= find_chunk(snapshot, chunk)
    return mask


def find_chunk(snapshot: Snapshot, chunk: Chunk) -> Mask:
    """The documents that hold the characters of a chunk in a row, or all its words anywhere."""
    mask = snapshot.holding_sequence(chunk.grams)
    if chunk.units and not chunk.is_phrase:
        mask |= np.logical_and.reduce([_find_unit(snapshot, unit) for unit in chunk.units])
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


def _find_unit(snapshot: Snapshot, unit: Unit) -> Mask:
    mask = np.ones(snapshot.size, bool)
    for word in unit.words:
        mask &= snapshot.holding(word)
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
    """For each unit of a chunk the documents that hold it, by itself or with the whole chunk."""
    whole = snapshot.holding_sequence(chunk.grams)
    return [whole | _find_unit(snapshot, unit) for unit in chunk.units] or [whole]


def _scores(snapshot: Snapshot, chunks: Iterable[Chunk]) -> Scores:
    total = np.zeros(snapshot.size)
    for chunk in chunks:
        total += _sum(snapshot, TermKind.GRAMS, [gram.term for gram in chunk.grams])
        for unit in chunk.units:
            total += _unit_scores(snapshot, unit)
    return total


def _unit_scores(snapshot: Snapshot, unit: Unit) -> Scores:
    """The words' own score, or a part of a synonym's where that is more."""
    best = _sum(snapshot, TermKind.WORDS, unit.words)
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
