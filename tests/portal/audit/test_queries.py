"""Administrators find events, page by page, and take them out as CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.audit import queries, services
from portal.audit.actions import AuditAction
from portal.audit.export import events_csv
from portal.audit.models import AuditEvent
from portal.audit.names import USER, Names, numbers_in, subjects_in
from portal.audit.queries import EventFilter
from portal.audit.types import OPERATOR, Actor, Target
from portal.db import write_transaction
from tests.conftest import NOW
from tests.portal.audit.conftest import CLERK

OTHER = Actor(8, "Boss_100%@pref.example.jp", "admin", None)

EVENTS = (
    (AuditAction.SIGN_IN, CLERK, None),
    (AuditAction.SIGN_IN, OTHER, None),
    (AuditAction.USER_MOVED, OTHER, Target("user", "12", "02203")),
    (AuditAction.AGENCY_CHANGED, OTHER, Target("agency", "02201")),
    (AuditAction.SIGN_IN_FAILED, None, None),
    (AuditAction.USER_DISABLED, OPERATOR, Target("user", "7", "02201")),
)


def found_names(events: Sequence[AuditEvent]) -> Names:
    """The numbers 8 and 12 have been given to somebody; 7 is gone."""
    known = {(USER, "8"): "県 花子", (USER, "12"): "=佐藤", ("agency", "02201"): "青森市"}
    return {subject: known[subject] for subject in subjects_in(events) if subject in known}


@pytest.fixture
def filled(database: sessionmaker[Session]) -> sessionmaker[Session]:
    """Six events, a minute apart."""
    for minute, (action, actor, target) in enumerate(EVENTS):
        with write_transaction(database) as session:
            now = NOW + timedelta(minutes=minute)
            services.record(session, action, actor=actor, target=target, now=now)
    return database


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(), [6, 5, 4, 3, 2, 1]),
        (EventFilter(since=NOW + timedelta(minutes=4)), [6, 5]),
        (EventFilter(before=NOW + timedelta(minutes=1)), [1]),
        (EventFilter(since=NOW, before=NOW), []),
        (EventFilter(action=AuditAction.SIGN_IN), [2, 1]),
        (EventFilter(actor="CLERK@"), [1]),
        (EventFilter(actor="boss_100%"), [4, 3, 2]),
        (EventFilter(actor="boss%"), []),
        (EventFilter(actor="%"), [4, 3, 2]),
        (EventFilter(actor="コマンド"), [6]),
        (EventFilter(user_id=8), [4, 3, 2]),
        (EventFilter(user_id=7), [6, 1]),
        (EventFilter(agency_code="02201"), [6, 4, 1]),
        (EventFilter(agency_code="02203"), [3]),
        (EventFilter(target_type="user"), [6, 3]),
        (EventFilter(target_type="user", target_id="12"), [3]),
        (EventFilter(user_id=8, action=AuditAction.SIGN_IN), [2]),
    ],
)
def test_events_are_found_by_all_that_is_given(
    filled: sessionmaker[Session], wanted: EventFilter, found: list[int]
) -> None:
    with filled() as session:
        page = queries.find_page(session, wanted)
    assert [event.seq for event in page.events] == found
    assert page.next_below is None


def test_pages_stay_the_same_while_events_come_in(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        first = queries.find_page(session, EventFilter(), size=4)
    assert [event.seq for event in first.events] == [6, 5, 4, 3]
    with write_transaction(filled) as session:
        services.record(session, AuditAction.SIGN_OUT, actor=CLERK, now=NOW)
    with filled() as session:
        second = queries.find_page(session, EventFilter(), below=first.next_below, size=4)
    assert [event.seq for event in second.events] == [2, 1]
    assert second.next_below is None


def test_last_page_that_is_full_has_none_after_it(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        assert queries.find_page(session, EventFilter(), size=6).next_below is None
        assert queries.find_page(session, EventFilter(), size=5).next_below == 2


def test_all_events_are_read_in_parts(
    filled: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    with filled() as session:
        seqs = [[e.seq for e in events] for events in queries.iterate(session, EventFilter())]
    assert seqs == [[6, 5], [4, 3], [2, 1]]


def test_events_are_told_in_a_table(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        written = "".join(events_csv(queries.iterate(session, EventFilter()), found_names))
    assert written.startswith("\ufeff番号,")
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [row["番号"] for row in rows] == ["6", "5", "4", "3", "2", "1"]
    moved = rows[3]
    assert moved["日時（日本時間）"] == "2026-11-20 12:02:00"
    assert (moved["操作"], moved["操作コード"]) == ("利用者の異動", "user_moved")
    assert (moved["操作した人"], moved["操作した人の番号"]) == ("Boss_100%@pref.example.jp", "8")
    assert (moved["操作した人のいまの名前"], moved["対象のいまの名前"]) == ("県 花子", "'=佐藤")
    assert [row["対象のいまの名前"] for row in rows] == [
        "（削除済み）",
        "",
        "青森市",
        "'=佐藤",
        "",
        "",
    ]
    assert rows[5]["操作した人のいまの名前"] == "（削除済み）"
    assert (moved["権限"], moved["実施機関"]) == ("admin", "02203")
    assert (moved["対象の種類"], moved["対象"], moved["詳細"]) == ("user", "12", "{}")
    assert rows[2]["直前のハッシュ"] == moved["ハッシュ"]


def test_what_somebody_called_themselves_is_no_formula(database: sessionmaker[Session]) -> None:
    formula = "=HYPERLINK(1)"
    with write_transaction(database) as session:
        services.record(session, AuditAction.SIGN_IN, actor=Actor(1, formula, "member"), now=NOW)
        written = "".join(events_csv(queries.iterate(session, EventFilter()), found_names))
    (row,) = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    assert row["操作した人"] == f"'{formula}"


def test_agency_that_somebody_left_finds_the_move(database: sessionmaker[Session]) -> None:
    moves = (
        (AuditAction.USER_MOVED, Target("user", "7", "02203"), "02201"),
        (AuditAction.ROLE_CHANGED, Target("user", "7"), "02201"),
        (AuditAction.USER_MOVED, Target("user", "8", "02203"), "022011"),
        (AuditAction.AGENCY_CHANGED, Target("agency", "02203"), "02201"),
    )
    for action, target, before in moves:
        with write_transaction(database) as session:
            detail = {"agency_before": before}
            services.record(session, action, actor=OTHER, target=target, detail=detail, now=NOW)
    with database() as session:
        pages = [
            queries.find_page(session, EventFilter(agency_code=code)) for code in ("02201", "0220_")
        ]
    assert [[event.seq for event in page.events] for page in pages] == [[2, 1], []]


@pytest.mark.parametrize("id_", ["", "x", "７", "-1", str(10**30), "7; DROP TABLE"])
def test_what_is_no_number_of_a_user_is_not_looked_up(id_: str) -> None:
    assert numbers_in({(USER, id_), ("agency", "7")}, USER) == []
