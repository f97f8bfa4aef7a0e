"""A listing in the words of schema.org, for search engines."""

from collections.abc import Sequence
from datetime import date, datetime, time

from portal.clock import JAPAN
from portal.links import web_address
from portal.listings import wording
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.schedule_models import ListingEvent
from portal.listings.vocabulary import Vocabulary

Thing = dict[str, object]

CONTEXT = "https://schema.org"
_MONEY_KINDS = ("subsidy", "benefit")


def of_listing(
    listing: Listing, *, url: str, vocabulary: Vocabulary, files: Sequence[tuple[str, str]] = ()
) -> Thing:
    """The listing as a service, with its grant and events.

    :param files: (name, address) of PDF files about it.
    """
    version = public_version(listing)
    service = _service(listing, version, url, vocabulary)
    if files:
        service["subjectOf"] = [_document(name, address) for name, address in files]
    graph = [service]
    if version.kind in _MONEY_KINDS and version.amount_max_yen is not None:
        graph.append(_grant(listing, version, url))
    graph += [_event(listing, version, event, url) for event in version.events]
    return {"@context": CONTEXT, "@graph": graph}


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Thing:
    """The way to a page, as (name, address) from the home page on."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _service(listing: Listing, version: ListingVersion, url: str, vocabulary: Vocabulary) -> Thing:
    service: Thing = {
        "@type": "GovernmentService",
        "@id": url,
        "url": url,
        "name": version.title,
        "description": version.summary,
        "serviceType": vocabulary.kinds[version.kind],
        "areaServed": [
            {"@type": "AdministrativeArea", "name": name}
            for name in wording.region_names(version, vocabulary)
        ],
        "provider": _organization(listing),
        "dateModified": listing.updated_at.astimezone(JAPAN).isoformat(),
    }
    if version.eligibility:
        service["audience"] = {"@type": "BusinessAudience", "name": version.eligibility}
    channel = web_address(version.apply_url) or web_address(version.url)
    tel = None if wording.is_sample(version) else version.tel
    if channel or tel:
        service["availableChannel"] = _channel(channel, tel)
    return service


def _document(name: str, address: str) -> Thing:
    return {
        "@type": "DigitalDocument",
        "name": name,
        "url": address,
        "encodingFormat": "application/pdf",
    }


def _channel(url: str | None, tel: str | None) -> Thing:
    channel: Thing = {"@type": "ServiceChannel"}
    if url:
        channel["serviceUrl"] = url
    if tel:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": tel}
    return channel


def _grant(listing: Listing, version: ListingVersion, url: str) -> Thing:
    return {
        "@type": "MonetaryGrant",
        "name": version.title,
        "url": url,
        "funder": _organization(listing),
        "amount": {
            "@type": "MonetaryAmount",
            "currency": "JPY",
            "maxValue": version.amount_max_yen,
        },
    }


def _event(listing: Listing, version: ListingVersion, event: ListingEvent, url: str) -> Thing:
    described: Thing = {
        "@type": "Event",
        "name": version.title,
        "url": url,
        "startDate": _moment(event.held_on, event.starts_at),
        "organizer": _organization(listing),
    }
    if event.ends_at:
        described["endDate"] = _moment(event.held_on, event.ends_at)
    if event.venue:
        described["location"] = {
            "@type": "Place",
            "name": event.venue,
            "address": event.address or event.venue,
        }
    return described


def _moment(day: date, at: time | None) -> str:
    return datetime.combine(day, at, JAPAN).isoformat() if at else day.isoformat()


def _organization(listing: Listing) -> Thing:
    return {"@type": "Organization", "name": listing.agency.name}
