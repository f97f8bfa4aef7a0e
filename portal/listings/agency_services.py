"""A change of an agency, carried on to the listings that name it."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal import change_log
from portal.agencies import services as agency_services
from portal.agencies.details import AgencyDetails, Places
from portal.agencies.models import Agency
from portal.audit.types import Actor
from portal.listings.facet_models import VersionPartner
from portal.listings.models import Listing, ListingState


def change_agency(
    session: Session,
    agency: Agency,
    wanted: AgencyDetails,
    *,
    places: Places,
    actor: Actor,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Give an agency other details; returns whether that changed anything.

    The index finds listings by the name of their agencies, but by the level that their own version
    keeps and the regions they are for: only another name concerns it.

    :param seen: ``agencies.details.mark_of`` of what whoever asks had before them.
    :raises InvalidInputError: with all that has to be mended.
    :raises ChangedMeanwhileError: the agency is not as it was seen.
    """
    changes = agency_services.change(session, agency, wanted, places=places, seen=seen)
    if not changes:
        return False
    if "name" in changes:
        _refresh_listings(session, agency, now=now)
    agency_services.record_change(session, agency, changes, actor=actor, now=now)
    return True


def _refresh_listings(session: Session, agency: Agency, *, now: datetime) -> None:
    """Have the index look anew at all published listings that name an agency."""
    as_partner = select(VersionPartner.version_id).where(VersionPartner.agency_id == agency.id)
    named = or_(Listing.agency_id == agency.id, Listing.public_version_id.in_(as_partner))
    concerned = Listing.state == ListingState.PUBLISHED, named
    ids = session.scalars(select(Listing.id).where(*concerned).order_by(Listing.id)).all()
    # What the public sees of them changed, though nobody wrote a new version.
    session.execute(
        update(Listing).where(*concerned).values(revision=Listing.revision + 1),
        execution_options={"synchronize_session": False},
    )
    change_log.record_changes(session, ids, now=now)
