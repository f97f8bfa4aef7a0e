"""``portal audit verify``, run as an auditor runs it."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal.audit import services
from portal.audit.actions import AuditAction
from portal.audit.anchors import anchors_path, read_anchors
from portal.audit.types import OPERATOR
from portal.db import make_engine, make_session_factory, write_transaction
from tests.commands import run
from tests.conftest import NOW
from tests.databases import MakeDatabase


@pytest.fixture
def empty_folder(tmp_path: Path, make_sqlite_database: MakeDatabase) -> Path:
    """The data folder of a portal in which nothing has happened."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(make_sqlite_database().removeprefix("sqlite:///"), folder / "portal.db")
    return folder


@pytest.fixture
def folder(empty_folder: Path) -> Path:
    """The data folder of a portal with three events."""
    add_events(empty_folder, 3)
    return empty_folder


def add_events(folder: Path, count: int) -> None:
    engine = make_engine(f"sqlite:///{folder}/portal.db")
    sessions = make_session_factory(engine)
    for _ in range(count):
        with write_transaction(sessions) as session:
            services.record(session, AuditAction.USER_CREATED, actor=OPERATOR, now=NOW)
    engine.dispose()


def tamper(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "portal.db")) as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)
        database.commit()


def test_whole_record_is_told_with_its_end(folder: Path) -> None:
    done = run(folder, "audit", "verify")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert first.startswith("the record is whole: 3 events, the last with the hash ")
    assert second == "there are no anchors: an end that was cut off would not show"


def test_changed_event_is_named(folder: Path) -> None:
    tamper(folder, "UPDATE audit_event SET action = 'sign_in' WHERE seq = 2")
    done = run(folder, "audit", "verify")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "event 2: what it says does not match its hash",
        "the record is whole up to event 1; 0 anchors agree",
    ]
    told = json.loads(run(folder, "audit", "verify", "--json").stdout)
    assert told["fault"] == {"seq": 2, "reason": "what it says does not match its hash"}
    assert (told["events"], told["anchors"]) == (1, 0)


def test_cut_end_is_found_by_the_anchor_of_the_job(folder: Path) -> None:
    anchored = run(folder, "jobs", "run", "audit-anchor")
    assert anchored.returncode == 0, anchored.stderr
    (anchor,) = read_anchors(anchors_path(folder))
    assert anchored.stdout == (
        f"audit-anchor: {anchor.day}の最後は3件目、ハッシュは{anchor.hash}\n"
    )
    assert run(folder, "audit", "verify").stdout.endswith("1 anchors agree\n")
    tamper(folder, "DELETE FROM audit_event WHERE seq = 3")
    done = run(folder, "audit", "verify")
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"event 3: it is missing: on {anchor.day} there were events up to 3"
    )


def test_anchors_from_elsewhere_are_compared_too(folder: Path, tmp_path: Path) -> None:
    run(folder, "jobs", "run", "audit-anchor")
    kept = tmp_path / "kept elsewhere.jsonl"
    anchors_path(folder).rename(kept)
    tamper(folder, "DELETE FROM audit_event")
    assert run(folder, "audit", "verify").returncode == 0
    assert run(folder, "audit", "verify", "--anchors", str(kept)).returncode == 1


def test_file_without_anchors_is_an_error_in_one_line(folder: Path, tmp_path: Path) -> None:
    missing = run(folder, "audit", "verify", "--anchors", str(tmp_path / "lost"))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr == f"portal: there is no file {tmp_path}/lost\n"
    other = tmp_path / "other"
    other.write_text("hello\n")
    wrong = run(folder, "audit", "verify", "--anchors", str(other))
    assert (wrong.returncode, wrong.stderr) == (1, f"portal: line 1 of {other} is no anchor\n")


def test_job_says_that_the_record_is_broken_and_anchors_nothing(folder: Path) -> None:
    run(folder, "jobs", "run", "audit-anchor")
    before = read_anchors(anchors_path(folder))
    tamper(folder, "UPDATE audit_event SET action = 'sign_in' WHERE seq = 2")
    done = run(folder, "jobs", "run", "audit-anchor")
    assert done.returncode == 1
    assert "audit-anchor: 監査記録の2件目から先が" in done.stderr
    assert read_anchors(anchors_path(folder)) == before


def test_nothing_is_anchored_before_the_first_event(empty_folder: Path) -> None:
    done = run(empty_folder, "jobs", "run", "audit-anchor")
    assert done.stdout == "audit-anchor: 監査記録はまだありません。\n"
    assert read_anchors(anchors_path(empty_folder)) == ()
    assert run(empty_folder, "audit", "verify").stdout == "there are no events\n"
