"""A published listing in outline: what lists of many show of it, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.listings.date_state import Window
from portal.listings.models import Listing, SourceDocument, public_id_of, public_version
from portal.listings.stated_conditions import Document


@dataclass(frozen=True, slots=True)
class Outline:
    """What cards and lists of results tell of a listing and its public version.

    Attributes are named as those of the tables, so that the same words and rules serve both.
    """

    listing_id: int
    source_id: str | None
    updated_at: datetime
    confirmed_on: date | None
    is_confirmed_by_agency: bool
    agency_code: str
    agency_name: str
    title: str
    summary: str
    body: str
    eligibility: str | None
    conditions: Document
    kind: str
    level: str
    date_state: str
    opens_on: date | None
    closes_on: date | None
    rate: str | None
    amount_max_yen: int | None
    tel: str | None
    source: Sequence[SourceDocument]
    industry_codes: tuple[str, ...]
    region_codes: tuple[str, ...]
    exception_codes: tuple[str, ...]
    purpose_codes: tuple[str, ...]
    fiscal_years: tuple[int, ...]
    rounds: tuple[Window, ...]
    event_days: tuple[date, ...]

    @property
    def public_id(self) -> str:
        """The id outside, such as ``L000123``."""
        return public_id_of(self.listing_id)


def outline_of(listing: Listing) -> Outline:
    """The outline of a listing that is loaded as a whole."""
    version = public_version(listing)
    return Outline(
        listing_id=listing.id,
        source_id=listing.source_id,
        updated_at=listing.updated_at,
        confirmed_on=listing.confirmed_on,
        is_confirmed_by_agency=listing.is_confirmed_by_agency,
        agency_code=listing.agency.code,
        agency_name=listing.agency.name,
        title=version.title,
        summary=version.summary,
        body=version.body,
        eligibility=version.eligibility,
        conditions=version.conditions,
        kind=version.kind,
        level=version.level,
        date_state=version.date_state,
        opens_on=version.opens_on,
        closes_on=version.closes_on,
        rate=version.rate,
        amount_max_yen=version.amount_max_yen,
        tel=version.tel,
        source=version.source,
        industry_codes=version.industry_codes,
        region_codes=version.region_codes,
        exception_codes=version.exception_codes,
        purpose_codes=version.purpose_codes,
        fiscal_years=version.fiscal_years,
        rounds=tuple(Window(row.opens_on, row.closes_on, row.label) for row in version.rounds),
        event_days=version.event_days,
    )
