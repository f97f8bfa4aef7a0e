"""What is done to synonyms is done once, recorded once, and not over somebody else's work."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.models import AuditEvent
from portal.audit.types import Actor
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError, NotFoundError
from portal.extensions import Resources
from portal.search import synonym_queries, synonym_services, synonyms
from portal.search.models import SynonymGroup
from portal.search.synonym_content import SynonymContent, content_of, mark_of
from portal.synonym_commands import synonym
from tests.conftest import NOW
from tests.portal.search.test_synonym_services import add, change
from tests.racing import race

KEN = Actor(7, "ken@pref.example.jp", "admin")
BY_KEN: dict[str, Any] = {"actor": KEN, "now": NOW}


def do(
    sessions: sessionmaker[Session],
    group_id: int,
    act: Callable[[Session, SynonymGroup], bool],
) -> bool:
    with write_transaction(sessions) as session:
        return act(session, synonym_queries.get_group(session, group_id))


def revision(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return synonym_queries.current_revision(session)


def recorded(
    sessions: sessionmaker[Session], group_id: int
) -> list[tuple[str, str, dict[str, object]]]:
    """What was recorded of a group: action, who, detail."""
    with sessions() as session:
        wanted = select(AuditEvent).where(
            AuditEvent.target_type == "synonym_group", AuditEvent.target_id == str(group_id)
        )
        events = session.scalars(wanted.order_by(AuditEvent.seq))
        return [(event.action, event.actor_label, json.loads(event.detail)) for event in events]


def test_every_act_is_recorded_once_with_who_did_it(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油", note="冬")
    wanted = SynonymContent(("灯油", "燃油"), "energy", "冬")
    acts = [
        lambda session, group: synonym_services.change_group(session, group, wanted, **BY_KEN),
        lambda session, group: synonym_services.disable_group(session, group, **BY_KEN),
        lambda session, group: synonym_services.enable_group(session, group, **BY_KEN),
        lambda session, group: synonym_services.remove_group(session, group, **BY_KEN),
        lambda session, group: synonym_services.restore_group(session, group, **BY_KEN),
    ]
    for act in acts:
        assert do(database, group_id, act) is True
        # There is nothing left to do, to count or to record.
        before = revision(database)
        assert do(database, group_id, act) is False
        assert revision(database) == before
    assert recorded(database, group_id) == [
        ("synonym_added", "コマンド", {"members": "灯油、石油", "category": "other"}),
        (
            "synonym_changed",
            KEN.label,
            {
                "first_word": "灯油",
                "members_lost": "石油",
                "members_gained": "燃油",
                "category_before": "other",
                "category_after": "energy",
            },
        ),
        ("synonym_disabled", KEN.label, {"first_word": "灯油"}),
        ("synonym_enabled", KEN.label, {"first_word": "灯油"}),
        ("synonym_removed", KEN.label, {"first_word": "灯油"}),
        ("synonym_restored", KEN.label, {"first_word": "灯油"}),
    ]


def test_what_is_refused_or_rolled_back_is_not_recorded(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油")
    with pytest.raises(InvalidInputError):
        change(database, group_id, SynonymContent(("灯油",)))
    with database() as session:
        group = synonym_queries.get_group(session, group_id)
        synonym_services.remove_group(session, group, **BY_KEN)
        session.rollback()
    assert [action for action, *_ in recorded(database, group_id)] == ["synonym_added"]


def test_words_in_another_order_are_a_change(database: sessionmaker[Session]) -> None:
    group_id = add(database, "まきが足りない", added=("薪", "薪割り"))
    change(database, group_id, SynonymContent(("まきが足りない",), added=("薪割り", "薪")))
    _, (_, _, detail) = recorded(database, group_id)
    assert detail == {"first_word": "まきが足りない", "added_reordered": True}


def test_change_of_what_somebody_else_changed_meanwhile_is_refused(
    database: sessionmaker[Session],
) -> None:
    group_id = add(database, "灯油", "石油")
    with database() as session:
        seen = mark_of(content_of(synonym_queries.get_group(session, group_id)))
    change(database, group_id, SynonymContent(("灯油", "燃油")))
    wanted = SynonymContent(("灯油", "重油"))
    with write_transaction(database) as session:
        group = synonym_queries.get_group(session, group_id)
        with pytest.raises(ChangedMeanwhileError):
            synonym_services.change_group(session, group, wanted, seen=seen, **BY_KEN)
    with database() as session:
        assert synonym_queries.get_group(session, group_id).texts == ("灯油", "燃油")


def test_group_is_changed_as_it_is_and_not_as_it_was_read(
    database: sessionmaker[Session],
) -> None:
    group_id = add(database, "灯油", "石油")
    with database() as late:
        group = synonym_queries.get_group(late, group_id)
        assert group.texts == ("灯油", "石油")
        late.rollback()
        change(database, group_id, SynonymContent(("灯油", "燃油")))
        wanted = SynonymContent(("灯油", "燃油"))
        assert synonym_services.change_group(late, group, wanted, **BY_KEN) is False
        assert group.texts == ("灯油", "燃油")


def test_group_that_is_gone_meanwhile_is_not_found(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油")
    with database() as late:
        group = synonym_queries.get_group(late, group_id)
        late.expunge(group)
        late.rollback()
        with write_transaction(database) as session:
            session.delete(synonym_queries.get_group(session, group_id))
        late.add(group)
        with pytest.raises(NotFoundError):
            synonym_services.remove_group(late, group, **BY_KEN)


def test_of_two_who_do_the_same_at_once_one_does_it(database: sessionmaker[Session]) -> None:
    group_id = add(database, "灯油", "石油")
    ready = threading.Barrier(2)
    done: list[bool] = []

    def remove() -> None:
        ready.wait(timeout=10)
        with write_transaction(database) as session:
            group = synonym_queries.get_group(session, group_id)
            done.append(synonym_services.remove_group(session, group, **BY_KEN))

    threads = [threading.Thread(target=remove) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(done) == [False, True]
    assert [action for action, *_ in recorded(database, group_id)] == [
        "synonym_added",
        "synonym_removed",
    ]


def test_command_does_not_undo_what_is_changed_while_it_runs(unindexed: Resources) -> None:
    sessions = unindexed.sessions
    group_id = add(sessions, "灯油", "石油")
    context = CommandContext()
    context.resources = unindexed
    arguments = ["change", str(group_id), "--note", "冬"]

    def add_word() -> None:
        change(sessions, group_id, SynonymContent(("灯油", "石油", "燃油")))

    def add_note() -> None:
        synonym.main(arguments, standalone_mode=False, obj=context)

    _, noted = race(sessions, [add_word, add_note])
    assert noted is None or isinstance(noted, ChangedMeanwhileError)
    with sessions() as session:
        group = synonym_queries.get_group(session, group_id)
        assert group.texts == ("灯油", "石油", "燃油")


def test_upgrade_leaves_alone_what_is_changed_while_it_runs(
    database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, content = next(iter(synonyms.shipped().items()))
    newer = dict(synonyms.shipped()) | {key: replace(content, note="新しい版")}
    with database() as session:
        group_id = session.scalars(
            select(SynonymGroup.id).where(SynonymGroup.default_key == key)
        ).one()
    monkeypatch.setattr(synonyms, "shipped", lambda: newer)

    def upgrade() -> int:
        with write_transaction(database) as session:
            return synonyms.load(session, now=NOW)

    own = replace(content, note="県のことば")
    changed, loaded = race(database, [lambda: change(database, group_id, own), upgrade])
    assert changed is None
    assert isinstance(loaded, int)
    with database() as session:
        group = synonym_queries.get_group(session, group_id)
        assert (group.note, group.is_edited) == ("県のことば", True)
