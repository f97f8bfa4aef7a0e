"""Listings near another one: for the same purposes, in the same place."""

from datetime import date

from sqlalchemy.orm import Session

from portal.listings import queries, wording
from portal.listings.models import Listing, ListingVersion, public_version
from search_index import SearchIndex, SearchQuery, SearchUnavailableError

SHOWN = 4
_CANDIDATES = 30


def related(
    session: Session, index: SearchIndex, listing: Listing, *, today: date
) -> list[Listing]:
    """A few others: known to be current before last heard of years ago, then by shared purposes.

    Nobody while the index is unavailable: the page is about the listing itself.
    """
    version = public_version(listing)
    purposes = tuple(row.purpose_code for row in version.purpose_rows)
    filters = {"purpose": purposes, "region": wording.searchable_regions(version)}
    query = SearchQuery(
        on=today,
        filters={name: codes for name, codes in filters.items() if codes},
        limit=_CANDIDATES,
    )
    try:
        hits = index.search(query).hits
    except SearchUnavailableError:
        return []
    ids = [hit.id for hit in hits if hit.id != listing.public_id]
    found = queries.published_by_public_ids(session, ids)

    def nearness(other: Listing) -> tuple[bool, int]:
        their_version = public_version(other)
        is_old = wording.last_offered(their_version, today) is not None
        return is_old, -_shared(their_version, purposes)

    # Sorting is stable: among equals what is open stays first, as the search has it.
    return sorted(found, key=nearness)[:SHOWN]


def _shared(version: ListingVersion, purposes: tuple[str, ...]) -> int:
    return sum(row.purpose_code in purposes for row in version.purpose_rows)
