"""Reads for the check."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.listings import outline_queries
from portal.listings.models import Listing, ListingState, public_id_of
from portal.listings.outlines import Outline

_BATCH = 500


def all_published(session: Session) -> list[Outline]:
    """Every published listing in outline.

    No answer is ever part of a statement: what fails in the database is logged with its values.
    """
    ids = session.scalars(
        select(Listing.id).where(Listing.state == ListingState.PUBLISHED).order_by(Listing.id)
    ).all()
    found: list[Outline] = []
    for start in range(0, len(ids), _BATCH):
        batch = [public_id_of(listing_id) for listing_id in ids[start : start + _BATCH]]
        found += outline_queries.published_by_public_ids(session, batch)
    return found
