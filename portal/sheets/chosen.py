"""Which listings a sheet is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.listings import listing_sets
from portal.listings.models import Listing

MOST = 6
"""What one page has room for."""


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
    named = listing_sets.read(session, public_ids)
    return Chosen(named.listings, named.left_out)
