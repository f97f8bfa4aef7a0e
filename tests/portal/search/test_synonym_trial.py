"""Which groups widen a search, told from what the search itself says."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from portal.search import synonym_queries, synonym_services
from portal.search.models import SynonymGroup, SynonymMember
from portal.search.params import SearchParams
from portal.search.synonym_content import SynonymContent
from portal.search.synonym_trial import TriedTerm, explain
from search_index import SynonymExpansion
from tests.conftest import NOW
from tests.factories import publish_and_index


@pytest.fixture
def house(resources: Resources) -> Resources:
    """A portal without synonyms, with a listing about a stove."""
    with write_transaction(resources.sessions) as session:
        session.execute(delete(SynonymMember))
        session.execute(delete(SynonymGroup))
    publish_and_index(resources, title="薪ストーブの補助金", keywords=("薪割り", "ねぶた"))
    return resources


def add(held: Resources, *members: str, added: Sequence[str] = ()) -> int:
    with write_transaction(held.sessions) as session:
        content = SynonymContent(members, added=tuple(added))
        return synonym_services.add_group(session, content, actor=OPERATOR, now=NOW).id


def tried(held: Resources, text: str) -> tuple[TriedTerm, ...]:
    with held.sessions() as session:
        table = held.synonyms.current(session).table
        query = SearchParams(text).to_query(today=held.clock.today(), synonyms=table)
        expansions = held.index.search(query).interpretation.synonyms
        groups = synonym_queries.words_in_force(session)
    return explain(expansions, groups, index=held.index, on=held.clock.today())


def test_word_is_explained_by_its_group_alone(house: Resources) -> None:
    stove = add(house, "暖炉", "ストーブ")
    add(house, "焚き火", "キャンプファイヤー")
    assert tried(house, "だんろ 暖炉")[-1] == TriedTerm("暖炉", ("ストーブ",), (stove,))


def test_word_of_two_groups_is_explained_by_both(house: Resources) -> None:
    first, second = add(house, "暖炉", "ストーブ"), add(house, "暖炉", "囲炉裏")
    assert tried(house, "暖炉") == (TriedTerm("暖炉", ("ストーブ", "囲炉裏"), (first, second)),)


def test_group_that_spells_the_word_otherwise_is_named_too(house: Resources) -> None:
    first, second = add(house, "取り組み", "活動"), add(house, "取組", "アクション")
    assert tried(house, "取組み") == (
        TriedTerm("取り組み", ("活動", "アクション"), (first, second)),
    )


def test_saying_is_explained_by_the_group_that_adds_its_words(house: Resources) -> None:
    saying = add(house, "まきが足りない", added=("薪割り",))
    add(house, "薪割り", "伐採")
    assert tried(house, "まきがぜんぜん足りなくて") == (
        TriedTerm("まきが足りない", ("薪割り",), (saying,)),
    )


def test_word_that_is_a_saying_too_is_explained_by_both_groups(house: Resources) -> None:
    first, second = add(house, "暖炉", "ストーブ"), add(house, "暖炉", added=("薪割り",))
    assert tried(house, "暖炉") == (TriedTerm("暖炉", ("ストーブ", "薪割り"), (first, second)),)


def test_what_a_sentence_hints_at_is_told_as_a_guess(house: Resources) -> None:
    saying = add(house, "煙突がつまる", "煙突がこわれる", added=("薪割り", "ストーブ"))
    for number in range(5):
        add(house, f"困りごと{number}だ", added=(f"支援{number}",))
    (term,) = tried(house, "煙突を高くしたい")
    assert (term.group_ids, term.is_guess) == ((saying,), True)


def test_guess_is_known_among_other_words(house: Resources) -> None:
    saying = add(house, "火がつかない", added=("暖房", "ストーブ"))
    add(house, "煙が出る", added=("ストーブ",))
    told = SynonymExpansion("まきわり", ("薪割り", "暖房", "ストーブ"))
    with house.sessions() as session:
        groups = synonym_queries.words_in_force(session)
    (term,) = explain([told], groups, index=house.index, on=house.clock.today())
    assert (term.group_ids, term.is_guess) == ((saying,), True)


def test_reading_is_no_groups_doing(house: Resources) -> None:
    add(house, "暖炉", "ストーブ")
    (term,) = tried(house, "まきわり")
    assert (term.added, term.group_ids, term.is_guess) == (("薪割り",), (), False)


def test_group_that_is_switched_off_explains_nothing(house: Resources) -> None:
    group_id = add(house, "暖炉", "ストーブ")
    with write_transaction(house.sessions) as session:
        group = session.get_one(SynonymGroup, group_id)
        synonym_services.disable_group(session, group, actor=OPERATOR, now=NOW)
    assert tried(house, "暖炉") == ()
