"""What is known of favourites besides their listings: what changed, and what took their place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.favorites import changes, queries
from portal.favorites.changes import Change
from portal.favorites.queries import KeptListing
from portal.listings import relation_queries
from portal.listings.models import Listing, ListingState, public_id_of
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Facts:
    """Each by the row id of the listing.

    :ivar changes: what changed in those that are public.
    :ivar known_titles: what they were called when they were known.
    :ivar successors: public id and title of what took the place of those that are public no more.
    """

    changes: Mapping[int, Sequence[Change]]
    known_titles: Mapping[int, str]
    successors: Mapping[int, tuple[str, str]]


def facts_of(
    session: Session, kept: Sequence[KeptListing], *, vocabulary: Vocabulary, today: date
) -> Facts:
    """All that is told of favourites."""
    shown = [row for row in kept if not is_withdrawn(row.listing)]
    gone = [row for row in kept if is_withdrawn(row.listing)]
    return Facts(
        changes.changes_of_kept(session, shown, vocabulary=vocabulary, today=today),
        queries.known_titles(session, gone),
        successors_of(session, [row.listing for row in gone]),
    )


def successors_of(session: Session, withdrawn: Iterable[Listing]) -> dict[int, tuple[str, str]]:
    """Public id and title of what took the place of listings, as far as that is known."""
    found = {}
    for listing in withdrawn:
        successor = relation_queries.find_successor(session, listing.id)
        if successor:
            found[listing.id] = (public_id_of(successor[0]), successor[1])
    return found


def is_withdrawn(listing: Listing) -> bool:
    """Whether the public sees a listing no more."""
    return listing.state != ListingState.PUBLISHED
