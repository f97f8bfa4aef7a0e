"""A published listing as the index sees it."""

from datetime import date

from portal.fiscal_year import FiscalYear
from portal.listings.date_state import status_changes
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.vocabulary import ALL_INDUSTRIES, Vocabulary
from search_index import LOCAL_REGION, ListingDocument, StatusPeriod


def to_document(
    listing: Listing, vocabulary: Vocabulary, *, popularity: int = 0
) -> ListingDocument:
    """The document of a published listing, with every code expanded to what finds it.

    :param popularity: human page views of the last 90 days.
    """
    version = public_version(listing)
    published_at = listing.published_at or listing.updated_at
    return ListingDocument(
        id=listing.public_id,
        revision=listing.revision,
        title=version.title,
        summary=version.summary,
        keywords=tuple(version.keywords),
        names=_names(listing, version, vocabulary),
        body=_body(version),
        codes=_codes(listing, version, vocabulary),
        periods=tuple(
            StatusPeriod(from_on, status.code, status.opens_on, status.closes_on)
            for from_on, status in status_changes(version)
        ),
        last_known_on=_last_known_on(version),
        published_at=int(published_at.timestamp()),
        popularity=popularity,
        amount_max_yen=version.amount_max_yen,
    )


def _last_known_on(version: ListingVersion) -> date | None:
    """The end of the latest fiscal year the listing is known of; None where it has its own dates
    or somebody keeps it."""
    years = [row.fiscal_year for row in version.fiscal_year_rows]
    return FiscalYear(max(years)).ends_on if years else None


def _names(listing: Listing, version: ListingVersion, vocabulary: Vocabulary) -> tuple[str, ...]:
    partners = [row.agency.name for row in version.partner_rows]
    regions = [vocabulary.regions[row.region_code] for row in version.region_rows]
    purposes = [vocabulary.purposes[row.purpose_code] for row in version.purpose_rows]
    return (listing.agency.name, *partners, *regions, vocabulary.kinds[version.kind], *purposes)


def _body(version: ListingVersion) -> str:
    parts = (
        version.eligibility,
        version.body,
        version.rate,
        version.how_to_apply,
        version.date_note,
        version.department,
        *version.documents,
        *(event.venue for event in version.events),
    )
    return "\n".join(part for part in parts if part)


def _codes(
    listing: Listing, version: ListingVersion, vocabulary: Vocabulary
) -> dict[str, tuple[str, ...]]:
    industries = {row.industry_code for row in version.industry_rows}
    if ALL_INDUSTRIES in industries:
        industries = set(vocabulary.industries)
    regions = {row.region_code for row in version.region_rows}
    exceptions = {row.region_code for row in version.exception_rows}
    tree = vocabulary.tree
    return {
        "industry": tuple(sorted(industries)),
        "region": tree.search_codes(regions, exceptions),
        LOCAL_REGION: tree.local_search_codes(regions, exceptions),
        "purpose": tuple(sorted(row.purpose_code for row in version.purpose_rows)),
        "kind": (version.kind,),
        "level": (version.level,),
        "agency": (listing.agency.code,),
    }
