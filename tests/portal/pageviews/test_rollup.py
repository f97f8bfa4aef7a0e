"""Raw lines become totals, whatever happens to files, clocks and processes."""

import gzip
import itertools
import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import JAPAN
from portal.pageviews import archive, rollup, standing
from portal.pageviews.folders import Folders
from portal.pageviews.models import SpooledLine, SpoolFile, SpoolPlace
from portal.pageviews.rollup import BusyError
from portal.pageviews.spool import LARGEST_FILE, Spool
from tests.conftest import NOW
from tests.portal.pageviews.raw import BOT, PHONE, listing, page, views, write

Sessions = sessionmaker[Session]
TODAY = "2026-11-20"


def count(folder: Path, database: Sessions, *, now: datetime = NOW) -> rollup.Counted:
    return rollup.roll_up(database, Folders(folder), now=now)


def files(database: Sessions) -> list[SpoolFile]:
    with database() as session:
        return list(session.scalars(select(SpoolFile).order_by(SpoolFile.name)))


def test_lines_are_counted_once_while_their_file_grows_and_after_it_is_whole(
    database: Sessions, tmp_path: Path
) -> None:
    spool = Spool(Folders(tmp_path), database)
    spool.write(PHONE, page(), now=NOW)
    spool.write(BOT, listing(7), now=NOW)
    assert (count(tmp_path, database).lines, count(tmp_path, database).lines) == (2, 0)
    (path,) = Folders(tmp_path).files()
    # Whose agents were named by lines that were counted before.
    spool.write(PHONE, listing(7), now=NOW)
    spool.write(BOT, page(), now=NOW)
    assert count(tmp_path, database).lines == 2
    assert files(database)[0].archived_at is None
    spool.close()
    assert count(tmp_path, database).archived_files == 1
    assert views(database) == {
        (TODAY, "human", 0): 1,
        (TODAY, "bot", 7): 1,
        (TODAY, "human", 7): 1,
        (TODAY, "bot", 0): 1,
    }
    (row,) = files(database)
    assert (row.lines, row.damaged_lines, row.cut_bytes) == (4, 0, 0)
    packed = Folders(tmp_path).archived_path(row.name)
    assert len(gzip.decompress(packed.read_bytes())) == row.consumed_bytes
    assert not path.exists()
    assert packed.stat().st_mode & 0o077 == 0


def test_file_cut_mid_line_loses_that_line_alone_and_says_so(
    database: Sessions, tmp_path: Path
) -> None:
    write(tmp_path, database, page(), page(), page())
    (path,) = Folders(tmp_path).files()
    path.write_bytes(path.read_bytes()[:-10])
    count(tmp_path, database)
    (row,) = files(database)
    assert views(database) == {(TODAY, "human", 0): 2}
    assert row.cut_bytes > 0
    with database() as session:
        assert standing.count_damaged(session) == (0, row.cut_bytes)


def test_damaged_lines_are_told_and_those_around_them_counted(
    database: Sessions, tmp_path: Path
) -> None:
    write(tmp_path, database, page(), page())
    (path,) = Folders(tmp_path).files()
    agent, first, second = path.read_bytes().splitlines(keepends=True)
    junk = (
        b'{"a":1}\n[]\n\n\x00\xff\xfe\n{"t":"2026-13-40T00:00:00"}\nnull\n"'
        + b"x" * 600_000
        + b'"\n'
    )
    path.write_bytes(agent + first + junk + second)
    done = count(tmp_path, database)
    assert (done.lines, done.damaged_lines) == (2, 7)
    assert views(database) == {(TODAY, "human", 0): 2}


def test_line_that_no_table_takes_does_not_keep_those_around_it_from_being_counted(
    database: Sessions, tmp_path: Path
) -> None:
    write(tmp_path, database, listing(8), listing(8, led_by="q=a"), page())
    (path,) = Folders(tmp_path).files()
    agent, *others = path.read_bytes().splitlines(keepends=True)
    plain = others[0]
    # A bit or two of what was written are others now, and it is still JSON.
    damages = {
        plain.replace(b'"l":8', b'"l":0'),
        plain.replace(b'"v":8', b'"v":0'),
        plain.replace(b'"l":8', b'"l":8e3'),
        plain.replace(b'"l":8', b'"l":99999999999999999999'),
        plain.replace(b'"v":8', b'"v":2147483648'),
        others[1].replace(b'"q=a"', b'"q=\\u0000"'),
        others[1].replace(b'"q=a"', b'"q=\\ud83d"'),
        others[1].replace(b'"q=a"', b'"q=' + b"a" * 1_000 + b'"'),
    }
    assert len(damages) == 8
    path.write_bytes(agent + b"".join([others[0], *sorted(damages), *others[1:]]))
    done = count(tmp_path, database)
    assert (done.lines, done.damaged_lines) == (3, 8)
    assert views(database) == {(TODAY, "human", 8): 2, (TODAY, "human", 0): 1}


def test_file_that_cannot_be_read_or_put_away_keeps_no_other_from_being_counted(
    database: Sessions, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folders = Folders(tmp_path)
    write(tmp_path, database, page())
    unreadable = folders.spool / f"20250101-{0:032x}.jsonl"
    unreadable.mkdir()
    month = folders.archive / "2026-11"
    month.write_text("in the way")
    for lines in (1, 0):
        done = count(tmp_path, database)
        assert (done.lines, done.archived_files, done.refused_files) == (lines, 0, 2)
    assert unreadable.name in caplog.text
    assert views(database) == {(TODAY, "human", 0): 1}
    with database() as session:
        # Whoever closes a year waits for this host, from the day on that the oldest file is of.
        assert standing.counted_until(session) == datetime(2025, 1, 1, tzinfo=JAPAN)
    unreadable.rmdir()
    month.unlink()
    done = count(tmp_path, database)
    assert (done.lines, done.archived_files, done.refused_files) == (0, 1, 0)
    assert views(database) == {(TODAY, "human", 0): 1}
    with database() as session:
        assert standing.counted_until(session) == NOW


def test_view_whose_agent_is_damaged_is_no_page_view_but_not_lost(
    database: Sessions, tmp_path: Path
) -> None:
    write(tmp_path, database, page())
    (path,) = Folders(tmp_path).files()
    _agent, line = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"?\n" + line)
    count(tmp_path, database)
    assert views(database) == {(TODAY, "other", 0): 1}


def test_days_are_those_of_japan_across_the_fiscal_year_and_a_clock_set_back(
    database: Sessions, tmp_path: Path
) -> None:
    last = datetime(2027, 3, 31, 23, 59, 59, tzinfo=JAPAN)
    first = datetime(2027, 3, 31, 15, 0, tzinfo=UTC)
    write(tmp_path, database, page(at=last), page(at=first), page(at=last - timedelta(hours=1)))
    count(tmp_path, database, now=first)
    assert views(database) == {("2027-03-31", "human", 0): 2, ("2027-04-01", "human", 0): 1}
    write(tmp_path, database, page(at=last))
    count(tmp_path, database, now=last - timedelta(hours=1))
    assert views(database)["2027-03-31", "human", 0] == 3


def test_crash_before_a_file_left_the_spool_counts_nothing_twice(
    database: Sessions, tmp_path: Path
) -> None:
    write(tmp_path, database, page())
    (path,) = Folders(tmp_path).files()
    text = path.read_bytes()
    count(tmp_path, database)
    path.write_bytes(text)
    count(tmp_path, database)
    assert not path.exists()
    assert views(database) == {(TODAY, "human", 0): 1}


def test_crash_while_adding_up_leaves_all_to_the_next_time(
    database: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, database, *[page()] * 3)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rollup.totals, "add", crash)
        with pytest.raises(KeyboardInterrupt):
            count(tmp_path, database)
    assert (views(database), files(database)) == ({}, [])
    count(tmp_path, database)
    assert views(database) == {(TODAY, "human", 0): 3}


def test_many_threads_write_whole_lines_and_large_files_give_way_to_new_ones(
    database: Sessions, tmp_path: Path
) -> None:
    spool = Spool(Folders(tmp_path), database)
    spool.write(PHONE, page(), now=NOW)
    (first,) = Folders(tmp_path).files()

    def visit(number: int) -> None:
        for _ in range(50):
            spool.write(f"Mozilla/5.0 (X11; Linux) Firefox/{number}", page(), now=NOW)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool._file.size = LARGEST_FILE  # type: ignore[union-attr]
    spool.write(PHONE, page(), now=NOW)
    done = count(tmp_path, database)
    assert (done.lines, done.damaged_lines, done.archived_files) == (402, 0, 1)
    assert not first.exists()
    assert len(list(Folders(tmp_path).files())) == 1
    spool.write(PHONE, page(), now=NOW + timedelta(days=1))
    assert sorted(path.name[:8] for path in Folders(tmp_path).files()) == ["20261120", "20261121"]
    spool.close()


def test_who_counts_in_passing_leaves_what_takes_longer_and_does_not_say_that_all_is_counted(
    database: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup, "CHUNK", 300)
    folders = Folders(tmp_path)
    for _ in range(2):
        write(tmp_path, database, *[page()] * 10)
    with monkeypatch.context() as patch:
        patch.setattr(rollup, "monotonic", partial(next, itertools.count()))
        done = rollup.roll_up(database, folders, now=NOW, longest=3.0)
    assert done.is_cut_short
    assert 0 < done.lines < 10
    with database() as session:
        assert standing.counted_until(session) == datetime(2026, 11, 20, tzinfo=JAPAN)
    done = count(tmp_path, database)
    assert (done.archived_files, done.is_cut_short) == (2, False)
    assert views(database) == {(TODAY, "human", 0): 20}
    with database() as session:
        assert standing.counted_until(session) == NOW


def test_who_finds_somebody_counting_leaves(database: Sessions, tmp_path: Path) -> None:
    write(tmp_path, database, page())
    with rollup.turn(Folders(tmp_path), timeout=0), pytest.raises(BusyError):
        count(tmp_path, database)
    assert views(database) == {}


def test_places_tell_until_when_all_is_counted(database: Sessions, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    with database() as session:
        assert standing.counted_until(session) is None
        assert not standing.is_late(session, folders, now=NOW)
    write(tmp_path, database, page())
    # By the clock of the files, which is not that of the test.
    later = datetime.now(UTC) + timedelta(hours=1)
    with database() as session:
        assert standing.waiting_bytes(session, folders) > 0
        assert standing.is_late(session, folders, now=later)
    count(tmp_path, database)
    with database() as session:
        session.add(SpoolPlace(place="gone", counted_until=NOW - timedelta(days=9)))
        session.commit()
        assert standing.counted_until(session) == NOW - timedelta(days=9)
        assert standing.forget_place(session, "gone")
        assert not standing.forget_place(session, "gone")
        session.commit()
        assert standing.counted_until(session) == NOW
        assert standing.waiting_bytes(session, folders) == 0
        assert not standing.is_late(session, folders, now=later)
        assert not standing.has_uncounted_lines(session, before=later)


def test_place_stays_the_same_when_its_folder_moves_or_its_host_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Folders(tmp_path / "data").place
    (tmp_path / "data").rename(tmp_path / "moved")
    monkeypatch.setattr("socket.gethostname", lambda: "renamed")
    assert Folders(tmp_path / "moved").place == place
    assert Folders(tmp_path / "other").place.startswith("renamed-")
    assert [path.name for path in (tmp_path / "moved" / "pageviews").glob("place*")] == ["place"]


def test_raw_lines_go_after_26_months_and_their_totals_stay(
    database: Sessions, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    assert archive.first_kept_day(date(2026, 11, 20)) == date(2024, 9, 1)
    assert archive.first_kept_day(date(2026, 2, 28)) == date(2023, 12, 1)
    for day in (datetime(2024, 8, 31, 20, tzinfo=JAPAN), datetime(2024, 9, 1, tzinfo=JAPAN)):
        write(tmp_path, database, page(at=day))
        count(tmp_path, database)
    with database() as session:
        old = NOW - timedelta(days=850)
        session.add(SpooledLine(written_at=old, text="", is_counted=True))
        session.add(SpooledLine(written_at=old, text="", is_counted=False))
        # Of the first day that is kept, however early.
        first = datetime(2024, 9, 1, tzinfo=JAPAN)
        session.add(SpooledLine(written_at=first, text="", is_counted=True))
        session.commit()
    unread = SpoolFile(name=f"20240101-{1:032x}.jsonl", place=folders.place, sha256="0" * 64)
    unread.archived_at = old
    # A crash came before it went, or another host threw its own away.
    forgotten = f"20240101-{2:032x}.jsonl"
    kept = f"20240901-{3:032x}.jsonl"
    for name in (unread.name, forgotten, kept):
        folders.archived_path(name).parent.mkdir(parents=True, exist_ok=True)
        folders.archived_path(name).write_bytes(b"")
    with database() as session:
        session.add(unread)
        session.commit()
    assert archive.prune(database, folders, now=NOW) == 2
    assert not folders.archived_path(unread.name).exists()
    assert not folders.archived_path(forgotten).exists()
    folders.archived_path(kept).unlink()
    assert [row.last_on for row in files(database)] == [date(2024, 9, 1)]
    assert len(list(folders.archive.rglob("*.gz"))) == 1
    assert sum(views(database).values()) == 2
    with database() as session:
        left = select(SpooledLine.is_counted).order_by(SpooledLine.id)
        assert session.scalars(left).all() == [False, True]
