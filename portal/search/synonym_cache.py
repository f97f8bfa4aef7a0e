"""Synonyms as searches use them: the table of the database, kept by each process."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.revision_cache import RevisionCache
from portal.search import synonym_queries
from search_index import SynonymTable


@dataclass(frozen=True, slots=True)
class Synonyms:
    """All groups in force, and the revision of the database's table they are of."""

    revision: int
    table: SynonymTable


class SynonymCache:
    """Keeps the table compiled, so that a change made anywhere is seen by every process with its
    next request, and nothing has to be indexed again."""

    def __init__(self) -> None:
        self._cache = RevisionCache[Synonyms]()

    def current(self, session: Session) -> Synonyms:
        """The synonyms as this session's transaction sees them."""
        revision = synonym_queries.current_revision(session)
        return self._cache.get(revision, lambda: _read(session, revision))


def _read(session: Session, revision: int) -> Synonyms:
    return Synonyms(revision, synonym_queries.to_table(synonym_queries.list_in_force(session)))
