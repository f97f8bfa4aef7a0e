"""An index on disk after any history of changes, failures and rebuilds: what a new one would be."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from search_index import (
    ListingDocument,
    SearchIndex,
    SearchQuery,
    SearchUnavailableError,
    Sort,
    open_index,
)
from search_index.storage import building, index_folder
from tests.search_index.examples import FIXED, TODAY, documents
from tests.search_index.folders import at, commit, generations, kept_files

QUERIES = [
    SearchQuery(on=TODAY, include_closed=True),
    SearchQuery(on=TODAY, sort=Sort.DEADLINE, filters={"industry": ("A", "B")}),
    SearchQuery(on=TODAY, sort=Sort.AMOUNT, amount_min=1, filters={"status": ("open", "closed")}),
    SearchQuery(on=TODAY, text="創業", sort=Sort.RELEVANCE, include_closed=True),
    SearchQuery(on=TODAY, text="創業 融資", sort=Sort.RELEVANCE, filters={"region": ("C",)}),
    SearchQuery(on=TODAY, text='"りんご販路"', sort=Sort.RELEVANCE, include_closed=True),
    SearchQuery(on=TODAY, text="販 -相談", sort=Sort.RELEVANCE, include_closed=True),
    SearchQuery(on=TODAY, text="りんごの販路を相談したい", sort=Sort.RELEVANCE, local_only=True),
]
IDS = st.integers(0, 15).map("L{:02}".format)
CHANGES = st.lists(documents(IDS) | IDS, max_size=5)
Change = ListingDocument | str

MERGE_FACTOR, MOST_DOCUMENTS, BATCH = 2, 6, 3
"""So small that merging, packing and continuing happen all the time."""


class Changes(RuleBasedStateMachine):
    """A folder that several indexes share, and ``truth``, which it has to hold after each step.

    ``log`` holds what changed at which position, as the portal's change log does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(index_folder, "_MERGE_FACTOR", MERGE_FACTOR)
        self.patched.setattr(index_folder, "_MAX_DOCUMENTS", MOST_DOCUMENTS)
        self.patched.setattr(index_folder, "MAX_POSITIONS", 400)
        self.patched.setattr(building, "BATCH", BATCH)
        self.folder = Path(tempfile.mkdtemp())
        self.indexes = [at(self.folder / "index") for _ in range(3)]
        self.indexes[0].rebuild([], seq=0)
        self.truth: dict[str, ListingDocument] = {}
        self.log: list[str] = []

    def teardown(self) -> None:
        self.patched.undo()
        shutil.rmtree(self.folder)

    @property
    def seq(self) -> int:
        return len(self.log)

    def record(self, changes: list[Change]) -> None:
        for change in changes:
            if isinstance(change, str):
                self.truth.pop(change, None)
                self.log.append(change)
            else:
                self.truth[change.id] = change
                self.log.append(change.id)

    def drain(self, index: SearchIndex) -> None:
        with index.writer(timeout=1) as writer:
            for changed in self.log[writer.applied_seq :]:
                if changed in self.truth:
                    writer.upsert(self.truth[changed])
                else:
                    writer.delete(changed)
            writer.commit(seq=self.seq)

    @rule(changes=CHANGES, number=st.integers(0, 2))
    def change(self, changes: list[Change], number: int) -> None:
        self.record(changes)
        self.drain(self.indexes[number])
        self.only_what_is_needed_is_left()

    @rule(changes=CHANGES, number=st.integers(0, 2))
    def change_without_commit(self, changes: list[Change], number: int) -> None:
        with self.indexes[number].writer(timeout=1) as writer:
            for change in changes:
                if isinstance(change, str):
                    writer.delete(change)
                else:
                    writer.upsert(change)

    @rule(change=documents(IDS), step=st.sampled_from(["fsync", "rename"]))
    def fail_to_commit(self, change: ListingDocument, step: str) -> None:
        def fail(*_: object) -> None:
            raise OSError("the disk is full")

        with self.patched.context() as broken:
            broken.setattr(os, step, fail)
            with pytest.raises(SearchUnavailableError):
                commit(self.indexes[0], change, seq=self.seq + 1)

    @rule(number=st.integers(0, 2))
    def reopen(self, number: int) -> None:
        self.indexes[number] = at(self.folder / "index")

    @rule(changes=CHANGES, number=st.integers(0, 2))
    def rebuild_while_changes_are_committed(self, changes: list[Change], number: int) -> None:
        waiting = [changes] if changes else []
        seq = self.seq

        def commit_elsewhere(done: int) -> None:
            if waiting:
                self.record(waiting.pop())
                self.drain(self.indexes[number - 1])

        self.indexes[number].rebuild(
            list(self.truth.values()), seq=seq, on_progress=commit_elsewhere
        )
        if waiting:
            self.record(waiting.pop())
        assert self.indexes[number].applied_seq() <= seq
        self.drain(self.indexes[number])
        self.only_what_is_needed_is_left()

    @precondition(lambda self: self.truth)
    @rule(number=st.integers(0, 2), count=st.integers(0, 10))
    def interrupt_a_rebuild(self, number: int, count: int) -> None:
        def interrupted() -> Iterator[ListingDocument]:
            yield from list(self.truth.values())[:count]
            raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            self.indexes[number].rebuild(interrupted(), seq=self.seq)

    @invariant()
    def every_index_is_as_a_new_one(self) -> None:
        fresh = open_index("memory:")
        fresh.rebuild(self.truth.values(), seq=self.seq)
        revisions = {each.id: each.revision for each in self.truth.values()}
        for index in self.indexes:
            assert index.revisions() == revisions
            assert index.applied_seq() == self.seq
            assert len({each.commit_id() for each in self.indexes}) == 1
            for query in QUERIES:
                assert index.search(query) == fresh.search(query)
            for text in ("そ", "りん", "soud", "L0"):
                assert index.complete(text) == fresh.complete(text)
        self.indexes[0].check()

    def only_what_is_needed_is_left(self) -> None:
        needed, surplus = kept_files(self.folder / "index")
        assert not surplus
        # Two at most in each of the lower tiers; of the highest hardly one fits with another.
        assert len(needed) <= 6 + len(self.truth) // 2
        assert len(generations(self.folder / "index")) <= 3


TestChanges = Changes.TestCase
# Shortening a history that fails takes minutes, and most are short.
TestChanges.settings = settings(
    FIXED, max_examples=15, stateful_step_count=12, phases=[Phase.generate]
)
