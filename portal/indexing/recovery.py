"""Getting over a lost or damaged index: one rebuild in the background, searches go on meanwhile."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from portal.indexing.sync import Indexer
from search_index import SearchIndexError

logger = logging.getLogger(__name__)


class IndexRecovery:
    """Starts at most one rebuild at a time in this process; the index's lock sees to the others."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._running = threading.Lock()

    @property
    def is_running(self) -> bool:
        """True while this process rebuilds the index."""
        return self._running.locked()

    def start(self) -> threading.Thread | None:
        """Rebuild in a thread of its own; None if that is already under way."""
        if not self._running.acquire(blocking=False):
            return None
        # Not a daemon: a worker that is told to stop lets a rebuild finish or fail cleanly.
        thread = threading.Thread(target=self._rebuild, name="index-rebuild")
        thread.start()
        return thread

    def _rebuild(self) -> None:
        try:
            self._indexer.rebuild()
            self._indexer.drain_soon()
        except (SearchIndexError, SQLAlchemyError, OSError) as error:
            # The next search that finds no index tries again.
            logger.warning("index not rebuilt: %s", error)
        finally:
            self._running.release()
