"""The vocabulary with the labels of the database, kept by each process."""

from sqlalchemy.orm import Session

from portal.labels import queries
from portal.listings.vocabulary import Vocabulary
from portal.revision_cache import RevisionCache


class VocabularyCache:
    """Keeps the vocabulary, so that a label changed anywhere is said by every process from its next
    request on."""

    def __init__(self, shipped: Vocabulary) -> None:
        self._shipped = shipped
        # Until somebody changes a label.
        self._cache = RevisionCache((0, shipped))

    def current(self, session: Session) -> Vocabulary:
        """The vocabulary as this session's transaction sees it."""
        return self._cache.get(
            queries.current_revision(session),
            lambda: self._shipped.renamed(queries.changed_labels(session)),
        )
