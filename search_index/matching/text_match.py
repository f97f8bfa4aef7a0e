"""Which documents a parsed text finds, and how well."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search_index.analysis.grams import Gram
from search_index.matching.coverage import Coverage
from search_index.matching.finding import (
    demanded,
    find_allowed,
    find_chunk,
    find_strictly,
    find_unit,
)
from search_index.matching.scoring import Scored, add_terms, chunk_scores
from search_index.query.chunks import Chunk, Unit
from search_index.query.parsing import ParsedQuery
from search_index.sets.bits import DOCUMENTS_PER_WORD, Bits, bits_of, pack, to_mask
from search_index.sets.candidates import Candidates
from search_index.sets.document_sets import DocumentSet, FewDocuments, ManyDocuments, Subset
from search_index.snapshot import Snapshot
from search_index.terms.document_terms import TermKind

PAGE = 10
"""Hits that suffice: fewer are followed by what holds only some of the text."""

# Texts of fewer bigrams are like too many, and so is what holds a smaller share of them.
_LEAST_GRAMS = 3
_LEAST_SHARE = 0.5

# Up to this share of all documents, looking at each of them is quicker than at the bits of all.
_FEW_SHARE = 1 / 16


@dataclass(frozen=True)
class TextMatch:
    """The documents a text finds."""

    bits: Bits
    scored: Scored | None = None
    """Those that hold what was asked for, where the text gives scores at all."""
    further: Scored | None = None
    """The others, which hold only some of the text, to be shown after all these."""
    is_relaxed: bool = False
    """Whether holding any word sufficed."""
    may_be_misspelt: bool = False
    """Whether nothing holds all that is required, where it was meant to be found together."""

    @cached_property
    def documents(self) -> DocumentSet:
        """All of them, ready to be narrowed."""
        every = [scored.documents for scored in self._parts]
        if every and sum(map(len, every)) <= _FEW_SHARE * len(self.bits) * DOCUMENTS_PER_WORD:
            return FewDocuments(np.concatenate(every))
        return ManyDocuments(self.bits)

    def narrowed(self, subset: Subset | None) -> list[Scored]:
        """``scored`` and ``further`` without what is not in a subset of ``documents``."""
        if subset is None:
            return self._parts
        if isinstance(self.documents, FewDocuments):
            ends = np.cumsum([len(part.documents) for part in self._parts])
            kept = np.split(subset, ends[:-1])
        else:
            mask = to_mask(subset)
            kept = [mask[part.documents] for part in self._parts]
        return [part.among(held) for part, held in zip(self._parts, kept, strict=True)]

    @property
    def _parts(self) -> list[Scored]:
        return [part for part in (self.scored, self.further) if part]

    @property
    def nbytes(self) -> int:
        """How much memory it takes, with ``documents``."""
        return self.bits.nbytes + 3 * sum(part.nbytes for part in self._parts)


def find(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch:
    """What holds everything required and nothing excluded.

    Where that does not fill a page, what holds some of it follows. If there is nothing, or the text
    is a sentence, holding some of what tells will do, and holding more of it counts for more.
    """
    strict = find_strictly(snapshot, parsed)
    if not parsed.required:
        return TextMatch(strict)
    if strict.any() and not parsed.is_sentence:
        scored = _score(snapshot, parsed, strict)
        if len(scored.documents) >= PAGE or any(chunk.is_phrase for chunk in parsed.required):
            return TextMatch(strict, scored)
        # A phrase is meant whole; of other texts, what holds some follows what holds all.
        relaxed = _find_any(snapshot, parsed)
        others = relaxed.among(~to_mask(strict)[relaxed.documents])
        bits = strict | bits_of(others.documents, snapshot.slots)
        return TextMatch(bits, scored, others if len(others.documents) else None)
    relaxed = _find_any(snapshot, parsed)
    finds_any = len(relaxed.documents) > 0
    if not finds_any and all(chunk.is_optional for chunk in parsed.required):
        # A year that nothing names leaves nothing out.
        return TextMatch(find_allowed(snapshot, parsed), is_relaxed=True)
    return TextMatch(
        bits_of(relaxed.documents, snapshot.slots),
        relaxed,
        is_relaxed=parsed.is_sentence or finds_any,
        may_be_misspelt=not (parsed.is_sentence and finds_any),
    )


def _score(snapshot: Snapshot, parsed: ParsedQuery, strict: Bits) -> Scored:
    """What was found strictly, with the scores of all chunks. Of those that are not demanded, what
    holds a part only is worth nothing."""
    among = Candidates(strict)
    scores = np.zeros(len(among), np.float32)
    needed = demanded(parsed)
    for chunk in needed:
        scores += chunk_scores(snapshot, chunk, among)
    for chunk in parsed.required:
        if chunk not in needed:
            holders = among.among(find_chunk(snapshot, chunk))
            scores[among.places_of(holders)] += chunk_scores(snapshot, chunk, holders)
    return Scored(among.documents, scores)


def find_alike(snapshot: Snapshot, parsed: ParsedQuery) -> TextMatch | None:
    """What holds most of the bigrams of a text that finds nothing otherwise: a last resort for
    words that are spelt in a way nobody foresaw. None for phrases, or if nothing does."""
    terms = dict.fromkeys(term for chunk in parsed.required for term in chunk.telling_terms)
    if len(terms) < _LEAST_GRAMS or any(chunk.is_phrase for chunk in parsed.required):
        return None
    held = np.zeros(snapshot.slots, np.uint16)
    for term in terms:
        held += to_mask(snapshot.holding_sequence((Gram(term, 0),)))
    found = to_mask(find_allowed(snapshot, parsed))
    found &= held >= max(_LEAST_SHARE * len(terms), held.max(initial=0))
    if not found.any():
        return None
    among = Candidates(pack(found))
    scores = np.zeros(len(among), np.float32)
    add_terms(scores, snapshot, TermKind.GRAMS, terms, among)
    return TextMatch(among.bits, Scored(among.documents, scores), is_relaxed=True)


def _find_any(snapshot: Snapshot, parsed: ParsedQuery) -> Scored:
    parts = [part for chunk in parsed.required for part in _parts(snapshot, chunk)]
    coverage = Coverage([to_mask(part) for part in parts], snapshot.document_count)
    among = Candidates(pack(coverage.found) & find_allowed(snapshot, parsed))
    scores = np.zeros(len(among), np.float32)
    for chunk in parsed.required:
        scores += chunk_scores(snapshot, chunk, among)
    scores *= coverage.of(among.documents).astype(np.float32)
    return Scored(among.documents, snapshot.topics.favour_alike(among.documents, scores))


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
