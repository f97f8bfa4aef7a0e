"""Listings as mails tell of them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.listings import wording
from portal.listings.date_state import status_on
from portal.listings.presenters import Fact, money
from portal.listings.vocabulary import Vocabulary
from portal.listings.wording import Described


class TellableListing(Described, Protocol):
    """A published listing: its outline."""

    @property
    def public_id(self) -> str: ...
    @property
    def agency_name(self) -> str: ...
    @property
    def tel(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ToldListing:
    """What a mail says of a listing; ``exclude_url`` is where one asks to hear no more of it."""

    title: str
    agency_name: str
    tel: str | None
    status: str
    when: str
    """When one can apply."""
    facts: tuple[Fact, ...]
    """Amount and rate, as far as they are known."""
    url: str
    exclude_url: str = ""


def told(
    listing: TellableListing,
    *,
    today: date,
    base_url: str,
    vocabulary: Vocabulary,
    exclude_url: str = "",
) -> ToldListing:
    """A listing in the words of a mail."""
    status = status_on(listing, today)
    return ToldListing(
        title=listing.title,
        agency_name=listing.agency_name,
        # Nobody answers the telephone of a sample.
        tel=None if wording.is_sample(listing) else listing.tel,
        status=vocabulary.statuses[status.code],
        when=wording.deadline(listing, status, today),
        facts=money(listing),
        url=f"{base_url}/listings/{listing.public_id}",
        exclude_url=exclude_url,
    )
