"""Reads of versions as a whole, in a fixed number of statements however many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.accounts.models import User
from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.listings.facet_models import VersionPartner
from portal.listings.models import Listing, ListingVersion
from portal.listings.queries import VERSION_PARTS

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a version was written, and by whom.

    :ivar author_name: None of somebody who is gone, and where no user wrote it.
    """

    number: int
    at: datetime
    author_id: int | None
    author_name: str | None


def _whole() -> tuple[LoaderOption, ...]:
    partners = selectinload(ListingVersion.partner_rows)
    return (
        partners.joinedload(VersionPartner.agency),
        *(selectinload(part) for part in VERSION_PARTS),
        selectinload(ListingVersion.relation_rows),
    )


def count_versions(session: Session, listing_id: int) -> int:
    """How many versions a listing has, which is the number of the newest."""
    of_it = ListingVersion.listing_id == listing_id
    return session.scalar(select(func.max(ListingVersion.number)).where(of_it)) or 0


def list_stamps(session: Session, listing_id: int) -> Sequence[Stamp]:
    """All versions of a listing, the newest first, without what they say."""
    wanted = (
        select(
            ListingVersion.number, ListingVersion.created_at, ListingVersion.author_id, User.name
        )
        .outerjoin(User, User.id == ListingVersion.author_id)
        .where(ListingVersion.listing_id == listing_id)
        .order_by(ListingVersion.number.desc())
    )
    return [Stamp(*row) for row in session.execute(wanted)]


def list_versions(
    session: Session, listing_id: int, *, page: int, more: int = 0
) -> Sequence[ListingVersion]:
    """A page of the versions of a listing, the newest first; the first page is 1.

    :param more: how many older ones besides, to compare with.
    """
    newest_first = (
        select(ListingVersion)
        .where(ListingVersion.listing_id == listing_id)
        .order_by(ListingVersion.number.desc())
        .options(*_whole())
    )
    found = newest_first.limit(PER_PAGE + more).offset((page - 1) * PER_PAGE)
    return session.scalars(found).all()


def get_version(session: Session, listing: Listing, number: int) -> ListingVersion:
    """The version of a number.

    :raises NotFoundError: the listing has none.
    """
    wanted = select(ListingVersion).where(
        ListingVersion.listing_id == listing.id, ListingVersion.number == number
    )
    is_possible = 0 < number <= LARGEST_NUMBER
    version = session.scalar(wanted.options(*_whole())) if is_possible else None
    if version is None:
        raise NotFoundError(f"{listing.public_id} has no version {number}")
    return version


def get_newest(session: Session, listing: Listing) -> ListingVersion:
    """The version that was written last."""
    return get_version(session, listing, count_versions(session, listing.id))


def versions_by_id(session: Session, ids: Collection[int]) -> Mapping[int, ListingVersion]:
    """Versions by row id, those that there are."""
    wanted = select(ListingVersion).where(ListingVersion.id.in_(ids)).options(*_whole())
    return {version.id: version for version in session.scalars(wanted)}
