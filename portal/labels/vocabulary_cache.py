"""The vocabulary with the labels of the database, kept by each process."""

import threading
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.labels import queries
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Held:
    """A vocabulary, and the revision of the database's labels that it is of."""

    revision: int
    vocabulary: Vocabulary


class VocabularyCache:
    """Keeps the vocabulary, and renews it when the database's revision is another one.

    Whoever asks pays for one read by primary key, so that a label changed anywhere is said by every
    process from its next request on.
    """

    def __init__(self, shipped: Vocabulary) -> None:
        self._shipped = shipped
        self._renewing = threading.Lock()
        self._held = _Held(0, shipped)

    def current(self, session: Session) -> Vocabulary:
        """The vocabulary as this session's transaction sees it."""
        revision = queries.current_revision(session)
        held = self._held
        if held.revision == revision:
            return held.vocabulary
        with self._renewing:
            if self._held.revision != revision:
                # What is read after the revision may be newer; then the next request reads again.
                renamed = self._shipped.renamed(queries.changed_labels(session))
                self._held = _Held(revision, renamed)
            return self._held.vocabulary
