"""The consultation desks that one can ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.links import tel_address
from portal.listings import wording
from portal.listings.outlines import Outline
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Desk:
    """A consultation desk one can ring."""

    id: str
    title: str
    agency_name: str
    regions: str
    tel: str
    tel_address: str | None
    last_offered: str | None


def desks(listings: Sequence[Outline], *, today: date, vocabulary: Vocabulary) -> tuple[Desk, ...]:
    """Those of some listings that have a telephone number; nobody answers that of a sample."""
    found = []
    for listing in listings:
        if listing.tel and not wording.is_sample(listing):
            found.append(
                Desk(
                    id=listing.public_id,
                    title=listing.title,
                    agency_name=listing.agency_name,
                    regions=wording.regions(listing, vocabulary),
                    tel=listing.tel,
                    tel_address=tel_address(listing.tel),
                    last_offered=wording.last_offered(listing, today),
                )
            )
    return tuple(found)
