"""Listings whose titles are like one that is being written: of its own agency all of them, of
others what the public finds."""

from datetime import date

from sqlalchemy.orm import Session

from portal.listings import title_queries
from portal.listings.models import listing_id_of
from portal.listings.title_queries import Titled
from portal.publishing import likeness
from search_index import SearchIndex, SearchQuery, SearchUnavailableError

SHOWN = 5
_CANDIDATES = 40
_SHORTEST = 3
"""Characters of a title before anything is said to be like it."""


def similar(
    session: Session,
    index: SearchIndex,
    title: str,
    *,
    agency_id: int,
    itself: int | None,
    today: date,
) -> list[Titled]:
    """The few that are most alike, its own agency's before others as much alike.

    :param itself: the row id of the listing that is being written, if it is there yet.
    """
    key = likeness.key_of(title)
    if len(key) < _SHORTEST:
        return []
    own = title_queries.titles_of_agency(session, agency_id)
    found = {row.listing_id: row for row in _public(session, index, title, today)}
    found |= {row.listing_id: row for row in own}
    if itself is not None:
        found.pop(itself, None)
    measured = [(likeness.likeness(key, likeness.key_of(row.title)), row) for row in found.values()]
    alike = [(degree, row) for degree, row in measured if degree >= likeness.ALIKE]
    alike.sort(key=lambda pair: (-pair[0], pair[1].agency_id != agency_id, -pair[1].listing_id))
    return [row for _, row in alike[:SHOWN]]


def _public(session: Session, index: SearchIndex, title: str, today: date) -> list[Titled]:
    query = SearchQuery(on=today, text=title, include_closed=True, limit=_CANDIDATES)
    try:
        hits = index.search(query).hits
    except SearchUnavailableError:
        # Its own agency's are worth telling alone.
        return []
    ids = [listing_id_of(hit.id) for hit in hits]
    return title_queries.public_titles(session, [id_ for id_ in ids if id_ is not None])
