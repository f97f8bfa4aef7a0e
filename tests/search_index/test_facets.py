"""Counts beside the filters, of every facet: what choosing a value shows, on every engine."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import (
    FACETS,
    LOCAL_REGION,
    STATUSES,
    ListingDocument,
    SearchIndex,
    SearchQuery,
    SearchResults,
)
from tests.search_index import brute_force
from tests.search_index.examples import FIXED, TODAY, document, fill, libraries, queries

TEXTS = st.sampled_from(["", "創業", "創業 融資", "-相談", '"りんご販路"'])
VALUES = st.lists(st.sampled_from("ABC"), unique=True, max_size=3).map(tuple)
CODES = st.fixed_dictionaries(dict.fromkeys((*FACETS, LOCAL_REGION), VALUES))
FILTERS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FACETS, st.lists(st.sampled_from("ABX"), unique=True).map(tuple))
    | {"status": st.lists(st.sampled_from(STATUSES), unique=True).map(tuple)},
)


@st.composite
def _libraries(draw: st.DrawFn) -> list[ListingDocument]:
    """Documents with values of every facet."""
    return [replace(each, codes=draw(CODES)) for each in draw(libraries())]


@settings(FIXED, max_examples=150)
@given(
    library=_libraries(),
    query=queries(TEXTS),
    filters=st.lists(FILTERS, min_size=3, max_size=3),
)
def test_counts_of_every_facet_equal_brute_force(
    index: SearchIndex,
    library: list[ListingDocument],
    query: SearchQuery,
    filters: list[dict[str, tuple[str, ...]]],
) -> None:
    fill(index, library)
    anything = SearchQuery(query.on, query.text, include_closed=True, limit=1000)
    further = [hit.id for hit in index.search(anything).hits]
    for chosen in filters:
        asked = replace(query, filters=chosen)
        expected = brute_force.search(library, asked, further=further)
        if expected is not None:
            results = index.search(asked)
            assert results.facets == expected.facets
            assert results.total == len(expected.ids) + len(expected.further)


@settings(FIXED, max_examples=50)
@given(library=_libraries(), query=queries(TEXTS), filters=FILTERS)
def test_every_count_is_what_choosing_the_value_shows(
    index: SearchIndex,
    library: list[ListingDocument],
    query: SearchQuery,
    filters: dict[str, tuple[str, ...]],
) -> None:
    fill(index, library)
    asked = replace(query, filters=filters)

    def total(facet: str, *codes: str) -> int:
        return index.search(replace(asked, filters={**filters, facet: codes}, limit=0)).total

    def counted(results: SearchResults) -> dict[tuple[str, str], int]:
        facets = results.facets.items()
        return {(name, code): count for name, codes in facets for code, count in codes.items()}

    counts = counted(index.search(asked))
    assert counts == {(facet, code): total(facet, code) for facet, code in counts}


def test_counts_of_siblings_stay_when_a_value_is_chosen(index: SearchIndex) -> None:
    fill(
        index,
        [
            document("a", codes={"kind": ("loan",), "industry": ("A",)}),
            document("b", codes={"kind": ("subsidy",), "industry": ("A", "B")}),
        ],
    )
    facets = index.search(SearchQuery(on=TODAY, filters={"kind": ("loan",)})).facets
    assert facets["kind"] == {"loan": 1, "subsidy": 1}
    assert facets["industry"] == {"A": 1, "B": 0}
