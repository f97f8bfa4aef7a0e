"""Reads for consultation desks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.listings import outline_queries
from portal.listings.models import Listing, ListingState, ListingVersion, public_id_of
from portal.listings.outlines import Outline

DESK = "desk"
"""The kind of listings that are consultation desks."""

_BATCH = 500

# Pages of listings read them each time, and putting the statement together takes longer.
_CONTACTS = (
    select(Agency.code, Agency.tel, Agency.url)
    .where(Agency.code.in_(bindparam("codes", expanding=True)))
    .order_by(Agency.id)
)


@dataclass(frozen=True, slots=True)
class AgencyContact:
    """How to reach an agency, as far as its own record says."""

    code: str
    tel: str | None
    url: str | None


def agency_contacts(session: Session, codes: Sequence[str]) -> tuple[AgencyContact, ...]:
    """The contacts of some agencies, as they are now."""
    return tuple(AgencyContact(*row) for row in session.execute(_CONTACTS, {"codes": codes}))


def published_desks(session: Session) -> list[Outline]:
    """All published listings that are consultation desks, by their number."""
    ids = session.scalars(
        select(Listing.id)
        .join(Listing.public_version)
        .where(Listing.state == ListingState.PUBLISHED, ListingVersion.kind == DESK)
        .order_by(Listing.id)
    ).all()
    found: list[Outline] = []
    for start in range(0, len(ids), _BATCH):
        batch = [public_id_of(listing_id) for listing_id in ids[start : start + _BATCH]]
        found += outline_queries.published_by_public_ids(session, batch)
    return found
