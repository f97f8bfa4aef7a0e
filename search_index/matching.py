"""Which documents a parsed text finds, and how well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search_index.bits import Bits, Numbers, count, pack, to_mask
from search_index.chunks import Chunk, Searchable, Unit
from search_index.coverage import coverage
from search_index.document_terms import TermKind
from search_index.query import ParsedQuery
from search_index.ranking import EXPANSION_WEIGHT, SYNONYM_WEIGHT, VARIANT_WEIGHT, Scores
from search_index.scored_set import ScoredSet
from search_index.snapshot import Snapshot

PAGE = 10
"""Hits that suffice: fewer are followed by what holds only some of the text."""

# Texts of fewer bigrams are like too many, and so is what holds a smaller share of them.
_LEAST_GRAMS = 3
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The documents a text finds."""

    bits: Bits
    scored: tuple[ScoredSet, ...] = ()
    """Sets that all hold what was found; their scores add up."""
    optional: tuple[ScoredSet, ...] = ()
    """Sets that add to the scores of what they hold."""
    further: "TextMatch | None" = None
    """Other documents, which hold only some of the text, to be shown after all these."""
    is_relaxed: bool = False
    """Whether holding any word sufficed."""
    may_be_misspelt: bool = False
    """Whether nothing holds all that is required, where it was meant to be found together."""

    @property
    def all_bits(self) -> Bits:
        """All documents to be shown."""
        return self.bits | self.further.bits if self.further else self.bits

    @property
    def nbytes(self) -> int:
        """How much memory it takes, sets that are kept elsewhere too."""
        own = self.bits.nbytes + sum(scored.nbytes for scored in (*self.scored, *self.optional))
        return own + (self.further.nbytes if self.further else 0)

    def scores_of(self, documents: Numbers) -> Scores:
        """The scores of some of the documents in ``bits``, ascending."""
        if len(self.scored) == 1 and not self.optional:
            return self.scored[0].scores_of(documents)
        total = np.zeros(len(documents), np.float32)
        for scored in self.scored:
            total += scored.scores_of(documents)
        for scored in self.optional:
            scored.add_scores_of(documents, to=total)
        return total


def find(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch:
    """What holds everything required and nothing excluded.

    Where that does not fill a page, what holds some of it follows. If there is nothing, or the text
    is a sentence, holding some of what tells will do, and holding more of it counts for more.
    """
    strict = find_strictly(snapshot, parsed)
    if not parsed.required:
        return TextMatch(strict)
    if strict.any() and not parsed.is_sentence:
        demanded = _demanded(parsed)
        return TextMatch(
            strict,
            tuple(_scored(snapshot, chunk) for chunk in demanded),
            tuple(_scored(snapshot, chunk) for chunk in parsed.required if chunk not in demanded),
            _find_further(snapshot, parsed, strict) if count(strict) < PAGE else None,
        )
    relaxed = _find_any(snapshot, parsed)
    finds_any = bool(relaxed.bits.any())
    if not finds_any and all(chunk.is_optional for chunk in parsed.required):
        # A year that nothing names leaves nothing out.
        everything = snapshot.live & ~_excluded(snapshot, parsed)
        return TextMatch(everything, (), is_relaxed=True)
    return TextMatch(
        relaxed.bits,
        (relaxed,),
        is_relaxed=parsed.is_sentence or finds_any,
        may_be_misspelt=not (parsed.is_sentence and finds_any),
    )


def _find_further(snapshot: Snapshot, parsed: ParsedQuery, strict: Bits) -> TextMatch | None:
    """What holds some of a text beside ``strict``. A phrase is meant whole."""
    if any(chunk.is_phrase for chunk in parsed.required):
        return None
    relaxed = _find_any(snapshot, parsed)
    further = relaxed.bits & ~strict
    return TextMatch(further, (relaxed,)) if further.any() else None


def find_alike(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch | None:
    """What holds most of the bigrams of a text that finds nothing otherwise: a last resort for
    words that are spelt in a way nobody foresaw. None for phrases, or if nothing does."""
    terms = {term for chunk in parsed.required for term in chunk.telling_terms}
    if len(terms) < _LEAST_GRAMS or any(chunk.is_phrase for chunk in parsed.required):
        return None
    held = np.zeros(snapshot.slots, np.float32)
    scores = np.zeros(snapshot.slots, np.float32)
    for term in terms:
        impacts = snapshot.impacts(TermKind.GRAMS, term)
        held += to_mask(impacts.bits())
        impacts.add_to(scores)
    found = to_mask(snapshot.live & ~_excluded(snapshot, parsed))
    found &= held >= max(_LEAST_SHARE * len(terms), held.max(initial=0))
    if not found.any():
        return None
    alike = ScoredSet.of(found, scores)
    return TextMatch(alike.bits, (alike,), is_relaxed=True)


def find_strictly(snapshot: Snapshot, parsed: ParsedQuery) -> Bits:
    """The documents that hold everything required and nothing excluded."""
    found = snapshot.live
    for chunk in _demanded(parsed):
        found = found & find_chunk(snapshot, chunk)
    return found & ~_excluded(snapshot, parsed) if parsed.excluded else found


def _demanded(parsed: ParsedQuery) -> Sequence[Chunk]:
    """The chunks without which nothing is found: optional ones are when there are no others."""
    return [chunk for chunk in parsed.required if not chunk.is_optional] or parsed.required


def find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    """The documents that hold the characters of a chunk in a row, or all its words anywhere; or
    one of its variants so."""
    return _scored(snapshot, chunk).bits


def find_unit(snapshot: Snapshot, unit: Unit) -> Bits:
    """The documents that hold all words of a unit, or what means the same."""
    found = snapshot.live
    for word in unit.words:
        found = found & snapshot.holding(word)
    if unit.parts:
        parts = [find_unit(snapshot, part) for part in unit.parts]
        found = found | np.bitwise_and.reduce(parts)
    for synonym in (*unit.synonyms, *unit.implied):
        found = found | _find_synonym(snapshot, synonym)
    return found


def _scored(snapshot: Snapshot, chunk: Chunk) -> ScoredSet:
    """The documents of a chunk, kept for the next query that has it."""
    return snapshot.chunk_matches.get(
        chunk.meaning,
        lambda: ScoredSet.of(to_mask(_find_chunk(snapshot, chunk)), _chunk_scores(snapshot, chunk)),
    )


def _find_chunk(snapshot: Snapshot, chunk: Chunk) -> Bits:
    found = snapshot.holding_sequence(chunk.grams)
    if chunk.units and not chunk.is_phrase:
        required = [unit for unit in chunk.units if not unit.is_optional] or chunk.units
        units = [find_unit(snapshot, unit) for unit in required]
        found = found | np.bitwise_and.reduce(units)
    for variant in chunk.variants:
        found = found | find_chunk(snapshot, variant)
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


def _find_synonym(snapshot: Snapshot, synonym: Searchable) -> Bits:
    """A synonym of several words is found as a phrase: its words apart mean something else."""
    found = snapshot.holding_sequence(synonym.grams)
    if len(synonym.words) == 1:
        found = found | snapshot.holding(synonym.words[0])
    return found


def _find_any(snapshot: Snapshot, parsed: ParsedQuery) -> ScoredSet:
    parts = [part for chunk in parsed.required for part in _parts(snapshot, chunk)]
    covered = coverage([to_mask(part) for part in parts], snapshot.document_count)
    found = (covered > 0) & to_mask(snapshot.live & ~_excluded(snapshot, parsed))
    scores = np.zeros(snapshot.slots, np.float32)
    for chunk in parsed.required:
        scores += _chunk_scores(snapshot, chunk)
    documents = np.flatnonzero(found)
    scores = scores[documents] * covered[documents].astype(np.float32)
    return ScoredSet(pack(found), snapshot.topics.favour_alike(documents, scores))


def _parts(snapshot: Snapshot, chunk: Chunk) -> list[Bits]:
    """For each unit of a chunk the documents that hold it, by itself or with the whole chunk. The
    units of a chunk that nothing is found by are those of what was meant instead."""
    whole = find_chunk(snapshot, chunk)
    units = [part for unit in chunk.units for part in _unit_parts(snapshot, unit)]
    if chunk.variants and not any(part.any() for part in units):
        return _parts(snapshot, chunk.variants[0])
    return [whole | part for part in units] or [whole]


def _unit_parts(snapshot: Snapshot, unit: Unit) -> list[Bits]:
    """What holds a unit; of one of several words that nothing holds, what holds each of them. A
    character alone, as the 代 of 電気代, then says nothing."""
    found = find_unit(snapshot, unit)
    words = [word for word in unit.words if len(word) > 1]
    if found.any() or len(unit.words) == 1 or not words:
        return [found]
    return [snapshot.holding(word) for word in words]


def _chunk_scores(snapshot: Snapshot, chunk: Chunk) -> Scores:
    """The chunk's own score, or a part of a variant's where that is more."""
    best = np.zeros(snapshot.slots, np.float32)
    _add(best, snapshot, TermKind.GRAMS, chunk.telling_terms)
    for unit in chunk.units:
        _add_unit(best, snapshot, unit)
    for variant in chunk.variants:
        scores = _chunk_scores(snapshot, variant)
        scores *= VARIANT_WEIGHT
        np.maximum(best, scores, out=best)
    return best


def _add_unit(scores: Scores, snapshot: Snapshot, unit: Unit) -> None:
    """Add the words' own score, or a part of a synonym's where that is more."""
    if not unit.synonyms and not unit.implied and not unit.parts:
        _add(scores, snapshot, TermKind.WORDS, unit.words)
        return
    best = np.zeros(snapshot.slots, np.float32)
    if unit.parts:
        for part in unit.parts:
            _add_unit(best, snapshot, part)
    else:
        _add(best, snapshot, TermKind.WORDS, unit.words)
    _raise_to(best, SYNONYM_WEIGHT, _scores_of_any(snapshot, unit.synonyms))
    _raise_to(best, EXPANSION_WEIGHT, _scores_of_any(snapshot, unit.implied))
    scores += best


def _raise_to(scores: Scores, weight: np.float32, others: Scores | None) -> None:
    if others is not None:
        others *= weight
        np.maximum(scores, others, out=scores)


def _scores_of_any(snapshot: Snapshot, synonyms: Sequence[Searchable]) -> Scores | None:
    """The length of the vector of their scores: what holds two of them is better than what holds
    one, but far from twice as good. None of none."""
    if not synonyms:
        return None
    squares = np.zeros(snapshot.slots, np.float32)
    for synonym in synonyms:
        squares += np.square(_synonym_scores(snapshot, synonym))
    return np.sqrt(squares, out=squares)


def _synonym_scores(snapshot: Snapshot, synonym: Searchable) -> Scores:
    """As if a synonym were one word and its bigram, however long it is: of words that stand for
    the same, none says more because it is longer."""
    scores = np.zeros(snapshot.slots, np.float32)
    _add(scores, snapshot, TermKind.WORDS, synonym.words)
    _add(scores, snapshot, TermKind.GRAMS, synonym.telling_terms)
    scores[~to_mask(_find_synonym(snapshot, synonym))] = 0
    scores *= np.float32(len(TermKind) / max(1, len(synonym.words) + len(synonym.telling_terms)))
    return scores


def _add(scores: Scores, snapshot: Snapshot, kind: TermKind, terms: Iterable[str]) -> None:
    """Add what terms contribute, each once, to the scores of all documents."""
    for term in dict.fromkeys(terms):
        snapshot.impacts(kind, term).add_to(scores)
