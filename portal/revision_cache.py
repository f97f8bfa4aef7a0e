"""What each process keeps of a table that people change now and then."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class RevisionCache(Generic[T]):
    """Keeps what was made of a table, and renews it when the table's revision is another one.

    Whoever asks pays for one read of the revision by primary key, so that a change made anywhere is
    seen by every process with its next request.
    """

    def __init__(self, first: tuple[int, T] | None = None) -> None:
        """:param first: a revision and what is made of the table then, if that is known."""
        self._renewing = threading.Lock()
        self._held = first

    def get(self, revision: int, read: Callable[[], T]) -> T:
        """What is made of the table at a revision.

        :param read: makes it anew. It may read rows newer than the revision that was read before
            it; then the next request reads again.
        """
        held = self._held
        if held is None or held[0] != revision:
            with self._renewing:
                held = self._held
                if held is None or held[0] != revision:
                    held = self._held = (revision, read())
        return held[1]
