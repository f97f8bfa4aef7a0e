"""The judged queries are complete, balanced and about listings that exist."""

import unicodedata
from collections import Counter

from bench.quality.metrics import USEFUL
from bench.quality.queries import DEVELOPMENT, GRADES, HALVES, TYPES, load_queries
from bench.quality.rankers.ranking import obeys
from portal.listings.vocabulary import load_vocabulary
from portal.search.params import MAX_TEXT
from search_index import ListingDocument

PUBLISHED = load_queries()

QUERIES = [*PUBLISHED, *load_queries(DEVELOPMENT)]


def test_there_are_enough_queries_of_every_type() -> None:
    counts = Counter(query.type for query in PUBLISHED)
    assert set(counts) == set(TYPES)
    assert len(PUBLISHED) >= 150
    assert min(counts.values()) >= 20


def test_halves_hold_as_many_queries_of_every_type() -> None:
    assert {query.half for query in PUBLISHED} == set(HALVES)
    by_half = [Counter(query.type for query in load_queries(half)) for half in HALVES]
    assert by_half[0] == by_half[1]


def test_development_set_is_apart_from_the_halves_and_has_every_type() -> None:
    development = load_queries(DEVELOPMENT)
    assert {query.half for query in development} == {DEVELOPMENT}
    assert {query.type for query in development} == set(TYPES)


def test_ids_and_questions_are_unique() -> None:
    assert len({query.id for query in QUERIES}) == len(QUERIES)
    questions = [
        (unicodedata.normalize("NFKC", query.text), tuple(sorted(query.filters.items())))
        for query in QUERIES
    ]
    assert [question for question, n in Counter(questions).items() if n > 1] == []


def test_queries_can_be_typed_and_say_what_is_needed() -> None:
    for query in QUERIES:
        assert 0 < len(query.text) <= MAX_TEXT, query.id
        assert query.need.endswith("."), query.id


def test_every_query_has_something_useful_to_find() -> None:
    for query in QUERIES:
        assert set(query.grades.values()) <= set(GRADES), query.id
        assert max(query.grades.values()) >= USEFUL, query.id


def test_filters_are_chosen_for_the_type_that_has_them() -> None:
    vocabulary = load_vocabulary("aomori")
    for query in QUERIES:
        assert bool(query.filters) == (query.type == "facets"), query.id
        for facet, codes in query.filters.items():
            assert set(codes) <= set(vocabulary.search_values(facet)), query.id


def test_judged_listings_exist_and_obey_the_filters(documents: list[ListingDocument]) -> None:
    by_id = {document.id: document for document in documents}
    for query in QUERIES:
        unknown = query.grades.keys() - by_id.keys()
        assert not unknown, query.id
        astray = [id_ for id_ in query.grades if not obeys(by_id[id_], query.filters)]
        assert astray == [], query.id
