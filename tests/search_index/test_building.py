"""Building an index of many documents: by several processes, and going on after a kill."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index import ListingDocument, SearchQuery, SearchUnavailableError
from search_index.storage import building
from search_index.storage.building import BATCH
from search_index.storage.durable import seal
from search_index.storage.whoosh_storage import FORMAT
from tests.search_index.examples import TODAY, document, find
from tests.search_index.folders import at, commit, generations, segment_files

WORDS = ("創業", "融資", "補助", "りんご", "販路", "相談")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def many(count: int, text: str = "") -> Iterator[ListingDocument]:
    for number in range(count):
        yield document(f"L{number:06}", f"{WORDS[number % 6]}{text} 第{number}号")


def test_processes_build_what_one_builds(folder: Path, tmp_path: Path) -> None:
    count = 2 * BATCH + 3
    alone = at(tmp_path / "alone")
    shared = at(folder)
    assert alone.rebuild(many(count), seq=1) == count
    assert shared.rebuild(many(count), seq=1, processes=2) == count
    for text in ("創業", "創業 第6号", '"りんご 第9"', "販路", ""):
        query = SearchQuery(on=TODAY, text=text)
        assert shared.search(query) == alone.search(query)


def test_progress_is_told(folder: Path) -> None:
    told: list[int] = []
    at(folder).rebuild(many(BATCH + 2), seq=1, on_progress=told.append)
    assert told == [BATCH, BATCH + 2]


def die_after(folder: Path, count: int, seq: int) -> None:
    """Rebuild in another process, which is killed when it has taken ``count`` documents."""

    def dying() -> Iterator[ListingDocument]:
        yield from many(count)
        os.kill(os.getpid(), signal.SIGKILL)

    process = multiprocessing.get_context("fork").Process(
        target=lambda: at(folder).rebuild(dying(), seq=seq)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def test_rebuild_goes_on_where_it_was_killed(folder: Path) -> None:
    index = at(folder)
    index.rebuild([document("old", "特許")], seq=1)
    die_after(folder, BATCH + 10, seq=5)
    assert find(index) == ["old"]
    told: list[int] = []
    index.rebuild(many(BATCH + 10, text="改"), seq=9, on_progress=told.append)
    assert told == [BATCH + 10]
    # What was stored is not analysed again; the changes since are in the log, from there on.
    assert index.search(SearchQuery(on=TODAY, text="改")).total == 10
    assert index.applied_seq() == 5
    assert len(index.revisions()) == BATCH + 10


def test_rebuild_does_not_continue_what_is_ahead_of_the_database(folder: Path) -> None:
    die_after(folder, BATCH + 10, seq=5)
    index = at(folder)
    index.rebuild(many(BATCH + 10, text="改"), seq=4)
    assert index.search(SearchQuery(on=TODAY, text="改")).total == BATCH + 10
    assert index.applied_seq() == 4


@pytest.mark.parametrize(("logged_after", "old"), [(5, BATCH), (6, 0)])
def test_rebuild_does_not_continue_what_the_change_log_no_longer_tells_of(
    folder: Path, logged_after: int, old: int
) -> None:
    die_after(folder, BATCH + 10, seq=5)
    index = at(folder)
    index.rebuild(many(BATCH + 10, text="改"), seq=9, logged_after=logged_after)
    assert index.search(SearchQuery(on=TODAY, text="改")).total == BATCH + 10 - old
    assert index.applied_seq() == (5 if old else 9)
    assert len(generations(folder)) == 1


def test_rebuild_does_not_continue_another_format(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_after(folder, BATCH + 10, seq=5)
    monkeypatch.setattr(building, "FORMAT", building.FORMAT + 1)
    index = at(folder)
    index.rebuild([document("a", "特許")], seq=6)
    assert find(index) == ["a"]


NOTES = '{{"format": {}, "seq": {}, "segments": {}}}'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        NOTES.format(FORMAT - 1, 5, []),
        NOTES.format(FORMAT, '"x"', []),
        NOTES.format(FORMAT, 5, "[[1, 2]]"),
        NOTES.format(FORMAT, 5, '[["../../0123456789", 2]]'),
        NOTES.format(FORMAT, 5, '[["0123456789abcdef", "x"]]'),
        NOTES.format(FORMAT, 5, '[["0123456789abcdef"]]'),
    ],
)
@pytest.mark.parametrize("is_sealed", [False, True])
def test_rebuild_does_not_continue_from_impossible_notes(
    folder: Path, content: str, *, is_sealed: bool
) -> None:
    die_after(folder, BATCH + 10, seq=5)
    written = seal(b"LISTUNF1", content.encode()) if is_sealed else content.encode()
    (generations(folder)[0] / "unfinished").write_bytes(written)
    index = at(folder)
    index.rebuild([document("a", "特許")], seq=6)
    assert find(index) == ["a"]


def test_rebuild_does_not_continue_from_changed_notes(folder: Path) -> None:
    die_after(folder, BATCH + 10, seq=5)
    notes = generations(folder)[0] / "unfinished"
    sound = notes.read_bytes()
    for place in range(len(sound)):
        notes.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert not building.can_be_continued(notes.parent, begun_from=0, begun_until=9)
    notes.write_bytes(sound)
    assert building.can_be_continued(notes.parent, begun_from=0, begun_until=9)


def test_finished_rebuild_leaves_only_what_it_needs(folder: Path) -> None:
    index = at(folder)
    index.rebuild(many(3 * BATCH), seq=1)
    commit(index, document("a", "特許"), seq=2)
    names = sorted(path.suffix for path in generations(folder)[0].iterdir())
    assert names == [".arrays", ".arrays", ".toc"]


def test_rebuild_does_not_continue_from_lost_segments(folder: Path) -> None:
    die_after(folder, BATCH + 10, seq=5)
    for path in segment_files(folder):
        path.unlink()
    index = at(folder)
    index.rebuild([document("a", "特許")], seq=6)
    assert find(index) == ["a"]


def test_rebuild_without_a_place_for_its_notes_is_unavailable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = at(folder)
    index.rebuild([document("old", "特許")], seq=1)

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        with pytest.raises(SearchUnavailableError):
            index.rebuild([document("new", "特許")], seq=2)
    assert find(index) == ["old"]
    assert len(generations(folder)) == 1


_REBUILD = """
import multiprocessing, os, signal, sys
from pathlib import Path
from search_index import ListingDocument, open_index

def documents():
    for number in range(4_500):
        yield ListingDocument(f"L{number:06}", 1, "創業")

def strike(done):
    pids = [process.pid for process in multiprocessing.active_children()]
    if done > 1_000:
        return  # what was finished when the worker died
    print(*pids, flush=True)
    sys.stdin.read()
    os.kill(pids[0] if sys.argv[2] == "worker" else os.getpid(), signal.SIGKILL)

open_index(f"whoosh:{sys.argv[1]}").rebuild(documents(), seq=1, processes=2, on_progress=strike)
"""


def start_rebuild(folder: Path, killed: str) -> tuple["subprocess.Popen[str]", list[int]]:
    """A rebuild that kills itself or a worker when its input ends; and the ids of its workers."""
    process = subprocess.Popen(  # noqa: S603  (our own script)
        [sys.executable, "-c", _REBUILD, str(folder), killed],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, [int(pid) for pid in process.stdout.readline().split()]


def test_workers_end_with_a_rebuild_that_is_killed(folder: Path) -> None:
    process, workers = start_rebuild(folder, "parent")
    watched = select.poll()
    for worker in workers:
        watched.register(os.pidfd_open(worker), select.POLLIN)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    for _ in workers:
        ((ended, _event),) = watched.poll(30_000)[:1]
        watched.unregister(ended)
        os.close(ended)
    index = at(folder)
    index.rebuild(many(BATCH, text="改"), seq=1)
    assert len(index.revisions()) >= BATCH


def test_killed_worker_fails_a_rebuild_in_words(folder: Path) -> None:
    process, _ = start_rebuild(folder, "worker")
    _, complaint = process.communicate()
    assert process.returncode == 1
    assert "SearchIndexError: a process that built the index died" in complaint
    assert not generations(folder)
