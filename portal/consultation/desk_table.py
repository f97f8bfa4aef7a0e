"""All consultation desks, kept by each process until one of them changes."""

import threading
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal import change_log
from portal.consultation import queries
from portal.consultation.desks import Desk
from portal.consultation.first_desks import FirstDesks
from portal.consultation.queries import AgencyContact
from portal.links import web_address
from portal.listings import wording
from portal.listings.date_state import status_on
from portal.listings.outlines import Outline
from portal.listings.regions import RegionTree


@dataclass(frozen=True, slots=True)
class _AsOf:
    """What desks follow from: a position of the change log, the agencies, the day."""

    seq: int
    contacts: tuple[AgencyContact, ...]
    today: date


class DeskTable:
    """Keeps the first desks of the region pack and the published desks, and renews them when a
    listing or one of their agencies changed, or a day began."""

    def __init__(self, first: FirstDesks, tree: RegionTree) -> None:
        self._first = first
        self._tree = tree
        self._renewing = threading.Lock()
        self._held: tuple[_AsOf, tuple[Desk, ...]] | None = None

    @property
    def known_as(self) -> tuple[str, ...]:
        """What people call the first desks, all together."""
        return self._first.known_as

    def current(self, session: Session, today: date) -> tuple[Desk, ...]:
        """The desks as this session's transaction sees them: first desks, then the others."""
        seq = change_log.latest_seq(session)
        contacts = queries.agency_contacts(session, self._first.agencies)
        as_of = _AsOf(seq, contacts, today)
        held = self._held
        if held is None or held[0] != as_of:
            with self._renewing:
                held = self._held
                if held is None or held[0] != as_of:
                    # What is read after the position may be newer; then the next page reads again.
                    held = self._held = (as_of, self._read(session, as_of))
        return held[1]

    def _read(self, session: Session, as_of: _AsOf) -> tuple[Desk, ...]:
        contacts = {contact.code: contact for contact in as_of.contacts}
        first = (_known(desk, contacts.get(desk.agency_code or "")) for desk in self._first.desks)
        listed = (
            _of_listing(listing, self._tree, as_of.today)
            for listing in queries.published_desks(session)
            if listing.agency_code not in self._first.spoken_for
            and not wording.is_sample(listing)
            and status_on(listing, as_of.today).code != "closed"
        )
        return (*first, *listed)


def _known(desk: Desk, contact: AgencyContact | None) -> Desk:
    """A first desk with what its agency's own record says of it."""
    if contact is None:
        # Without its agency in the database, there is no page of it either.
        return replace(desk, agency_code=None)
    # A number there is newer than what the pack read in a document.
    known = replace(desk, tel=contact.tel, note="") if contact.tel else desk
    url = web_address(contact.url)
    return replace(known, url=url, url_of="") if url else known


def _of_listing(listing: Outline, tree: RegionTree, today: date) -> Desk:
    """The desk that a listing tells of."""
    places = tree.expand(listing.region_codes) - tree.expand(listing.exception_codes)
    return Desk(
        code=listing.public_id,
        name=listing.title,
        says=listing.summary,
        places=places,
        purposes=frozenset(listing.purpose_codes),
        industries=frozenset(listing.industry_codes),
        agency_code=listing.agency_code,
        agency_name=listing.agency_name,
        listing_id=listing.public_id,
        tel=listing.tel or "",
        note=wording.last_offered(listing, today) or "",
    )
