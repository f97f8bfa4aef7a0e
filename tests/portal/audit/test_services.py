"""Every event continues one chain, and says nothing it must not."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit import services
from portal.audit.actions import AuditAction
from portal.audit.chain import NO_EVENT_HASH, hash_of
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR, Actor, Target
from portal.db import write_transaction
from tests.conftest import NOW
from tests.portal.audit.conftest import CLERK


def events(sessions: sessionmaker[Session]) -> list[AuditEvent]:
    with sessions() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def test_events_are_numbered_and_chained_from_the_first(database: sessionmaker[Session]) -> None:
    for minute in range(3):
        with write_transaction(database) as session:
            services.record(
                session,
                AuditAction.SIGN_IN,
                actor=CLERK,
                now=NOW + timedelta(minutes=minute, microseconds=minute),
            )
    first, second, third = events(database)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert first.previous_hash == NO_EVENT_HASH
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    # Worked out from what the database gave back, so nothing of it was lost on the way.
    assert [event.hash for event in (first, second, third)] == [
        hash_of(event) for event in (first, second, third)
    ]


def test_several_events_of_one_transaction_follow_each_other(
    database: sessionmaker[Session],
) -> None:
    with write_transaction(database) as session:
        for _ in range(2):
            services.record(session, AuditAction.SIGN_IN, actor=CLERK, now=NOW)
    first, second = events(database)
    assert second.previous_hash == first.hash


def test_rolled_back_event_leaves_no_gap(database: sessionmaker[Session]) -> None:
    def fail_after_recording() -> None:
        with write_transaction(database) as session:
            services.record(session, AuditAction.SIGN_OUT, actor=CLERK, now=NOW)
            raise LookupError

    with write_transaction(database) as session:
        services.record(session, AuditAction.SIGN_IN, actor=CLERK, now=NOW)
    with pytest.raises(LookupError):
        fail_after_recording()
    with write_transaction(database) as session:
        services.record(session, AuditAction.SIGN_IN, actor=CLERK, now=NOW)
    assert [(event.seq, event.action) for event in events(database)] == [
        (1, "sign_in"),
        (2, "sign_in"),
    ]


def test_all_that_is_known_is_kept(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        services.record(
            session,
            AuditAction.USER_MOVED,
            actor=OPERATOR,
            target=Target("user", "12", "02203"),
            detail={"agency": "02203", "agency_before": "02201", "forced": False, "sessions": 2},
            now=NOW,
        )
    (event,) = events(database)
    assert (event.at, event.actor_id, event.actor_label, event.actor_role) == (
        NOW,
        None,
        "コマンド",
        "operator",
    )
    assert (event.action, event.target_type, event.target_id) == ("user_moved", "user", "12")
    assert event.detail == (
        '{"agency":"02203","agency_before":"02201","forced":false,"sessions":2}'
    )


@pytest.mark.parametrize(
    ("actor", "target", "concerned"),
    [
        (CLERK, None, "02201"),
        (CLERK, Target("user", "1"), "02201"),
        (OPERATOR, Target("user", "1", "02203"), "02203"),
        (CLERK, Target("agency", "02203"), "02203"),
        (OPERATOR, None, None),
        (None, None, None),
    ],
)
def test_event_concerns_the_agency_of_its_target_else_of_its_actor(
    database: sessionmaker[Session],
    actor: Actor | None,
    target: Target | None,
    concerned: str | None,
) -> None:
    with write_transaction(database) as session:
        services.record(session, AuditAction.SIGN_IN, actor=actor, target=target, now=NOW)
    (event,) = events(database)
    assert event.agency_code == concerned


def test_nobody_may_be_known_to_have_acted(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        services.record(session, AuditAction.SIGN_IN_FAILED, actor=None, now=NOW)
    (event,) = events(database)
    assert (event.actor_id, event.actor_label, event.actor_role) == (None, "", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nadmin signed in", r"a\r\nadmin signed in"),
        ("a\0b\x1b[2Jc\x7f", r"a\x00b\x1b[2Jc\x7f"),
        ("a\u2028b\u2029c\x85d", r"a\u2028b\u2029c\x85d"),
        ("\u202eplj.exe", r"\u202eplj.exe"),
        ("\ud800", r"\ud800"),
        ("青森　太郎 😀", "青森　太郎 😀"),
    ],
)
def test_control_characters_are_encoded_everywhere(
    database: sessionmaker[Session], text: str, shown: str
) -> None:
    with write_transaction(database) as session:
        services.record(
            session,
            AuditAction.USER_INVITED,
            actor=Actor(1, text, "admin"),
            target=Target("user", text),
            detail={"name": text},
            now=NOW,
        )
    (event,) = events(database)
    assert (event.actor_label, event.target_id) == (shown, shown)
    assert json.loads(event.detail) == {"name": shown}
    assert event.hash == hash_of(event)


def test_long_texts_are_cut_and_never_keep_an_event_out(database: sessionmaker[Session]) -> None:
    endless = "\n" * 100_000
    with write_transaction(database) as session:
        services.record(
            session,
            AuditAction.SIGN_IN_FAILED,
            actor=Actor(1, endless, "staff"),
            target=Target("user", endless),
            detail={"email": endless},
            now=NOW,
        )
    (event,) = events(database)
    assert (len(event.actor_label), len(event.target_id or "")) == (254, 100)
    assert len(json.loads(event.detail)["email"]) == services.LONGEST_VALUE


@pytest.mark.parametrize(
    "key",
    ["password", "new_password", "token", "reset_token", "code", "totp_secret", "Name", "a-b", ""],
)
def test_secrets_and_misspelt_names_are_refused(database: sessionmaker[Session], key: str) -> None:
    with write_transaction(database) as session, pytest.raises(ValueError, match="detail|secret"):
        services.record(session, AuditAction.SIGN_IN, actor=CLERK, detail={key: "x"}, now=NOW)
    assert events(database) == []


@pytest.mark.parametrize("action", list(AuditAction))
def test_every_action_has_a_japanese_label_and_fits_its_column(action: AuditAction) -> None:
    assert not action.label.isascii()
    assert len(action.value) <= 40
