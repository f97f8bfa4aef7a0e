"""Reads of titles: what there is already, before somebody writes it once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from portal.agencies.models import Agency
from portal.listings.models import (
    Listing,
    ListingState,
    ListingVersion,
    listing_id_of,
    public_id_of,
)


@dataclass(frozen=True, slots=True)
class Titled:
    """A listing by its title: for its own agency the newest, for others the public one."""

    listing_id: int
    title: str
    agency_id: int
    agency_name: str
    state: ListingState

    @property
    def public_id(self) -> str:
        """The id outside."""
        return public_id_of(self.listing_id)


def titles_of_agency(session: Session, agency_id: int) -> list[Titled]:
    """All listings of an agency that are not put away, drafts included, newest first."""
    wanted = (
        _by_newest()
        .where(Listing.agency_id == agency_id, Listing.state != ListingState.ARCHIVED)
        .order_by(Listing.id.desc())
    )
    return _rows(session, wanted)


def public_titles(session: Session, listing_ids: Sequence[int]) -> list[Titled]:
    """Those of some listings that are public."""
    wanted = (
        _titled()
        .join(ListingVersion, Listing.public_version_id == ListingVersion.id)
        .where(Listing.state == ListingState.PUBLISHED, Listing.id.in_(listing_ids))
    )
    return _rows(session, wanted)


def published_by_title(session: Session, titles: Collection[str]) -> dict[str, int]:
    """The row id of the published listing that is called so, for those of some titles that one
    listing alone has."""
    rows = session.execute(
        select(ListingVersion.title, func.max(Listing.id))
        .join(Listing.public_version)
        .where(Listing.state == ListingState.PUBLISHED, ListingVersion.title.in_(titles))
        .group_by(ListingVersion.title)
        .having(func.count() == 1)
    )
    return dict(rows.all())


def newest_titles(session: Session, public_ids: Collection[str]) -> Mapping[str, str]:
    """What those who write some listings call them, public or not; by public id, of those that
    there are."""
    ids = [found for public_id in public_ids if (found := listing_id_of(public_id)) is not None]
    if not ids:
        return {}
    of_it = select(ListingVersion.listing_id, ListingVersion.title).join(
        Listing, ListingVersion.listing_id == Listing.id
    )
    rows = session.execute(of_it.where(Listing.id.in_(ids), _is_newest()))
    return {public_id_of(listing_id): title for listing_id, title in rows}


def known_titles(
    session: Session, listing_ids: Collection[int], *, agency_id: int
) -> dict[int, Titled]:
    """Those of some listings that an agency may know of, by row id: all of its own, of others what
    is or was public."""
    if not listing_ids:
        return {}
    own = _by_newest().where(Listing.id.in_(listing_ids), Listing.agency_id == agency_id)
    others = (
        _titled()
        .join(ListingVersion, Listing.public_version_id == ListingVersion.id)
        .where(Listing.id.in_(listing_ids), Listing.agency_id != agency_id)
    )
    found = _rows(session, own) + _rows(session, others)
    return {row.listing_id: row for row in found}


def _by_newest() -> Select[int, str, int, str, str]:
    joined = _titled().join(ListingVersion, ListingVersion.listing_id == Listing.id)
    return joined.where(_is_newest())


def _is_newest() -> ColumnElement[bool]:
    other = aliased(ListingVersion)
    last = select(func.max(other.number)).where(other.listing_id == Listing.id)
    return ListingVersion.number == last.scalar_subquery()


def _titled() -> Select[int, str, int, str, str]:
    return select(
        Listing.id, ListingVersion.title, Listing.agency_id, Agency.name, Listing.state
    ).join(Agency, Listing.agency_id == Agency.id)


def _rows(session: Session, wanted: Select[int, str, int, str, str]) -> list[Titled]:
    return [
        Titled(listing_id, title, agency_id, name, ListingState(state))
        for listing_id, title, agency_id, name, state in session.execute(wanted)
    ]
