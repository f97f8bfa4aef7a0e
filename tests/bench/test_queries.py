from bench.corpus import Corpus
from bench.ours import to_search_query
from bench.peers.peer import Match, PeerQuery
from bench.queries import QUERIES_PER_MODE, Mode, draw_queries, mixed_queries
from search_index import Sort
from tests.bench import brute_force

Questions = dict[Mode, tuple[PeerQuery, ...]]


def test_questions_are_the_same_every_time(corpus: Corpus, asked: Questions) -> None:
    assert draw_queries(corpus) == asked
    assert {len(queries) for queries in asked.values()} == {QUERIES_PER_MODE}


def test_every_word_and_phrase_is_found(corpus: Corpus, asked: Questions) -> None:
    documents = list(corpus.peer_documents())
    for mode in (Mode.TERM, Mode.ALL_OF, Mode.PHRASE):
        for query in asked[mode]:
            assert brute_force.answer(documents, query).total, query


def test_filtered_questions_choose_in_two_facets_and_count_all(asked: Questions) -> None:
    for query in asked[Mode.FILTERED]:
        assert query.with_facets
        assert len(query.filters) == 2


def test_no_question_of_a_mode_is_asked_twice(asked: Questions) -> None:
    for mode, queries in asked.items():
        assert len(set(map(repr, queries))) == len(queries), mode


def test_mix_takes_from_all_modes_in_turn(asked: Questions) -> None:
    assert mixed_queries(asked)[: len(Mode)] == [queries[0] for queries in asked.values()]


def test_our_engine_is_asked_for_phrases_in_quotes_and_for_closed_listings_too() -> None:
    query = PeerQuery("人材育成", ("人材", "育成"), Match.PHRASE, by_deadline=True)
    found = to_search_query(query)
    assert (found.text, found.sort) == ("「人材育成」", Sort.DEADLINE)
    assert found.include_closed
