"""Days that calendars of searches still tell of as cancelled: those of listings that were
withdrawn, and those that listings dropped."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal import change_log
from portal.clock import JAPAN
from portal.feeds import gone_queries
from portal.feeds.entries import EarlierDay
from portal.indexing.documents import to_document
from portal.listings import queries
from portal.listings.models import Listing, listing_id_of
from portal.listings.vocabulary import Vocabulary
from search_index import ListingDocument, SearchIndex, SearchQuery, open_index

TOLD_FOR = timedelta(days=90)
"""How long calendars of searches tell of a day that is no longer. All programs that subscribe look
far more often."""

_NO_LIMIT = gone_queries.MOST_WITHDRAWN


@dataclass(frozen=True, slots=True)
class Gone:
    """What is no longer, as of a position of the change log and a day."""

    seq: int
    today: date
    vocabulary: Vocabulary
    withdrawn: tuple[tuple[int, int], ...]
    """Row id and revision of what ``index`` holds."""
    index: SearchIndex | None
    """Finds what was withdrawn; None where nothing was."""
    dropped: Mapping[int, tuple[EarlierDay, ...]]
    """Days to come that listings had, by row id; they may have them again."""

    def find_withdrawn(self, query: SearchQuery) -> list[int]:
        """The row ids of what a search found before it was withdrawn: what holds all its words,
        for others of their words many texts have."""
        if self.index is None:
            return []
        results = self.index.search(replace(query, offset=0, limit=_NO_LIMIT, with_facets=False))
        read = results.interpretation
        if read.relaxed or read.corrected:
            return []
        found = [listing_id_of(hit.id) for hit in results.hits[: read.strict_total]]
        return [listing_id for listing_id in found if listing_id is not None]


class GoneDays:
    """Keeps what is no longer for a process, and renews it when any listing changed or a day
    began."""

    def __init__(self) -> None:
        self._renewing = threading.Lock()
        self._held: Gone | None = None

    def current(self, session: Session, vocabulary: Vocabulary, today: date) -> Gone:
        """What is no longer, as this session's transaction sees it."""
        seq = change_log.latest_seq(session)
        held = self._held
        if held is None or not _is_good(held, seq, vocabulary, today):
            with self._renewing:
                held = self._held
                if held is None or not _is_good(held, seq, vocabulary, today):
                    held = self._held = _read(session, held, seq, vocabulary, today)
        return held


def _is_good(held: Gone, seq: int, vocabulary: Vocabulary, today: date) -> bool:
    return (held.seq, held.today) == (seq, today) and held.vocabulary is vocabulary


def _read(
    session: Session, held: Gone | None, seq: int, vocabulary: Vocabulary, today: date
) -> Gone:
    since = datetime.combine(today, time.min, JAPAN) - TOLD_FOR
    withdrawn = tuple(gone_queries.withdrawn_since(session, since))
    is_same = held and held.withdrawn == withdrawn and held.vocabulary is vocabulary
    # To analyse texts takes far longer than all the rest.
    index = held.index if held and is_same else _index(session, withdrawn, vocabulary)
    dropped = gone_queries.days_since(session, since, from_on=today)
    return Gone(seq, today, vocabulary, withdrawn, index, dropped)


def _index(
    session: Session, withdrawn: Sequence[tuple[int, int]], vocabulary: Vocabulary
) -> SearchIndex | None:
    listings = queries.withdrawn_by_ids(session, [listing_id for listing_id, _ in withdrawn])
    if not listings:
        return None
    index = open_index("memory:")
    index.rebuild((_document(listing, vocabulary) for listing in listings), seq=0)
    return index


def _document(listing: Listing, vocabulary: Vocabulary) -> ListingDocument:
    # Texts are withdrawn for reasons: nobody finds out by asking for words what was in them, but
    # for those that are said in calendars and results.
    return replace(to_document(listing, vocabulary), body="")
