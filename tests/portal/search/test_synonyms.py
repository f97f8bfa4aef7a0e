"""The synonyms that ship, and how they meet what administrators did."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.search import synonym_queries, synonym_services, synonyms
from portal.search.models import SynonymCategory, SynonymGroup
from portal.search.synonym_content import SynonymContent, find_problems
from portal.search.words import folded
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from tests.conftest import NOW
from tests.each import each


@contextmanager
def default(sessions: sessionmaker[Session], key: str) -> Iterator[tuple[Session, SynonymGroup]]:
    """A default group in a transaction that writes."""
    with write_transaction(sessions) as session:
        group = session.scalar(select(SynonymGroup).where(SynonymGroup.default_key == key))
        assert group is not None
        yield session, group


def load(sessions: sessionmaker[Session]) -> int:
    with write_transaction(sessions) as session:
        return synonyms.load(session, now=NOW)


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch):
    """Let the portal ship other defaults than before."""

    def ship(*, without: str = "", **groups: tuple[str, ...]) -> None:
        shipped = {key: value for key, value in synonyms.shipped().items() if key != without}
        shipped |= {key: SynonymContent(words, "other") for key, words in groups.items()}
        monkeypatch.setattr(synonyms, "shipped", lambda: shipped)

    return ship


def test_there_are_defaults_for_every_part_of_the_field() -> None:
    shipped = synonyms.shipped()
    assert len(shipped) >= 150
    categories = {content.category for content in shipped.values()}
    assert categories == set(SynonymCategory) - {"other"}


@each("key", synonyms.shipped())
def test_default_keeps_the_rules(key: str) -> None:
    content = synonyms.shipped()[key]
    assert content == content.tidied()
    assert find_problems(content) == []


@pytest.mark.parametrize("is_directed", [False, True])
def test_no_word_is_in_two_defaults_of_a_sort(is_directed: bool) -> None:
    words = [
        folded(word)
        for content in synonyms.shipped().values()
        for word in content.members
        if bool(content.added) == is_directed
    ]
    assert len(set(words)) == len(words)


def test_every_saying_that_ships_is_recognised() -> None:
    table = synonyms.default_synonyms()
    for content in synonyms.shipped().values():
        for saying in content.members if content.added else ():
            added = [
                word
                for each in table.expand(tokenize(normalise(saying).text))
                for word in each.added
            ]
            assert len({*content.added} - {*added}) <= 1, saying


def test_defaults_of_the_database_are_those_that_ship(database: sessionmaker[Session]) -> None:
    with database() as session:
        in_force = synonym_queries.list_in_force(session)
    assert in_force == [(each.members, each.added) for each in synonyms.shipped().values()]


def test_loading_again_changes_nothing(database: sessionmaker[Session]) -> None:
    with database() as session:
        before = synonym_queries.current_revision(session)
    assert load(database) == 0
    with database() as session:
        assert synonym_queries.current_revision(session) == before


def test_new_changed_and_dropped_defaults_follow_the_file(
    database: sessionmaker[Session], ship
) -> None:
    ship(without="sign", loan=("融資", "借り入れ"), firewood=("薪", "たきぎ"))
    assert load(database) == 3
    with database() as session:
        groups = {group.default_key: group for group in synonym_queries.list_groups(session)}
        assert "sign" not in groups
        assert groups["loan"].texts == ("融資", "借り入れ")
        assert groups["firewood"].texts == ("薪", "たきぎ")


def test_what_an_administrator_changed_or_removed_stays_so(
    database: sessionmaker[Session], ship
) -> None:
    with default(database, "loan") as (session, group):
        synonym_services.change_group(
            session, group, SynonymContent(("融資", "金策")), actor=OPERATOR, now=NOW
        )
    with default(database, "sign") as (session, group):
        synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
    with default(database, "brand") as (session, group):
        synonym_services.change_group(
            session, group, SynonymContent(("銘柄", "印")), actor=OPERATOR, now=NOW
        )
    ship(without="brand", loan=("融資", "借り入れ"), sign=("看板", "のぼり"))
    assert load(database) == 0
    with database() as session:
        groups = {group.default_key: group for group in synonym_queries.list_groups(session)}
        assert groups["loan"].texts == ("融資", "金策")
        assert groups["brand"].texts == ("銘柄", "印")
        assert "sign" not in groups


def test_default_can_be_had_as_it_ships(database: sessionmaker[Session]) -> None:
    shipped = synonyms.shipped()["loan"]
    with default(database, "loan") as (session, group):
        synonym_services.change_group(
            session, group, SynonymContent(("融資", "金策")), actor=OPERATOR, now=NOW
        )
        synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
    with default(database, "loan") as (session, group):
        synonyms.restore_shipped(session, group, actor=OPERATOR, now=NOW)
    with default(database, "loan") as (_, group):
        assert (group.texts, group.removed_at, group.is_edited) == (shipped.members, None, False)


def test_group_made_here_never_shipped(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        group = synonym_services.add_group(
            session, SynonymContent(("薪", "柴")), actor=OPERATOR, now=NOW
        )
        with pytest.raises(NotFoundError):
            synonyms.restore_shipped(session, group, actor=OPERATOR, now=NOW)
