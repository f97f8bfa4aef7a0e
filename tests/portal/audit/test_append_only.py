"""The database itself refuses whatever would change an event or fork the chain."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.databases import MakeDatabase
from tests.portal.audit.conftest import Record, record_on

COPY = (
    "INTO audit_event SELECT {seq}, at, actor_id, actor_label, actor_role, agency_code, action, "
    "target_type, target_id, detail, {previous_hash}, hash FROM audit_event WHERE seq = 3"
)


def refuse(record: Record, statement: str, message: str) -> None:
    before = [(event.seq, event.hash) for event in record.events()]
    with record.engine.connect() as connection, pytest.raises(DatabaseError, match=message):
        connection.execute(text(statement))
    assert [(event.seq, event.hash) for event in record.events()] == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_label = 'x' WHERE seq = 3",
        "UPDATE audit_event SET actor_label = actor_label",
        "DELETE FROM audit_event WHERE seq = 5",
        "DELETE FROM audit_event",
    ],
)
def test_change_is_refused(record: Record, statement: str) -> None:
    refuse(record, statement, "audit_event is append-only")


@pytest.mark.parametrize(
    ("seq", "previous_hash"),
    [(7, "hash"), (0, "hash"), (6, "previous_hash"), (6, "hash"), (3, "previous_hash")],
    ids=["gap", "before the first", "fork", "not the last hash", "taken number"],
)
def test_event_that_does_not_follow_the_last_one_is_refused(
    record: Record, seq: int, previous_hash: str
) -> None:
    copy = COPY.format(seq=seq, previous_hash=previous_hash)
    refuse(record, f"INSERT {copy}", "does not follow the last one")


@pytest.mark.postgresql
def test_truncate_is_refused(make_postgresql_database: MakeDatabase) -> None:
    with record_on(make_postgresql_database()) as record:
        refuse(record, "TRUNCATE audit_event", "audit_event is append-only")


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_replacing_is_refused(make_sqlite_database: MakeDatabase, verb: str) -> None:
    """It would delete the old row without asking the trigger of DELETE."""
    with record_on(make_sqlite_database()) as record:
        copy = COPY.format(seq=3, previous_hash="previous_hash")
        refuse(record, f"{verb} {copy}", "does not follow the last one")
        refuse(
            record,
            "UPDATE OR REPLACE audit_event SET seq = 2 WHERE seq = 3",
            "audit_event is append-only",
        )
