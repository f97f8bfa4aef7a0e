"""The two ways a facet is kept count alike, however its documents came together."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_index.sets.bits import bits_of
from search_index.sets.document_sets import FewDocuments, ManyDocuments
from search_index.sets.facet import Facet
from search_index.sets.parted_facet import PartedFacet
from tests.search_index.examples import FIXED

_CODES = "abcdefg"
_SLOTS = 64

_of_documents = st.lists(st.frozensets(st.sampled_from(_CODES)), max_size=_SLOTS)
_single = st.lists(st.sampled_from(_CODES).map(lambda code: frozenset({code})), max_size=_SLOTS)
_parts = st.lists(_of_documents | _single, min_size=1, max_size=3)
_shares = st.sets(st.integers(0, 3 * _SLOTS - 1))


@FIXED
@given(_parts, _shares, _shares)
def test_few_and_many_documents_have_the_codes_they_were_given(
    parts: list[list[frozenset[str]]], deleted: set[int], wanted: set[int]
) -> None:
    facet, codes = _in_a_row(parts, deleted)
    slots = len(parts) * _SLOTS
    documents = np.array(sorted(wanted - deleted & set(range(slots))), np.int64)
    documents = documents[documents < slots]
    expected = Counter(code for document in documents for code in codes[document])

    counts = facet.counts_of(facet.split(documents))
    assert {c: n for c, n in counts.items() if n} == expected
    assert facet.counts(bits_of(documents, slots)) == counts
    held = {code for number, of_one in enumerate(codes) if number not in deleted for code in of_one}
    assert list(counts) == sorted(held), "a code that no document has is none"


@FIXED
@given(_parts, _shares, _shares)
def test_few_documents_are_narrowed_as_many_are(
    parts: list[list[frozenset[str]]], deleted: set[int], wanted: set[int]
) -> None:
    facet, codes = _in_a_row(parts, deleted)
    documents = np.array([d for d in sorted(wanted - deleted) if d < len(codes)], np.int64)
    few, many = FewDocuments(documents), ManyDocuments(bits_of(documents, len(codes)))

    for chosen in ("a", "bc", "z"):
        kept = facet.any_of(chosen)
        held = sum(bool(codes[document] & set(chosen)) for document in documents)
        assert few.count(few.holding(kept)) == many.count(many.holding(kept)) == held
        facets = {"of some": facet}
        assert few.code_counts(facets, few.everything & few.holding(kept)) == many.code_counts(
            facets, many.everything & many.holding(kept)
        )


def _in_a_row(
    parts: Sequence[Sequence[frozenset[str]]], deleted: set[int]
) -> tuple[PartedFacet, list[frozenset[str]]]:
    """A facet of several segments, and the codes of each slot."""
    padded = [[*part, *[frozenset[str]()] * (_SLOTS - len(part))] for part in parts]
    codes = [of_one for part in padded for of_one in part]
    gone = [
        np.array([n - start for n in sorted(deleted) if start <= n < start + _SLOTS], np.int64)
        for start in range(0, len(codes), _SLOTS)
    ]
    return PartedFacet([Facet.of(part, _SLOTS) for part in padded], gone), codes
