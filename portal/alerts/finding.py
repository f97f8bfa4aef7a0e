"""Asking the index what a saved search finds now."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal import change_log
from portal.alerts.criteria import Criteria, CriteriaReader, UnreadableCriteriaError
from portal.alerts.services import Baseline
from portal.labels import queries as label_queries
from portal.listings.models import listing_id_of
from portal.search import services as search_services
from portal.search.synonym_cache import Synonyms
from search_index import SearchIndex, SearchUnavailableError, Sort

MOST_FOUND = 1_000_000
"""All hits of a search: which of them are new cannot be told from a part."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds by one index, on one day, with words that mean one thing.

    :ivar seq: the position in the change log that the index has reached at least.
    :ivar understood_as: tells synonyms and labels from those of another time.
    """

    index: SearchIndex
    reader: CriteriaReader
    synonyms: Synonyms
    today: date
    seq: int
    understood_as: str

    def find(self, criteria: Criteria) -> tuple[int, ...]:
        """Row ids of all that a search finds, what was published last coming first; of several
        words all have to be there, or each listing that goes would bring in others that hold some.

        :raises SearchUnavailableError: there is no usable index.
        :raises UnreadableCriteriaError: a condition is none any more.
        """
        found = search_services.find_ids(
            self.index,
            self.reader.params(criteria),
            today=self.today,
            synonyms=self.synonyms,
            sort=Sort.NEW,
            limit=MOST_FOUND,
            is_strict=True,
        )
        ids = (listing_id_of(public_id) for public_id in found)
        return tuple(id_ for id_ in ids if id_ is not None)

    def baseline(self, criteria: Criteria) -> Baseline:
        """What a search finds at this moment, as ``find``."""
        return Baseline(frozenset(self.find(criteria)), self.seq, self.understood_as)


def make_finder(
    session: Session,
    index: SearchIndex,
    reader: CriteriaReader,
    synonyms: Synonyms,
    *,
    today: date,
) -> Finder:
    """Find by an index that holds all that is public.

    :raises SearchUnavailableError: there is no usable index, or it lags behind: what it does not
        know yet would be taken for what does not match.
    """
    seq = change_log.latest_seq(session)
    if index.applied_seq() < seq:
        raise SearchUnavailableError("the index lags behind the change log")
    labels = label_queries.current_revision(session)
    return Finder(index, reader, synonyms, today, seq, f"{synonyms.revision}.{labels}")


def find_baseline(
    session: Session,
    index: SearchIndex,
    reader: CriteriaReader,
    synonyms: Synonyms,
    criteria: Criteria,
    *,
    today: date,
) -> Baseline | None:
    """What a search finds at this moment; None if that cannot be told, for want of an index or of
    one of the conditions, and the job has to."""
    try:
        finder = make_finder(session, index, reader, synonyms, today=today)
        return finder.baseline(criteria)
    except (SearchUnavailableError, UnreadableCriteriaError):
        return None
