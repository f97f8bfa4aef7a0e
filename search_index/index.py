"""The contract every engine keeps; ``tests/search_index/test_contract.py`` runs it on each."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from search_index.types import Completion, ListingDocument, SearchQuery, SearchResults


class IndexWriter(Protocol):
    """Changes that become visible together, and only by ``commit``. Holds the index lock."""

    @property
    def applied_seq(self) -> int:
        """The change-log position this index holds, read under the lock."""
        ...

    def upsert(self, document: ListingDocument) -> None:
        """Add a document, or replace the one of the same id."""
        ...

    def delete(self, document_id: str) -> None:
        """Remove a document; an unknown id is no error."""
        ...

    def commit(self, *, seq: int) -> None:
        """Make the changes durable and visible, with the new change-log position in one step."""
        ...


class SearchIndex(Protocol):
    """A durable copy of the published listings that answers searches with ids and counts."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a query. Any text is legal.

        :raises SearchUnavailableError: the index is missing, damaged or of another format.
        """
        ...

    def complete(self, text: str, *, limit: int = 10) -> tuple[Completion, ...]:
        """What a text that is being typed may become, the likeliest first: keywords, names and
        titles that begin with it, or have a later word that does, as written, in kana or in
        romaji. Any text is legal.

        :raises SearchUnavailableError: as ``search``.
        """
        ...

    def applied_seq(self) -> int:
        """The change-log position of the last commit.

        :raises SearchUnavailableError: as ``search``.
        """
        ...

    def commit_id(self) -> str:
        """Names the commit that a search is answered from now: another after every commit and
        rebuild, whoever made it, and never the same again.

        :raises SearchUnavailableError: as ``search``.
        """
        ...

    def revisions(self) -> Mapping[str, int]:
        """The revision of every document, by id; to compare with the database.

        :raises SearchUnavailableError: as ``search``.
        """
        ...

    def check(self) -> None:
        """Read everything that is stored, and compare it with its checksums: for silent damage.

        :raises SearchUnavailableError: something is not as it was written, or as ``search``.
        """
        ...

    def writer(self, *, timeout: float) -> AbstractContextManager[IndexWriter]:
        """Open for changes, waiting up to ``timeout`` seconds for the lock. Leaving the block
        without ``commit`` drops them.

        :raises IndexLockedError: another writer kept the lock.
        :raises SearchUnavailableError: as ``search``.
        """
        ...

    def rebuild(
        self,
        documents: Iterable[ListingDocument],
        *,
        seq: int,
        logged_after: int = 0,
        processes: int = 1,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        """Write a new index aside from ``documents``, then switch to it; returns their number.
        One that was killed half-way is continued by the next, unless it began before
        ``logged_after``: the change log tells only what changed after that position.

        ``processes`` share the work; with one, no other is started. ``on_progress`` is told how
        many documents are done.

        ``seq`` is the change-log position read before the documents were: what was recorded since
        is applied again by the next drain. The old index answers until the switch. The ids of the
        documents are distinct.

        :raises IndexLockedError: another rebuild is running, or a writer kept the lock.
        :raises SearchUnavailableError: there is no place to write to, or it is full.
        """
        ...
