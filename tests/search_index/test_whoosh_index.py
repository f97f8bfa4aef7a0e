"""The index on disk: other processes, locks, rebuilding aside, what is no index."""

import multiprocessing
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index import (
    IndexLockedError,
    ListingDocument,
    SearchIndex,
    SearchUnavailableError,
    open_index,
)
from search_index.storage import whoosh_storage
from tests.search_index.examples import document, find
from tests.search_index.folders import at, build, commit, generations, segment_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


@pytest.fixture
def index(folder: Path) -> SearchIndex:
    return build(folder)


def test_other_process_sees_each_commit(index: SearchIndex, folder: Path) -> None:
    other = at(folder)
    assert find(other) == ["a", "b"]
    commit(index, document("c"), seq=3)
    assert find(other) == ["a", "b", "c"]
    assert other.applied_seq() == 3
    index.rebuild([document("d")], seq=4)
    assert find(other) == ["d"]


def test_searches_may_lag_behind_other_processes_but_not_behind_oneself(folder: Path) -> None:
    lagging, other = open_index(f"whoosh:{folder}", lag=3600), open_index(f"whoosh:{folder}")
    lagging.rebuild([document("a")], seq=1)
    assert find(lagging) == ["a"]
    with other.writer(timeout=1) as writer:
        writer.upsert(document("b"))
        writer.commit(seq=2)
    assert find(lagging) == ["a"]
    with lagging.writer(timeout=1) as writer:
        assert writer.applied_seq == 2
        writer.upsert(document("c"))
        writer.commit(seq=3)
    assert find(lagging) == ["a", "b", "c"]
    lagging.rebuild([document("d")], seq=4)
    assert find(lagging) == ["d"]


def test_changes_of_a_killed_writer_are_never_seen(index: SearchIndex, folder: Path) -> None:
    def die_before_commit() -> None:
        with at(folder).writer(timeout=1) as writer:
            writer.upsert(document("c"))
            os._exit(9)

    process = multiprocessing.get_context("fork").Process(target=die_before_commit)
    process.start()
    process.join()
    assert process.exitcode == 9
    assert find(index) == ["a", "b"]
    commit(index, document("d"), seq=3)
    assert find(index) == ["a", "b", "d"]


def test_rebuild_killed_halfway_is_cleaned_up_by_the_next(index: SearchIndex, folder: Path) -> None:
    def dying() -> Iterator[ListingDocument]:
        yield document("c")
        os._exit(9)

    process = multiprocessing.get_context("fork").Process(
        target=lambda: at(folder).rebuild(dying(), seq=3)
    )
    process.start()
    process.join()
    assert len(generations(folder)) == 2
    assert find(index) == ["a", "b"]
    index.rebuild([document("d")], seq=3)
    assert find(index) == ["d"]
    assert len(generations(folder)) == 2  # the new one, and the one before it


def test_opened_index_survives_a_fork(index: SearchIndex) -> None:
    def search_cold_words(found: "multiprocessing.queues.SimpleQueue[list[str]]") -> None:
        for text in ("創業", "融資", "りんご", "販路"):
            found.put(find(index, text))

    assert find(index) == ["a", "b"]
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=search_cold_words, args=(queue,))
    process.start()
    found = [queue.get() for _ in range(4)]
    process.join()
    assert found == [["a"], ["a"], ["b"], ["b"]]
    assert find(index, "創業") == ["a"]


def test_writer_locked_by_another_process_is_reported(index: SearchIndex, folder: Path) -> None:
    with at(folder).writer(timeout=1), pytest.raises(IndexLockedError):
        index.writer(timeout=0).__enter__()


def test_second_rebuild_is_refused_while_one_runs(index: SearchIndex, folder: Path) -> None:
    def rebuild_elsewhere(done: int) -> None:
        with pytest.raises(IndexLockedError):
            at(folder).rebuild([], seq=9)

    index.rebuild([document("c")], seq=3, on_progress=rebuild_elsewhere)
    assert find(index) == ["c"]


def test_old_folder_stays_for_one_generation(index: SearchIndex, folder: Path) -> None:
    first = generations(folder)
    index.rebuild([], seq=3)
    second = generations(folder)
    assert set(first) < set(second)
    index.rebuild([], seq=4)
    assert not set(first) & set(generations(folder))
    assert len(generations(folder)) == 2


def test_failed_rebuild_leaves_no_folder(index: SearchIndex, folder: Path) -> None:
    before = generations(folder)

    def failing() -> Iterator[ListingDocument]:
        yield document("c")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        index.rebuild(failing(), seq=3)
    assert generations(folder) == before


def test_folders_are_for_their_owner_alone(index: SearchIndex, folder: Path) -> None:
    for path in (folder, *generations(folder)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_many_commits_stay_few_segments(index: SearchIndex, folder: Path) -> None:
    expected = ["a", "b"]
    for number in range(30):
        commit(index, document(f"c{number:02}", "創業"), document("b", "りんご"), seq=3 + number)
        expected.append(f"c{number:02}")
        assert find(index) == expected
        assert index.applied_seq() == 3 + number
        assert len(segment_files(folder)) <= 3, "each search asks all of them"
    assert find(index, "りんご") == ["b"]
    assert find(index, "融資") == ["a"]


def test_index_of_another_format_is_unavailable(
    index: SearchIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_storage, "FORMAT", whoosh_storage.FORMAT + 1)
    opened = at(folder)
    for use in (opened.applied_seq, opened.revisions, opened.writer(timeout=1).__enter__):
        with pytest.raises(SearchUnavailableError):
            use()


def test_index_never_built_is_unavailable(folder: Path) -> None:
    opened = at(folder)
    for use in (opened.applied_seq, opened.revisions, opened.writer(timeout=1).__enter__):
        with pytest.raises(SearchUnavailableError):
            use()
    assert not folder.exists()


def test_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchUnavailableError):
        at(tmp_path / "file" / "index").rebuild([], seq=1)


@pytest.mark.parametrize("url", ["", "whoosh", "whoosh:", "memory", "memory:x", "solr:http://x"])
def test_unknown_engine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a search index"):
        open_index(url)
