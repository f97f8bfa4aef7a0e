"""Changes are counted as lost exactly if the index lacks them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.site import ChangeLog, change_word, changed, count_lost, drain, is_seen
from search_index import ListingDocument, SearchIndex, open_index

DOCUMENTS = [ListingDocument(f"L00000{number}", 1, f"創業{number}") for number in range(1, 5)]


@pytest.fixture
def index() -> SearchIndex:
    index = open_index("memory:")
    index.rebuild(DOCUMENTS, seq=0)
    return index


@pytest.fixture
def log(tmp_path: Path) -> ChangeLog:
    (tmp_path / "changes").touch()
    return ChangeLog(tmp_path / "changes")


def record(log: ChangeLog, numbers: Sequence[int]) -> None:
    for number in numbers:
        log.record(number)


def test_drained_changes_are_held_and_found(index: SearchIndex, log: ChangeLog) -> None:
    record(log, [2, 0, 2])
    drain(index, log, DOCUMENTS, timeout=1)
    assert index.applied_seq() == 3
    assert index.revisions()["L000003"] == 3
    assert is_seen(index, change_word("L000003", 2))
    assert not is_seen(index, change_word("L000003", 1))
    assert count_lost(index, log, DOCUMENTS) == 0


def test_changes_that_were_not_drained_count_as_lost(index: SearchIndex, log: ChangeLog) -> None:
    record(log, [2, 0, 2])
    assert count_lost(index, log, DOCUMENTS) == 2


def test_a_listing_without_changes_stays_as_it_was() -> None:
    assert changed(DOCUMENTS[0], 0) is DOCUMENTS[0]
