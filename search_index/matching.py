"""Which documents a parsed text finds, and how well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search_index.bits import Bits, Numbers, to_mask
from search_index.document_terms import TermKind
from search_index.query import Chunk, ParsedQuery, Searchable, Unit
from search_index.ranking import SYNONYM_WEIGHT, Scores
from search_index.scored_set import ScoredSet
from search_index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The documents a text finds."""

    bits: Bits
    scored: tuple[ScoredSet, ...] = ()
    """Each holds all documents found; their scores add up."""
    is_relaxed: bool = False
    """Whether holding any word sufficed."""
    may_be_misspelt: bool = False
    """Whether nothing holds all that is required, where it was meant to be found together."""

    def scores_of(self, documents: Numbers) -> Scores:
        """The scores of some of the documents found."""
        if len(self.scored) == 1:
            return self.scored[0].scores_of(documents)
        total = np.zeros(len(documents), np.float32)
        for scored in self.scored:
            total += scored.scores_of(documents)
        return total


def find(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch:
    """What holds everything required and nothing excluded.

    If there is nothing, or the text is a sentence, holding any word will do, and holding more of
    them counts for more.
    """
    strict = find_strictly(snapshot, parsed)
    if not parsed.required:
        return TextMatch(strict)
    if strict.any() and not parsed.is_sentence:
        return TextMatch(strict, tuple(_scored(snapshot, chunk) for chunk in parsed.required))
    relaxed = _find_any(snapshot, parsed)
    finds_any = bool(relaxed.bits.any())
    return TextMatch(
        relaxed.bits,
        (relaxed,),
        is_relaxed=parsed.is_sentence or finds_any,
        may_be_misspelt=not (parsed.is_sentence and finds_any),
    )


def find_strictly(snapshot: Snapshot, parsed: ParsedQuery) -> Bits:
    """The documents that hold everything required and nothing excluded."""
    found = snapshot.live
    for chunk in parsed.required:
        found = found & _scored(snapshot, chunk).bits
    return found & ~_excluded(snapshot, parsed) if parsed.excluded else found


def find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    """The documents that hold the characters of a chunk in a row, or all its words anywhere."""
    return _scored(snapshot, chunk).bits


def _find_any(snapshot: Snapshot, parsed: ParsedQuery) -> ScoredSet:
    parts = [part for chunk in parsed.required for part in _parts(snapshot, chunk)]
    coverage = np.mean([to_mask(part) for part in parts], axis=0, dtype=np.float32)
    found = (coverage > 0) & to_mask(snapshot.live & ~_excluded(snapshot, parsed))
    scores = np.zeros(snapshot.slots, np.float32)
    for chunk in parsed.required:
        scores += _chunk_scores(snapshot, chunk)
    return ScoredSet.of(found, scores * coverage)


def _scored(snapshot: Snapshot, chunk: Chunk) -> ScoredSet:
    """The documents of a chunk, kept for the next query that has it."""
    key = (chunk.text, chunk.is_phrase, chunk.grams, chunk.units)
    return snapshot.chunk_matches.get(
        key,
        lambda: ScoredSet.of(to_mask(_find_chunk(snapshot, chunk)), _chunk_scores(snapshot, chunk)),
    )


def _find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    found = snapshot.holding_sequence(chunk.grams)
    if chunk.units and not chunk.is_phrase:
        units = [_find_unit(snapshot, unit) for unit in chunk.units]
        found = found | np.bitwise_and.reduce(units)
    return found


def _excluded(snapshot: Snapshot, parsed: ParsedQuery) -> Bits:
    """What is excluded stands together: words that only occur apart mean something else."""
    found = np.zeros_like(snapshot.live)
    for chunk in parsed.excluded:
        found |= snapshot.holding_sequence(chunk.grams)
        content = {word for unit in chunk.units for word in unit.words}
        if len(content) == 1 and not chunk.is_phrase:
            found |= snapshot.holding(content.pop())
    return found


def _find_unit(snapshot: Snapshot, unit: Unit) -> Bits:
    found = snapshot.live
    for word in unit.words:
        found = found & snapshot.holding(word)
    for synonym in unit.synonyms:
        found = found | _find_synonym(snapshot, synonym)
    return found


def _find_synonym(snapshot: Snapshot, synonym: Searchable) -> Bits:
    """A synonym of several words is found as a phrase: its words apart mean something else."""
    found = snapshot.holding_sequence(synonym.grams)
    if len(synonym.words) == 1:
        found = found | snapshot.holding(synonym.words[0])
    return found


def _parts(snapshot: Snapshot, chunk: Chunk) -> Sequence[Bits]:
    """For each unit of a chunk the documents that hold it, by itself or with the whole chunk."""
    whole = snapshot.holding_sequence(chunk.grams)
    return [whole | _find_unit(snapshot, unit) for unit in chunk.units] or [whole]


def _chunk_scores(snapshot: Snapshot, chunk: Chunk) -> Scores:
    total = np.zeros(snapshot.slots, np.float32)
    _add(total, snapshot, TermKind.GRAMS, [gram.term for gram in chunk.grams])
    for unit in chunk.units:
        if unit.synonyms:
            total += _unit_scores(snapshot, unit)
        else:
            _add(total, snapshot, TermKind.WORDS, unit.words)
    return total


def _unit_scores(snapshot: Snapshot, unit: Unit) -> Scores:
    """The words' own score, or a part of a synonym's where that is more."""
    best = np.zeros(snapshot.slots, np.float32)
    _add(best, snapshot, TermKind.WORDS, unit.words)
    for synonym in unit.synonyms:
        scores = np.zeros(snapshot.slots, np.float32)
        _add(scores, snapshot, TermKind.WORDS, synonym.words)
        _add(scores, snapshot, TermKind.GRAMS, [gram.term for gram in synonym.grams])
        scores[~to_mask(_find_synonym(snapshot, synonym))] = 0
        scores *= SYNONYM_WEIGHT
        np.maximum(best, scores, out=best)
    return best


def _add(scores: Scores, snapshot: Snapshot, kind: TermKind, terms: Iterable[str]) -> None:
    """Add what terms contribute, each once, to the scores of all documents."""
    for term in dict.fromkeys(terms):
        impacts = snapshot.impacts(kind, term)
        scores[impacts.documents] += impacts.scores
