"""Getting over an index that is lost, damaged or behind, in the background of searches."""

import logging
import threading
import time

from portal.indexing.sync import Indexer
from search_index import IndexLockedError

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 10.0
LONGEST_PAUSE_S = 600.0


class IndexRecovery:
    """Starts at most one recovery at a time in this process; the index's lock sees to the others.

    After a failure it waits, longer each time: a full disk does not empty by trying.
    """

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._running = threading.Lock()
        self._pause_s = 0.0
        self._not_before = 0.0

    @property
    def is_running(self) -> bool:
        """True while this process is at it."""
        return self._running.locked()

    def start(self) -> threading.Thread | None:
        """Bring the index up to date in a thread of its own; None if that is under way, or failed a
        moment ago."""
        if time.monotonic() < self._not_before or not self._running.acquire(blocking=False):
            return None
        # Not a daemon: a worker that is told to stop lets it finish or fail cleanly.
        thread = threading.Thread(target=self._recover, name="index-recovery")
        thread.start()
        return thread

    def _recover(self) -> None:
        try:
            self._indexer.bring_up_to_date()
            self._pause_s = 0.0
        except IndexLockedError:
            logger.info("another process is at the index")
        except Exception:
            # The top of a thread: whatever it is, it has to be told and must not end in silence.
            logger.exception("index not brought up to date")
            self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)
            self._not_before = time.monotonic() + self._pause_s
        finally:
            self._running.release()
