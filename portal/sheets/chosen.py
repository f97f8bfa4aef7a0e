"""Which listings a sheet is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.listings import queries
from portal.listings.models import Listing, listing_id_of

MOST = 6
"""What one page has room for."""

MOST_ASKED = 100
"""Ids that are looked up: as many as somebody may keep as favourites."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Listings that are or were public, in the order in which they were asked for."""

    listings: tuple[Listing, ...]
    left_out: int
    """How many were asked for that the public never saw, or are none."""

    @property
    def fits(self) -> bool:
        """Whether they make a sheet."""
        return 1 <= len(self.listings) <= MOST

    @property
    def public_ids(self) -> tuple[str, ...]:
        """Their public ids, in order."""
        return tuple(listing.public_id for listing in self.listings)


def choose(session: Session, public_ids: Sequence[str]) -> Chosen:
    """The listings of some public ids, each once."""
    asked = list(dict.fromkeys(public_ids))
    wanted = [found for found in map(listing_id_of, asked[:MOST_ASKED]) if found is not None]
    by_id = {row.id: row for row in queries.ever_public_by_ids(session, wanted)}
    listings = tuple(by_id[listing_id] for listing_id in wanted if listing_id in by_id)
    return Chosen(listings, left_out=len(asked) - len(listings))
