"""Rules of synonyms, and how a change reaches searches."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import InvalidInputError, NotFoundError
from portal.search import synonym_queries, synonym_services
from portal.search.models import SynonymGroup, SynonymMember
from portal.search.synonym_cache import SynonymCache
from portal.search.synonym_content import SynonymContent, find_problems
from search_index.analysis.tokenizer import tokenize
from tests.conftest import NOW


def add(sessions: sessionmaker[Session], *members: str, **fields: object) -> int:
    with write_transaction(sessions) as session:
        content = SynonymContent(members, **fields)
        return synonym_services.add_group(session, content, actor=OPERATOR, now=NOW).id


def change(sessions: sessionmaker[Session], group_id: int, content: SynonymContent) -> None:
    with write_transaction(sessions) as session:
        group = synonym_queries.get_group(session, group_id)
        synonym_services.change_group(session, group, content, actor=OPERATOR, now=NOW)


def in_force(sessions: sessionmaker[Session]) -> list[tuple[str, ...]]:
    with sessions() as session:
        return [group.members for group in synonym_queries.list_in_force(session)]


def test_group_keeps_its_words_in_order_and_without_needless_spaces(
    database: sessionmaker[Session],
) -> None:
    group_id = add(database, " 灯油\u3000", "", "ストーブの  油", note=" 冬 ", category="energy")
    with database() as session:
        group = synonym_queries.get_group(session, group_id)
        assert group.texts == ("灯油", "ストーブの 油")
        assert (group.note, group.category, group.updated_at) == ("冬", "energy", NOW)
    assert in_force(database)[-1] == ("灯油", "ストーブの 油")


@pytest.mark.parametrize("saying", ["お金に困る", "輸出できる", "経営を良くする", "誰かに聞く"])
def test_saying_that_comes_down_to_one_common_word_is_refused(
    database: sessionmaker[Session], saying: str
) -> None:
    with pytest.raises(InvalidInputError, match=rf"「{saying}」は「..?」だけと同じ.*足すか"):
        add(database, "年が越せない", saying, added=("資金繰り",))


def test_group_may_say_that_two_kinds_of_kana_are_one_word(
    database: sessionmaker[Session],
) -> None:
    add(database, "ネブタ", "ねぶた")
    assert in_force(database)[-1] == ("ネブタ", "ねぶた")


def test_words_of_a_group_that_works_both_ways_may_have_light_words(
    database: sessionmaker[Session],
) -> None:
    add(database, "経営を良くする", "経営改善")
    assert in_force(database)[-1] == ("経営を良くする", "経営改善")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ((), "2つ以上"),
        (("看板",), "2つ以上"),
        (("看板", "  "), "2つ以上"),
        (("看板", "あ" * 51), "50文字まで"),
        (("看板", "★…！"), "文字か数字がありません"),
        (("看板", "のぼり", "看板"), "「看板」が2回"),
        (("HP", "ｈｐ"), "「ｈｐ」が2回"),
        (("看板", "の\x00ぼり"), "使えない文字"),
        (("看板", "の\udcffぼり"), "使えない文字"),
        (("看板", "\u202eのぼり"), "使えない文字"),
        (tuple(f"語{number}" for number in range(31)), "30個まで"),
        (("看板", "あ" * 500_000), "50文字まで"),
    ],
)
def test_words_that_break_a_rule_are_refused_with_what_to_do(
    database: sessionmaker[Session], members: tuple[str, ...], message: str
) -> None:
    before = in_force(database)
    with pytest.raises(InvalidInputError, match=message) as caught:
        add(database, *members)
    assert {problem.field for problem in caught.value.problems} == {"members"}
    assert all(problem.message.endswith("。") for problem in caught.value.problems)
    assert in_force(database) == before


@pytest.mark.parametrize(
    ("members", "added", "message"),
    [
        ((), ("融資",), "もとのことばを1つ以上"),
        (("お金がない",), ("融資", "融資"), "「融資」が2回"),
        (tuple(f"語{number}" for number in range(61)), ("融資",), "60個まで"),
        (("お金がない",), tuple(f"語{number}" for number in range(31)), "30個まで"),
    ],
)
def test_added_words_that_break_a_rule_are_refused(
    database: sessionmaker[Session],
    members: tuple[str, ...],
    added: tuple[str, ...],
    message: str,
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        add(database, *members, added=added)


def test_thousands_of_words_are_answered_by_one_sentence_for_each_field() -> None:
    words = ("\0",) * 100_000
    problems = find_problems(SynonymContent(words, added=words))
    assert [problem.field for problem in problems] == ["members", "added"]
    assert find_problems(SynonymContent(words))[0].message.startswith("ことばは30個まで")


def test_what_is_added_for_a_saying_is_kept_apart(database: sessionmaker[Session]) -> None:
    group_id = add(database, "まきが 足りない", added=("薪", " 薪割り "))
    change(database, group_id, SynonymContent(("まきが足りない",), added=("薪",)))
    with database() as session:
        group = synonym_queries.get_group(session, group_id)
        assert (group.texts, group.added) == (("まきが足りない",), ("薪",))
        assert synonym_queries.list_in_force(session)[-1] == (("まきが足りない",), ("薪",))
        words = tokenize("まきがぜんぜん足りなくて")
        table = synonym_queries.to_table(synonym_queries.list_in_force(session))
    assert [each.added for each in table.expand(words)] == [("薪",)]


def test_each_field_that_breaks_a_rule_is_named() -> None:
    content = SynonymContent(("看板",), category="colours", note="あ" * 201)
    problems = find_problems(content)
    assert [problem.field for problem in problems] == ["members", "category", "note"]


def test_change_replaces_the_words_even_with_the_same_in_another_order(
    database: sessionmaker[Session],
) -> None:
    group_id = add(database, "灯油", "石油", "燃油")
    change(database, group_id, SynonymContent(("燃油", "灯油")))
    assert in_force(database)[-1] == ("燃油", "灯油")
    with database() as session:
        rows = session.scalars(select(SynonymMember).where(SynonymMember.group_id == group_id))
        assert sorted(row.position for row in rows) == [0, 1]


def test_refused_change_leaves_the_group_as_it_was(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油")
    with pytest.raises(InvalidInputError):
        change(database, group_id, SynonymContent(("灯油",)))
    with database() as session:
        group = synonym_queries.get_group(session, group_id)
        assert (group.texts, group.is_edited) == (("灯油", "石油"), False)


def test_disabled_and_removed_groups_are_not_searched_with(
    database: sessionmaker[Session],
) -> None:
    disabled = add(database, "灯油", "石油")
    removed = add(database, "燃料", "たきぎ")
    with write_transaction(database) as session:
        group = synonym_queries.get_group(session, disabled)
        synonym_services.disable_group(session, group, actor=OPERATOR, now=NOW)
        group = synonym_queries.get_group(session, removed)
        synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
    words = {word for group in in_force(database) for word in group}
    assert not words & {"石油", "たきぎ"}
    with write_transaction(database) as session:
        listed = [group.id for group in synonym_queries.list_groups(session)]
        assert (disabled in listed, removed in listed) == (True, False)
        (gone,) = synonym_queries.list_groups(session, is_removed=True)
        synonym_services.restore_group(session, gone, actor=OPERATOR, now=NOW)
    assert in_force(database)[-1] == ("燃料", "たきぎ")


def test_word_of_another_group_is_allowed_and_told(database: sessionmaker[Session]) -> None:
    first = add(database, "灯油", "暖房用ＯＩＬ")
    second = add(database, "暖房用oil", "暖房 油")
    with database() as session:
        group = synonym_queries.get_group(session, second)
        shared = synonym_queries.list_shared_members(session, group)
    assert [(member.text, member.group_id) for member in shared] == [("暖房用oil", first)]


@pytest.mark.parametrize("group_id", [0, -1, 999_999, 2**31, 10**30])
def test_unknown_group_is_not_found(database: sessionmaker[Session], group_id: int) -> None:
    with database() as session, pytest.raises(NotFoundError):
        synonym_queries.get_group(session, group_id)


def test_every_process_sees_a_change_with_its_next_request(
    database: sessionmaker[Session],
) -> None:
    one, other = SynonymCache(), SynonymCache()
    with database() as session:
        before = one.current(session)
        assert one.current(session) is before
        assert other.current(session) == before
    group_id = add(database, "灯油", "石油")
    for cache in (one, other):
        with database() as session:
            after = cache.current(session)
        assert after.revision > before.revision
        assert after.table != before.table
    with write_transaction(database) as session:
        group = synonym_queries.get_group(session, group_id)
        synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
    with database() as session:
        assert one.current(session).table == before.table


def test_change_that_is_rolled_back_is_seen_by_nobody(database: sessionmaker[Session]) -> None:
    cache = SynonymCache()
    with database() as session:
        before = cache.current(session)
    with database() as session:
        synonym_services.add_group(
            session, SynonymContent(("灯油", "石油")), actor=OPERATOR, now=NOW
        )
        session.rollback()
    with database() as session:
        assert cache.current(session) is before


def test_removing_twice_counts_once(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油")
    revisions = []
    for _ in range(2):
        with write_transaction(database) as session:
            group = session.get(SynonymGroup, group_id)
            assert group is not None
            synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
            revisions.append(synonym_queries.current_revision(session))
    assert revisions[0] == revisions[1]
