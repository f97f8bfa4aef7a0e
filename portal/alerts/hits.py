"""What the saved searches that are due find: asked once for all that have the same conditions."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.alerts import news
from portal.alerts.criteria import Criteria
from portal.alerts.finding import Finder
from portal.alerts.models import SavedSearch
from portal.alerts.news import Memory
from portal.errors import PortalError
from portal.listings import outline_queries
from portal.listings import queries as listing_queries
from portal.listings.models import public_id_of
from portal.listings.outlines import Outline

logger = logging.getLogger(__name__)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Hits:
    """What the due searches find, and the listings among it that may be news to one of them."""

    found: Mapping[str, Sequence[int]]
    """By the digest of conditions; without those that cannot be asked any more."""
    outlines: Mapping[int, Outline]


def gather(session: Session, finder: Finder, due: Iterable[SavedSearch]) -> Hits:
    """Find what all of some searches find.

    :raises SearchUnavailableError: the index went away meanwhile.
    """
    rows = list(due)
    found = _find(finder, rows)
    return Hits(found, _outlines(session, rows, found))


def still_public(session: Session, hits: Hits, row: SavedSearch) -> Hits:
    """The same for one of the searches, without what was withdrawn since it was found: of that
    nobody may be told any more, be it by a mail that is about to be written."""
    may_be_told = news.candidates(hits.found[row.criteria_digest], memory_of(row))
    shown = listing_queries.published_among(session, may_be_told)
    outlines = {id_: outline for id_, outline in hits.outlines.items() if id_ in shown}
    return replace(hits, outlines=outlines)


def memory_of(row: SavedSearch) -> Memory:
    """What an owner has been told."""
    return Memory(row.known or frozenset(), row.awaited, row.excluded)


def _find(finder: Finder, due: Iterable[SavedSearch]) -> dict[str, Sequence[int]]:
    found: dict[str, Sequence[int]] = {}
    for criteria in {row.criteria_digest: Criteria(row.criteria) for row in due}.values():
        try:
            found[criteria.digest] = finder.find(criteria)
        except PortalError:
            # Told for each search that has them.
            logger.warning("conditions of a saved search cannot be asked", exc_info=True)
    return found


def _outlines(
    session: Session, due: Iterable[SavedSearch], found: Mapping[str, Sequence[int]]
) -> dict[int, Outline]:
    wanted: set[int] = set()
    for row in due:
        if row.known is not None:
            wanted.update(news.candidates(found.get(row.criteria_digest, ()), memory_of(row)))
        else:
            wanted.update(found.get(row.criteria_digest, ()))
    public_ids = [public_id_of(id_) for id_ in sorted(wanted)]
    return {
        outline.listing_id: outline
        for start in range(0, len(public_ids), _BATCH)
        for outline in outline_queries.published_by_public_ids(
            session, public_ids[start : start + _BATCH]
        )
    }
