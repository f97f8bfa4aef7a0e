"""Processes killed at every step they take on the disk: nothing is lost, locked or left over."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search_index import SearchIndex
from search_index.storage import building, index_folder
from tests.search_index.examples import document, find
from tests.search_index.folders import at, commit, generations, kept_files

STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
"""What Python reports before it touches the disk. ``os.replace`` is a rename, too."""

OLD = [document(name, "創業の融資") for name in "abcd"]
NEW = [replace(each, revision=2, title="りんごの販路") for each in OLD[1:]] + [document("e")]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every commit merge, and every rebuild of a few documents one of several batches."""
    monkeypatch.setattr(index_folder, "_MERGE_FACTOR", 2)
    monkeypatch.setattr(building, "BATCH", 2)


def build_old(folder: Path) -> SearchIndex:
    index = at(folder)
    index.rebuild(OLD[:2], seq=1)
    for seq, each in enumerate(OLD[2:], start=2):
        commit(index, each, seq=seq)
    return index


def replace_all(index: SearchIndex) -> None:
    with index.writer(timeout=1) as writer:
        writer.delete("a")
        for each in NEW:
            writer.upsert(each)
        writer.commit(seq=9)


def rebuild_all(index: SearchIndex) -> None:
    index.rebuild(NEW, seq=9)


def is_killed_at(step: int, act: Callable[[SearchIndex], None], folder: Path) -> bool:
    """Act on an index in another process that is killed before so many steps are done."""

    def dying() -> None:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in STEPS and str(folder) in str(arguments[0]):
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(count)
        act(at(folder))
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=dying)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def killed_folders(tmp_path: Path, act: Callable[[SearchIndex], None]) -> Iterator[Path]:
    """A folder for every step at which a process that acts on it can be killed."""
    step, was_killed = 0, True
    while was_killed:
        folder = tmp_path / str(step)
        build_old(folder)
        was_killed = is_killed_at(step, act, folder)
        yield folder
        step += 1
    assert step > 10


def states(index: SearchIndex) -> tuple[dict[str, int], int]:
    return dict(index.revisions()), index.applied_seq()


BEFORE = {each.id: each.revision for each in OLD}, 3
AFTER = {each.id: each.revision for each in NEW}, 9


def test_killed_commit_is_done_or_not_and_the_next_cleans_up(tmp_path: Path) -> None:
    seen = []
    for folder in killed_folders(tmp_path, replace_all):
        index = at(folder)
        index.check()
        seen.append(states(index))
        assert seen[-1] in (BEFORE, AFTER)
        replace_all(index)
        assert states(index) == AFTER
        assert find(index, "りんご") == ["b", "c", "d"]
        assert find(index, "創業") == []
        assert not kept_files(folder)[1]
    assert BEFORE in seen
    assert seen.index(AFTER) == len(seen) - seen.count(AFTER)


def test_killed_rebuild_is_done_or_not_and_the_next_succeeds(tmp_path: Path) -> None:
    seen = []
    for folder in killed_folders(tmp_path, rebuild_all):
        index = at(folder)
        index.check()
        seen.append(states(index))
        assert seen[-1] in (BEFORE, AFTER)
        rebuild_all(index)
        assert states(index) == AFTER
        assert find(index, "りんご") == ["b", "c", "d"]
        assert not kept_files(folder)[1]
        assert len(generations(folder)) <= 2
        commit(index, OLD[0], seq=10)
        assert find(index, "創業") == ["a"]
    assert BEFORE in seen
    assert seen.index(AFTER) == len(seen) - seen.count(AFTER)
