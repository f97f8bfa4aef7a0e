"""The arithmetic of relevance."""

import numpy as np
import pytest
from whoosh.scoring import bm25 as whoosh_bm25

from search_index.segments.ranking import K1, B, idf, length_factors, saturation


def test_scores_are_those_of_whoosh_but_for_rounding() -> None:
    lengths = np.array([3, 10, 1, 0, 6])
    counts = np.array([1, 4, 1], np.uint8)
    holders = [0, 1, 4]
    of_term = np.log(5 / (3 + 1)) + 1
    expected = [
        whoosh_bm25(of_term, int(count), lengths[holder], lengths.mean(), B, K1)
        for count, holder in zip(counts, holders, strict=True)
    ]
    parts = lengths[holders] * length_factors(lengths.sum(keepdims=True), 5)
    scores = saturation(counts, parts.astype(np.float32)) * idf(5, np.array([3]))
    assert scores == pytest.approx(expected, rel=0.01)


def test_word_that_all_documents_hold_still_counts() -> None:
    assert idf(1, np.array([1])) > 0


def test_one_document_more_changes_nothing_in_a_large_index() -> None:
    holders = np.array([40_000, 512, 3])
    assert idf(100_000, holders).tolist() == idf(100_001, holders).tolist()
    totals = np.array([1_234_567, 45_678_912, 300_123])
    more = totals + np.array([14, 460, 3])
    assert length_factors(totals, 100_000).tolist() == length_factors(more, 100_001).tolist()
