"""Bringing the index up to date: drain the change log, verify, rebuild.

The order in ``drain`` is its correctness: take the index lock, read the log after the index's own
position, load those listings as they are now, write, commit with the new position. A crash
anywhere only repeats work; whoever finds the lock taken leaves.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.db import write_transaction
from portal.indexing.documents import to_document
from portal.labels.vocabulary_cache import VocabularyCache
from portal.listings import queries
from portal.listings.models import listing_id_of, public_id_of
from portal.pageviews import popularity
from search_index import ListingDocument, SearchIndex, SearchIndexError, SearchUnavailableError

logger = logging.getLogger(__name__)

DRAIN_TIMEOUT_S = 30.0
"""How long work that has to be done waits for another process to finish."""

PASSING_TIMEOUT_S = 0.2
"""How long a save waits for the index. Longer work is left to whoever drains next."""


@dataclass(frozen=True, slots=True)
class IndexDifferences:
    """Public ids by what is wrong with them in the index."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many listings differ."""
        return len(self.missing) + len(self.stale) + len(self.surplus)


@dataclass(slots=True)
class Indexer:
    """Carries listings from the database into one index."""

    sessions: sessionmaker[Session]
    index: SearchIndex
    vocabularies: VocabularyCache

    def drain(self, *, timeout: float) -> int:
        """Apply what was recorded since the index's last commit; returns how many listings.

        :raises IndexLockedError: another process is at it, and will do this work too.
        :raises SearchUnavailableError: there is no usable index; rebuild it.
        """
        with self.index.writer(timeout=timeout) as writer, self.sessions() as session:
            seq = change_log.latest_seq(session)
            if writer.applied_seq > seq:
                # The database went back in time, restored from a backup: the log no longer tells
                # what this index lacks.
                raise SearchUnavailableError("the index is ahead of the database")
            changed = change_log.listing_ids_after(session, writer.applied_seq)
            # Asked after the log was read: it may be pruned at any moment.
            if writer.applied_seq < change_log.complete_after(session):
                # This index was away for so long that changes it never saw are gone.
                raise SearchUnavailableError("the change log begins after what the index holds")
            if not changed and seq == writer.applied_seq:
                return 0
            # After the log, too: labels that change later are in the log once more.
            vocabulary = self.vocabularies.current(session)
            views = popularity.views_of(session, changed)
            gone = set(changed)
            for listing in queries.published_by_ids(session, sorted(changed)):
                popular = views.get(listing.id, 0)
                writer.upsert(to_document(listing, vocabulary, popularity=popular))
                gone.discard(listing.id)
            for listing_id in gone:
                writer.delete(public_id_of(listing_id))
            writer.commit(seq=seq)
        logger.info("index drained to %d: %d listings", seq, len(changed))
        return len(changed)

    def drain_soon(self) -> bool:
        """One short try after a save; returns whether the index holds it now. The change is in the
        log, so failing here loses nothing."""
        try:
            self.drain(timeout=PASSING_TIMEOUT_S)
        except SearchIndexError as error:
            logger.warning("index not drained in passing: %s", error)
            return False
        return True

    def bring_up_to_date(self, on_progress: Callable[[int], None] = lambda done: None) -> None:
        """Apply what is waiting; where there is no usable index, rebuild it first.

        :raises IndexLockedError: another process is at it.
        """
        try:
            self.drain(timeout=DRAIN_TIMEOUT_S)
        except SearchUnavailableError:
            self.rebuild(on_progress)
            self.drain(timeout=DRAIN_TIMEOUT_S)

    def is_behind(self, session: Session) -> bool:
        """Whether changes wait that the index has not seen, or there is no usable index."""
        try:
            return self.index.applied_seq() < change_log.latest_seq(session)
        except SearchUnavailableError:
            return True

    def rebuild(
        self, on_progress: Callable[[int], None] = lambda done: None, *, processes: int = 1
    ) -> int:
        """Write a fresh index from the database and switch to it; returns the number of listings.

        More ``processes`` than one are for who has the machine to himself, not for web workers.

        :raises IndexLockedError: another process is rebuilding.
        """
        with self.sessions() as session:
            # Read before the listings are: whatever changes meanwhile is drained again afterwards.
            seq = change_log.latest_seq(session)
            count = self.index.rebuild(
                self._documents(session),
                seq=seq,
                logged_after=change_log.complete_after(session),
                processes=processes,
                on_progress=on_progress,
            )
        logger.info("index rebuilt at %d: %d listings", seq, count)
        return count

    def _documents(self, session: Session) -> Iterator[ListingDocument]:
        vocabulary = self.vocabularies.current(session)
        views = popularity.views_of(session)
        for listing in queries.iterate_published(session):
            yield to_document(listing, vocabulary, popularity=views.get(listing.id, 0))

    def differences(self) -> IndexDifferences:
        """Compare the index with the database, both ways, after draining what is waiting.

        :raises SearchUnavailableError: there is no usable index.
        """
        self.drain(timeout=DRAIN_TIMEOUT_S)
        with self.sessions() as session:
            published = queries.published_revisions(session)
        wanted = {public_id_of(listing_id): revision for listing_id, revision in published.items()}
        held = self.index.revisions()
        return IndexDifferences(
            missing=tuple(sorted(wanted.keys() - held.keys())),
            stale=tuple(sorted(id_ for id_ in wanted & held.keys() if wanted[id_] != held[id_])),
            surplus=tuple(sorted(held.keys() - wanted.keys())),
        )

    def record_differences(self, differences: IndexDifferences, *, now: datetime) -> None:
        """Put what differs into the change log, for every index replica to look at again."""
        ids = (*differences.missing, *differences.stale, *differences.surplus)
        with write_transaction(self.sessions) as session:
            for public_id in ids:
                listing_id = listing_id_of(public_id)
                if listing_id is not None:
                    change_log.record_change(session, listing_id, now=now)
