"""Reads of favourites: what a member keeps, and the listings behind what anybody keeps."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from portal.errors import NotFoundError
from portal.favorites.kept import Kept
from portal.favorites.models import Favorite
from portal.listings import queries as listing_queries
from portal.listings.attachment_models import VersionAttachment
from portal.listings.facet_models import VersionPartner
from portal.listings.models import Listing, ListingVersion
from portal.listings.queries import VERSION_PARTS

# Asked with every page of a member, so put together once.
_IDS = select(Favorite.listing_id).where(Favorite.user_id == bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class KeptListing:
    """A favourite and its listing, which is public or was."""

    kept: Kept
    listing: Listing


def listing_ids_of(session: Session, user_id: int) -> frozenset[int]:
    """The row ids of the listings that a member keeps."""
    return frozenset(session.scalars(_IDS, {"user_id": user_id}))


def list_kept(session: Session, user_id: int) -> tuple[Kept, ...]:
    """What a member keeps, in the order in which it was saved."""
    wanted = (
        select(Favorite)
        .where(Favorite.user_id == user_id)
        .order_by(Favorite.saved_at, Favorite.listing_id)
    )
    return tuple(kept_of(row) for row in session.scalars(wanted))


def get_favorite(session: Session, user_id: int, listing_id: int) -> Favorite:
    """The row of a favourite of a member.

    :raises NotFoundError: they keep no such listing.
    """
    row = session.get(Favorite, (user_id, listing_id))
    if row is None:
        raise NotFoundError(f"user {user_id} does not keep listing {listing_id}")
    return row


def list_of_member(session: Session, user_id: int) -> list[KeptListing]:
    """What a member keeps, with the listings, in the order in which it was saved."""
    return with_listings(session, list_kept(session, user_id))


def with_listings(session: Session, kept: Iterable[Kept]) -> list[KeptListing]:
    """Favourites with their listings, in the same order; what never was public is left out."""
    asked = list(kept)
    found = listings_by_id(session, [one.listing_id for one in asked])
    return [KeptListing(one, found[one.listing_id]) for one in asked if one.listing_id in found]


def listings_by_id(session: Session, listing_ids: Sequence[int]) -> dict[int, Listing]:
    """Listings that are public or were, among some row ids."""
    found = listing_queries.ever_public_by_ids(session, listing_ids)
    return {listing.id: listing for listing in found}


def known_titles(session: Session, kept: Iterable[KeptListing]) -> dict[int, str]:
    """What listings were called in the version that is known, by the row id of the listing."""
    ids = [row.kept.known_version_id for row in kept]
    wanted = select(ListingVersion.listing_id, ListingVersion.title)
    found = session.execute(wanted.where(ListingVersion.id.in_(ids)))
    return dict(found.all())


def whole_versions(session: Session, ids: Collection[int]) -> Mapping[int, ListingVersion]:
    """Versions with all that they say, by row id."""
    if not ids:
        return {}
    partners = selectinload(ListingVersion.partner_rows)
    files = selectinload(ListingVersion.attachment_rows)
    wanted = (
        select(ListingVersion)
        .where(ListingVersion.id.in_(ids))
        .options(
            partners.joinedload(VersionPartner.agency),
            files.joinedload(VersionAttachment.attachment),
            selectinload(ListingVersion.relation_rows),
            *(selectinload(part) for part in VERSION_PARTS),
        )
    )
    return {version.id: version for version in session.scalars(wanted)}


def kept_of(row: Favorite) -> Kept:
    """A row as the value that it holds."""
    return Kept(row.listing_id, row.known_version_id, row.saved_at, row.note)
