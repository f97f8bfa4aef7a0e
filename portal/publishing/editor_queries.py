"""Reads of listings for those who write them, public or not."""

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role, Scope, scope_of
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.errors import NotFoundError
from portal.listings.models import Listing, listing_id_of
from portal.publishing import transitions


def get_writable(session: Session, public_id: str, *, by: User) -> Listing:
    """A listing of an agency that somebody writes for.

    :raises NotFoundError: there is none; others are not told that it is there.
    """
    listing_id = listing_id_of(public_id)
    # Without anything joined: acts lock the row, which PostgreSQL refuses with what may be missing.
    listing = session.get(Listing, listing_id) if listing_id else None
    if listing is None or not transitions.may_write_for(by, listing.agency_id):
        raise NotFoundError(public_id)
    return listing


def agency_to_write_for(session: Session, code: str, *, by: User) -> Agency | None:
    """Whom somebody writes a new listing for: their own agency, whatever is asked for; those who
    write for all say by its code which, and None is given until they have.

    :raises NotFoundError: there is no such agency.
    """
    if scope_of(Role(by.role), Permission.WRITE_LISTINGS) is not Scope.ALL:
        return by.agency
    return agency_queries.get_by_code(session, code) if code else None
