"""Counting the past again."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import in_japan
from portal.db import make_engine, make_session_factory, write_transaction
from portal.pageviews import agents, recount, rollup, tally, totals
from portal.pageviews.archive import ArchiveError
from portal.pageviews.folders import Folders
from portal.pageviews.kinds import OtherReason, PageKind, RequestClass
from portal.pageviews.rollup import BusyError
from portal.reports import closing
from portal.reports.models import ClosedYear
from tests.commands import run
from tests.conftest import NOW, MakeDatabase
from tests.portal.pageviews.raw import BOT, listing, page, views, write
from tests.racing import JustBeforeWriting, wait_until_stuck

Sessions = sessionmaker[Session]
NEWCOMER = "Mozilla/5.0 (Reader of Everything) Gecko/20100101"


@pytest.fixture
def counted(database: Sessions, tmp_path: Path) -> Sessions:
    """Totals of two days and of last fiscal year, with searches and visits, from several files."""
    searched = {"page_kind": PageKind.SEARCH, "searched": "q=除雪&region=02201"}
    lines = [
        page(),
        listing(7),
        listing(7, led_by="q=除雪"),
        page(**searched),
        page(**searched, found=1),
    ]
    lines.append(page(request_class=RequestClass.OTHER, reason=OtherReason.UPDATE, **searched))
    for at in (NOW, NOW - timedelta(days=1), NOW - timedelta(days=300)):
        write(tmp_path, database, *lines, page(at=at), listing(3, at=at))
        write(tmp_path, database, page(at=at), listing(3, at=at), agent=NEWCOMER)
        write(tmp_path, database, page(at=at), agent=BOT)
    rollup.roll_up(database, Folders(tmp_path), now=NOW)
    return database


def again(database: Sessions, folder: Path, **more: object) -> recount.Recounted:
    return recount.recount(database, Folders(folder), now=NOW, **more)  # type: ignore[arg-type]


def test_recount_gives_the_same_totals_byte_for_byte(counted: Sessions, tmp_path: Path) -> None:
    before = views(counted)
    found = again(counted, tmp_path)
    assert found.is_same
    assert found.digests[0] == found.digests[1]
    assert "q=除雪&region=02201,9,6,3" in found.before
    assert f"{in_japan(NOW).date()},7,q=除雪,3" in found.before
    assert views(counted) == before


def test_list_of_bots_of_today_is_applied_to_the_past_but_not_to_closed_years(
    counted: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = views(counted)

    def judge(agent: str) -> agents.AgentKind:
        return agents.AgentKind.BOT if agent == NEWCOMER else agents.judge(agent)

    monkeypatch.setattr(tally, "judge", judge)
    assert not again(counted, tmp_path, is_trial=True).is_same
    assert views(counted) == before
    found = again(counted, tmp_path, closed_years=lambda _: [2025])
    after = views(counted)
    assert (found.is_same, found.kept_years) == (False, (2025,))
    assert sum(after.values()) == sum(before.values())
    today, of_last_year = "2026-11-20", "2026-01-24"
    assert after[today, "bot", 3] == 1
    assert after[today, "human", 3] == before[today, "human", 3] - 1
    assert after[of_last_year, "human", 3] == before[of_last_year, "human", 3]
    assert again(counted, tmp_path, closed_years=lambda _: [2025]).is_same
    assert not again(counted, tmp_path).is_same
    assert views(counted)[of_last_year, "bot", 3] == 1


def test_year_that_is_closed_during_a_recount_keeps_its_totals(
    counted: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = views(counted)
    monkeypatch.setattr(tally, "judge", lambda _: agents.AgentKind.BOT)

    def close() -> None:
        with write_transaction(counted) as session:
            session.add(ClosedYear(fiscal_year=2025, closed_at=NOW, closed_by="青森 花子"))

    with pytest.raises(BusyError, match="was closed meanwhile"):
        recount.recount(
            JustBeforeWriting(counted, close),
            Folders(tmp_path),
            now=NOW,
            closed_years=closing.settled_years,
        )
    assert views(counted) == before


@pytest.mark.postgresql
def test_what_another_host_counts_during_a_recount_is_not_overwritten(
    make_postgresql_database: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(make_postgresql_database())
    sessions, here, there = make_session_factory(engine), tmp_path / "here", tmp_path / "there"
    write(here, sessions, *[page()] * 3)
    rollup.roll_up(sessions, Folders(here), now=NOW)
    write(there, sessions, page(), page())
    with write_transaction(sessions) as session:
        session.connection().exec_driver_sql("UPDATE daily_page_view SET views = 9")
    other = threading.Thread(
        target=lambda: rollup.roll_up(sessions, Folders(there), now=NOW), name="other host"
    )
    replace = totals.replace

    def replace_meanwhile(*given: Any) -> None:
        other.start()
        wait_until_stuck(sessions, [other])
        replace(*given)

    monkeypatch.setattr(totals, "replace", replace_meanwhile)
    again(sessions, here)
    other.join(timeout=60)
    assert views(sessions) == {("2026-11-20", "human", 0): 5}
    engine.dispose()


def test_totals_that_somebody_changed_are_put_right(counted: Sessions, tmp_path: Path) -> None:
    before = views(counted)
    with counted() as session:
        for statement in (
            "UPDATE daily_page_view SET views = views + 5 WHERE listing_id = 7",
            "DELETE FROM daily_search",
            "INSERT INTO daily_click VALUES ('2026-11-20', 7, 'apply', 3)",
        ):
            session.connection().exec_driver_sql(statement)
        session.commit()
    assert not again(counted, tmp_path).is_same
    assert views(counted) == before
    assert again(counted, tmp_path).is_same


def test_archive_that_lacks_a_file_or_was_changed_is_not_counted_by(
    counted: Sessions, tmp_path: Path
) -> None:
    before = views(counted)
    path = next(Folders(tmp_path).archive.rglob("*.gz"))
    packed = path.read_bytes()
    path.write_bytes(packed[:-1] + b"?")
    with pytest.raises(ArchiveError, match="is not as it was put away"):
        again(counted, tmp_path)
    path.unlink()
    with pytest.raises(ArchiveError, match="are not on this host"):
        again(counted, tmp_path)
    assert views(counted) == before


def test_command_tells_how_far_is_counted_and_counts_again(
    make_sqlite_database, tmp_path: Path
) -> None:
    url = make_sqlite_database()
    settings = {"PORTAL_DATABASE_URL": url, "PORTAL_CLOCK": NOW.isoformat()}
    run(tmp_path, "jobs", "run", "pageview-rollup", **settings)
    told = json.loads(run(tmp_path, "pageviews", "status", "--json", **settings).stdout)
    (place,) = told["places"]
    assert place["counted_until"] == "2026-11-20T03:00:00+00:00"
    assert told["waiting_bytes"] == told["damaged_lines"] == told["cut_bytes"] == 0
    found = json.loads(run(tmp_path, "pageviews", "recount", "--json", **settings).stdout)
    assert found["is_same"]
    assert found["since"] == "2024-09-01"
    assert "byte for byte" in run(tmp_path, "pageviews", "recount", **settings).stdout
    assert run(tmp_path, "pageviews", "forget-place", "x", **settings).returncode == 1
    assert run(tmp_path, "pageviews", "forget-place", place["place"], **settings).returncode == 0
