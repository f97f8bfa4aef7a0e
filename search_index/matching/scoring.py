"""How well documents answer what was found in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from search_index.matching.finding import find_synonym
from search_index.query.chunks import Chunk, Searchable, Unit
from search_index.segments.ranking import EXPANSION_WEIGHT, SYNONYM_WEIGHT, VARIANT_WEIGHT, Scores
from search_index.sets.bits import Mask, Numbers
from search_index.sets.candidates import Candidates
from search_index.snapshot import Snapshot
from search_index.terms.document_terms import TermKind


class Scored(NamedTuple):
    """Documents by their numbers, ascending, with a score for each."""

    documents: Numbers
    scores: Scores

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.documents.nbytes + self.scores.nbytes

    def among(self, mask: Mask) -> "Scored":
        """Those for which ``mask``, in the same order, is true."""
        return Scored(self.documents.compress(mask), self.scores.compress(mask))


def chunk_scores(snapshot: Snapshot, chunk: Chunk, among: Candidates) -> Scores:
    """The chunk's own score, or a part of a variant's where that is more."""
    best = np.zeros(len(among), np.float32)
    add_terms(best, snapshot, TermKind.GRAMS, chunk.telling_terms, among)
    # Who pastes a page asks for the same units over and over.
    for unit, times in Counter(chunk.units).items():
        best += np.float32(times) * _unit_scores(snapshot, unit, among)
    for variant in chunk.variants:
        scores = chunk_scores(snapshot, variant, among)
        scores *= VARIANT_WEIGHT
        np.maximum(best, scores, out=best)
    return best


def _unit_scores(snapshot: Snapshot, unit: Unit, among: Candidates) -> Scores:
    """The words' own score, or a part of a synonym's where that is more."""
    best = np.zeros(len(among), np.float32)
    if unit.parts:
        for part in unit.parts:
            best += _unit_scores(snapshot, part, among)
    else:
        add_terms(best, snapshot, TermKind.WORDS, unit.words, among)
    _raise_to(best, SYNONYM_WEIGHT, _scores_of_any(snapshot, unit.synonyms, among))
    _raise_to(best, EXPANSION_WEIGHT, _scores_of_any(snapshot, unit.implied, among))
    return best


def _raise_to(scores: Scores, weight: np.float32, others: Scores | None) -> None:
    if others is not None:
        others *= weight
        np.maximum(scores, others, out=scores)


def _scores_of_any(
    snapshot: Snapshot, synonyms: Sequence[Searchable], among: Candidates
) -> Scores | None:
    """The length of the vector of their scores: what holds two of them is better than what holds
    one, but far from twice as good. None of none."""
    if not synonyms:
        return None
    squares = np.zeros(len(among), np.float32)
    for synonym in synonyms:
        holders = among.among(find_synonym(snapshot, synonym))
        if len(holders):
            scores = _synonym_scores(snapshot, synonym, holders)
            squares[among.places_of(holders)] += np.square(scores)
    return np.sqrt(squares, out=squares)


def _synonym_scores(snapshot: Snapshot, synonym: Searchable, holders: Candidates) -> Scores:
    """As if a synonym were one word and its bigram, however long it is: of words that stand for
    the same, none says more because it is longer."""
    scores = np.zeros(len(holders), np.float32)
    add_terms(scores, snapshot, TermKind.WORDS, synonym.words, holders)
    add_terms(scores, snapshot, TermKind.GRAMS, synonym.telling_terms, holders)
    scores *= np.float32(len(TermKind) / max(1, len(synonym.words) + len(synonym.telling_terms)))
    return scores


def add_terms(
    scores: Scores, snapshot: Snapshot, kind: TermKind, terms: Iterable[str], among: Candidates
) -> None:
    """Add what terms contribute, each once, to the scores of some documents."""
    for term in dict.fromkeys(terms):
        scores += snapshot.scores_of(kind, term, among)
