"""What becomes of proposals: once, by one administrator, into the group where it belongs."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.proposals import queries, services
from portal.proposals.models import ProposalState
from portal.proposals.services import ProposalContent
from portal.search import synonym_queries
from tests.conftest import NOW
from tests.each import each
from tests.factories import make_agency
from tests.portal.search.test_synonym_services import add, in_force
from tests.racing import race


def propose(sessions: sessionmaker[Session], word: str, *equivalents: str, note: str = "") -> int:
    with write_transaction(sessions) as session:
        proposal = services.propose(
            session,
            ProposalContent(word, equivalents, note),
            agency_id=make_agency(session).id,
            author_id=1,
            actor=OPERATOR,
            now=NOW,
        )
        return proposal.id


def accept(sessions: sessionmaker[Session], proposal_id: int) -> bool:
    with write_transaction(sessions) as session:
        proposal = queries.get_proposal(session, proposal_id)
        return services.accept(session, proposal, actor=OPERATOR, now=NOW)


def join(sessions: sessionmaker[Session], word: str, *equivalents: str) -> bool:
    with write_transaction(sessions) as session:
        content = ProposalContent(word, equivalents)
        return services.join(session, content, actor=OPERATOR, now=NOW)


def groups_with(sessions: sessionmaker[Session], text: str) -> list[tuple[str, ...]]:
    return [members for members in in_force(sessions) if text in members]


def test_words_join_the_group_of_an_equivalent_else_of_the_word_else_make_one(
    database: sessionmaker[Session],
) -> None:
    add(database, "ﾏｷ ストーブ", "薪窯")
    assert join(database, "たきび台", "マキストーブ", "いろり x")
    assert groups_with(database, "たきび台") == [("ﾏｷ ストーブ", "薪窯", "たきび台", "いろり x")]
    assert not join(database, "薪窯", "たきび台")
    assert join(database, "薪窯", "かまど x")
    assert len(groups_with(database, "かまど x")[0]) == 5
    # Words that sayings are widened by do not mean the same.
    add(database, "火が要る", added=("たいまつ x",))
    assert join(database, "松明 x", "たいまつ x")
    assert groups_with(database, "松明 x") == [("松明 x", "たいまつ x")]


def test_group_that_is_full_takes_no_more_and_the_proposal_stays_open(
    database: sessionmaker[Session],
) -> None:
    add(database, *(f"こま{number}" for number in range(30)))
    proposal_id = propose(database, "こまいぬ", "こま1")
    with pytest.raises(InvalidInputError, match="30個まで"):
        accept(database, proposal_id)
    with database() as session:
        assert queries.get_proposal(session, proposal_id).state == ProposalState.OPEN


@each(
    "case",
    [
        ("", ["除雪"], "word"),
        ("雪かき", [], "equivalents"),
        ("雪かき", ["", " ", " 雪か き"], "equivalents"),
        ("雪" * 51, ["除雪"], "equivalents"),
        ("雪かき", ["…"], "equivalents"),
        ("雪かき", ["除\0雪"], "equivalents"),
        ("雪かき", [f"雪{number}" for number in range(30)], "equivalents"),
    ],
)
def test_what_no_group_could_hold_is_no_proposal(
    database: sessionmaker[Session], case: tuple[str, Sequence[str], str]
) -> None:
    word, equivalents, field = case
    with pytest.raises(InvalidInputError) as raised:
        propose(database, word, *equivalents)
    assert {problem.field for problem in raised.value.problems} == {field}


def test_agency_proposes_the_same_only_once_while_it_is_open(
    database: sessionmaker[Session],
) -> None:
    first = propose(database, "ぽっぽ焼き", "屋台", " 屋台 ", note=" 夏 まつり ")
    with pytest.raises(InvalidInputError, match="もう提案してあります"):
        propose(database, "屋 台", "ぽっぽ焼き")
    with database() as session:
        row = queries.get_proposal(session, first)
        assert (row.word, row.equivalents, row.note) == ("ぽっぽ焼き", ["屋台"], "夏 まつり")
    assert accept(database, first)
    assert propose(database, "ぽっぽ焼き", "屋台") != first


def test_one_of_two_who_decide_at_once_does(database: sessionmaker[Session]) -> None:
    proposal_id = propose(database, "ぽっぽ焼き x", "蒸気パン x")
    done = race(database, [lambda: accept(database, proposal_id)] * 2)
    assert sorted(done) == [False, True]
    assert len(groups_with(database, "蒸気パン x")) == 1
    with database() as session:
        proposal = queries.get_proposal(session, proposal_id)
        with pytest.raises(ChangedMeanwhileError):
            services.decline(session, proposal, "広すぎる", actor=OPERATOR, now=NOW)
        assert synonym_queries.current_revision(session)


def test_who_declines_says_why(database: sessionmaker[Session]) -> None:
    proposal_id = propose(database, "ぽっぽ焼き", "屋台")
    with database() as session:
        proposal = queries.get_proposal(session, proposal_id)
        for reason in ("", " \n", "あ" * 201, "a\0b"):
            with pytest.raises(InvalidInputError, match="理由"):
                services.decline(session, proposal, reason, actor=OPERATOR, now=NOW)
