"""Synonyms as searches use them: the table of the database, kept by each process."""

import threading
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.search import synonym_queries
from search_index import SynonymTable


@dataclass(frozen=True, slots=True)
class Synonyms:
    """All groups in force, and the revision of the database's table they are of."""

    revision: int
    table: SynonymTable


class SynonymCache:
    """Keeps the table compiled, and renews it when the database's revision is another one.

    Each request pays for one read by primary key, so a change made anywhere is seen by every
    process with its next request, and nothing has to be indexed again.
    """

    def __init__(self) -> None:
        self._renewing = threading.Lock()
        self._held: Synonyms | None = None

    def current(self, session: Session) -> Synonyms:
        """The synonyms as this session's transaction sees them."""
        revision = synonym_queries.current_revision(session)
        held = self._held
        if held is not None and held.revision == revision:
            return held
        with self._renewing:
            if self._held is None or self._held.revision != revision:
                # What is read after the revision may be newer; then the next request reads again.
                table = synonym_queries.to_table(synonym_queries.list_in_force(session))
                self._held = Synonyms(revision, table)
            return self._held
