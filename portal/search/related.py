"""Listings near another one: for the same purposes, in the same place."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from portal.listings import outline_queries, wording
from portal.listings.models import Listing, public_version
from portal.listings.outlines import Outline
from search_index import SearchIndex, SearchQuery, SearchUnavailableError

SHOWN = 4
_CANDIDATES = 30


def related(
    session: Session,
    index: SearchIndex,
    listing: Listing,
    *,
    without: Collection[str],
    today: date,
) -> list[Outline]:
    """A few others: known to be current before last heard of years ago, then by shared purposes.

    :param without: public ids of those that are told of elsewhere.

    Nobody while the index is unavailable: the page is about the listing itself.
    """
    version = public_version(listing)
    filters = {"purpose": version.purpose_codes, "region": wording.searchable_regions(version)}
    query = SearchQuery(
        on=today,
        filters={name: codes for name, codes in filters.items() if codes},
        limit=_CANDIDATES,
    )
    try:
        hits = index.search(query).hits
    except SearchUnavailableError:
        return []
    ids = [hit.id for hit in hits if hit.id != listing.public_id and hit.id not in without]
    found = outline_queries.published_by_public_ids(session, ids)

    def nearness(other: Outline) -> tuple[bool, int]:
        is_old = wording.last_offered(other, today) is not None
        return is_old, -len(set(other.purpose_codes) & set(version.purpose_codes))

    # Sorting is stable: among equals what is open stays first, as the search has it.
    return sorted(found, key=nearness)[:SHOWN]
