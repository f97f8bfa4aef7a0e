"""The arithmetic of relevance."""

import numpy as np
import pytest
from whoosh.scoring import bm25 as whoosh_bm25

from search_index.ranking import K1, B, bm25, length_norms


def test_scores_are_those_of_whoosh() -> None:
    lengths = np.array([3, 10, 1, 0, 6])
    frequencies = np.array([1, 4, 1])
    holders = [0, 1, 4]
    idf = np.log(5 / (3 + 1)) + 1
    expected = [
        whoosh_bm25(idf, frequency, lengths[holder], lengths.mean(), B, K1)
        for frequency, holder in zip(frequencies, holders, strict=True)
    ]
    scores = bm25(frequencies, length_norms(lengths)[holders], document_count=5)
    assert scores == pytest.approx(expected)


def test_word_that_all_documents_hold_still_counts() -> None:
    lengths = np.array([1])
    assert bm25(np.array([1]), length_norms(lengths), document_count=1)[0] > 0
