"""A set of listings as an address names it: ``?id=L000001&id=L000002``, in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from portal.listings import queries
from portal.listings.models import Listing, ListingState, listing_id_of, public_id_of

MOST_NAMED = 100
"""How many an address may name; of more the first are taken."""


@dataclass(frozen=True, slots=True)
class NamedListings:
    """What an address names: listings that are public or were, each once, in its order.

    ``left_out`` counts what was no id, or of nothing that ever was public; ``is_cut`` says that
    there were too many.
    """

    listings: tuple[Listing, ...]
    left_out: int
    is_cut: bool

    @property
    def shown(self) -> tuple[Listing, ...]:
        """Those that are public."""
        return tuple(row for row in self.listings if row.state == ListingState.PUBLISHED)

    @property
    def withdrawn(self) -> tuple[Listing, ...]:
        """Those that are public no more."""
        return tuple(row for row in self.listings if row.state != ListingState.PUBLISHED)


def read(session: Session, named: Sequence[str]) -> NamedListings:
    """The listings that the values of ``id`` name, whatever they are."""
    # Once each, in order.
    once = list(dict.fromkeys(named))
    asked = once[:MOST_NAMED]
    ids = [listing_id for listing_id in map(listing_id_of, asked) if listing_id is not None]
    by_id = {row.id: row for row in queries.ever_public_by_ids(session, ids)}
    listings = tuple(by_id[listing_id] for listing_id in ids if listing_id in by_id)
    return NamedListings(listings, len(asked) - len(listings), len(once) > len(asked))


def query_of(listing_ids: Iterable[int]) -> str:
    """Row ids as the part of an address that names them, from ``?`` on; empty for none."""
    pairs = [("id", public_id_of(listing_id)) for listing_id in listing_ids][:MOST_NAMED]
    return f"?{urlencode(pairs)}" if pairs else ""
