"""Whatever is done to the record, the first event that is not as recorded is named."""

from dataclasses import replace

import pytest

from portal.audit import queries
from portal.audit.chain import hash_of
from portal.audit.verification import Fault
from tests.portal.audit.conftest import CLERK, Record

COPY_OF_3 = (
    "INSERT INTO audit_event SELECT {seq}, at, actor_id, actor_label, actor_role, agency_code, "
    "action, target_type, target_id, detail, previous_hash, hash FROM audit_event WHERE seq = 3"
)


def test_untouched_record_is_whole(record: Record) -> None:
    found = record.verify(record.anchor(2), record.anchor(5), record.anchor(5, days=1))
    assert (found.events, found.anchors, found.fault) == (5, 3, None)
    assert found.head_hash == record.events()[-1].hash


def test_empty_record_is_whole(record: Record) -> None:
    record.tamper("DELETE FROM audit_event")
    assert (record.verify().events, record.verify().fault) == (0, None)


@pytest.mark.parametrize(
    "column",
    [
        *("at = '2026-01-01 00:00:00'", "actor_id = 8", "actor_id = NULL", "actor_label = 'x'"),
        *("actor_role = 'admin'", "agency_code = NULL", "agency_code = '02202'"),
        *("action = 'sign_out'", "target_type = 'user'", "target_id = '1'", "detail = '{}'"),
    ],
)
def test_edit_of_any_field_is_found(record: Record, column: str) -> None:
    record.tamper(f"UPDATE audit_event SET {column} WHERE seq = 3")  # noqa: S608
    assert record.verify().fault == Fault(3, "what it says does not match its hash")


def test_edit_with_a_new_hash_is_found_at_the_next_event(record: Record) -> None:
    event = record.events()[2]
    event.actor_label = "somebody.else@city.example.jp"
    record.tamper(
        f"UPDATE audit_event SET actor_label = '{event.actor_label}', hash = '{hash_of(event)}' "  # noqa: S608
        "WHERE seq = 3"
    )
    assert record.verify().fault == Fault(4, "it does not follow the event before it")


def test_edit_of_the_link_is_found(record: Record) -> None:
    record.tamper("UPDATE audit_event SET previous_hash = hash WHERE seq = 3")
    found = record.verify()
    assert found.fault is not None
    assert (found.fault.seq, found.events) == (3, 2)


@pytest.mark.parametrize("seq", [1, 3])
def test_deleted_event_is_found(record: Record, seq: int) -> None:
    record.tamper(f"DELETE FROM audit_event WHERE seq = {seq}")  # noqa: S608
    reason = f"it is missing: the next one has the number {seq + 1}"
    assert record.verify().fault == Fault(seq, reason)


def test_deleted_event_whose_gap_was_closed_is_found(record: Record) -> None:
    record.tamper(
        "DELETE FROM audit_event WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 4",
        "UPDATE audit_event SET seq = 4 WHERE seq = 5",
    )
    assert record.verify().fault == Fault(3, "what it says does not match its hash")


def test_inserted_event_is_found(record: Record) -> None:
    record.tamper(
        "UPDATE audit_event SET seq = seq + 100 WHERE seq > 3",
        COPY_OF_3.format(seq=4),
        "UPDATE audit_event SET seq = seq - 99 WHERE seq > 100",
    )
    assert record.verify().fault == Fault(4, "what it says does not match its hash")


def test_event_before_the_first_is_found(record: Record) -> None:
    forbid = "PRAGMA ignore_check_constraints = 1"
    allow = "ALTER TABLE audit_event DROP CONSTRAINT ck_audit_event_seq_from_one"
    is_sqlite = record.engine.dialect.name == "sqlite"
    record.tamper(forbid if is_sqlite else allow, COPY_OF_3.format(seq=-7))
    assert record.verify().fault == Fault(1, "it is missing: the next one has the number -7")


def test_reordered_events_are_found(record: Record) -> None:
    record.tamper(
        "UPDATE audit_event SET seq = 100 WHERE seq = 2",
        "UPDATE audit_event SET seq = 2 WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 100",
    )
    assert record.verify().fault == Fault(2, "what it says does not match its hash")


def test_cut_end_is_found_by_an_anchor_and_only_by_it(record: Record) -> None:
    anchors = (record.anchor(2), record.anchor(4), record.anchor(5))
    record.tamper("DELETE FROM audit_event WHERE seq > 3")
    assert record.verify().fault is None
    found = record.verify(*anchors)
    assert found.fault == Fault(4, "it is missing: on 2026-11-20 there were events up to 5")
    assert found.anchors == 1


def test_emptied_record_is_found_by_an_anchor(record: Record) -> None:
    anchor = record.anchor(5)
    record.tamper("DELETE FROM audit_event")
    assert record.verify(anchor).fault == Fault(
        1, "it is missing: on 2026-11-20 there were events up to 5"
    )


def test_record_that_was_written_anew_is_found_by_an_anchor_and_only_by_it(
    record: Record,
) -> None:
    anchors = (record.anchor(1), record.anchor(3, days=1), record.anchor(5, days=2))
    record.tamper("DELETE FROM audit_event WHERE seq > 1")
    record.add(6, actor=replace(CLERK, label="somebody.else@city.example.jp"))
    assert record.verify().fault is None
    fault = Fault(3, "it is not the one that was anchored on 2026-11-21")
    assert (record.verify(*anchors).fault, record.verify(*anchors).anchors) == (fault, 1)


def test_anchors_of_one_event_that_contradict_each_other_are_found(record: Record) -> None:
    other = replace(record.anchor(3), hash="f" * 64)
    assert record.verify(record.anchor(3), other).fault == Fault(
        3, "it is not the one that was anchored on 2026-11-20"
    )


def test_field_that_cannot_even_be_read_is_found(record: Record) -> None:
    if record.engine.dialect.name == "sqlite":
        record.tamper("UPDATE audit_event SET at = 'long ago' WHERE seq = 3")
        assert record.verify().fault == Fault(3, "it cannot be read")
        record.tamper("UPDATE audit_event SET detail = x'00ff' WHERE seq = 2")
        assert record.verify().fault == Fault(2, "what it says does not match its hash")
    else:
        record.tamper("UPDATE audit_event SET at = 'infinity' WHERE seq = 3")
        assert record.verify().fault == Fault(3, "it cannot be read")


def test_record_is_followed_across_parts(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    assert record.verify().events == 5
    record.tamper("UPDATE audit_event SET detail = '{}' WHERE seq = 5")
    assert (record.verify().events, record.verify().fault) == (
        4,
        Fault(5, "what it says does not match its hash"),
    )
