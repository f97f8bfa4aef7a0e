"""Listings as an Atom feed (RFC 4287, pages as in RFC 5005)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from markupsafe import Markup

from portal.feeds import marks, xml_text
from portal.feeds.xml_text import add
from portal.formats import era_day
from portal.listings.date_state import windows
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.vocabulary import Vocabulary

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself."""

    id: str
    title: str
    subtitle: str
    author: str
    updated_at: datetime
    """If it has no entries; else the first of them says."""
    links: tuple[tuple[str, str, str], ...]
    """Relation, media type and address."""


@dataclass(frozen=True, slots=True)
class FedListing:
    """A listing with the address of its page."""

    listing: Listing
    url: str


def write(
    head: FeedHead, listings: Iterable[FedListing], *, authority: str, vocabulary: Vocabulary
) -> bytes:
    """A feed; what changed last comes first."""
    found = list(listings)
    feed = xml_text.root("feed", ATOM, **{"xml:lang": "ja"})
    add(feed, "id", head.id)
    add(feed, "title", head.title)
    add(feed, "subtitle", head.subtitle)
    add(feed, "updated", _moment(found[0].listing.updated_at if found else head.updated_at))
    add(add(feed, "author"), "name", head.author)
    for relation, media_type, address in head.links:
        add(feed, "link", rel=relation, type=media_type, href=address)
    for fed in found:
        _entry(feed, fed, authority, vocabulary)
    return xml_text.write(feed)


def _entry(feed: Element, fed: FedListing, authority: str, vocabulary: Vocabulary) -> None:
    listing, version = fed.listing, public_version(fed.listing)
    entry = add(feed, "entry")
    add(entry, "id", marks.listing_tag(listing.public_id, authority=authority))
    add(entry, "title", version.title)
    add(entry, "published", _moment(listing.published_at or listing.updated_at))
    add(entry, "updated", _moment(listing.updated_at))
    add(add(entry, "author"), "name", listing.agency.name)
    add(entry, "link", rel="alternate", type="text/html", href=fed.url)
    add(entry, "category", term=version.kind, label=vocabulary.kinds[version.kind])
    add(entry, "summary", _summary(version), type="html")


def _summary(version: ListingVersion) -> str:
    """In words that hold on any day: how long there is left is told by the page."""
    lines = [version.summary]
    for window in windows(version):
        if window.closes_on:
            label = f"{window.label} " if window.label else ""
            lines.append(f"{label}締切 {era_day(window.closes_on)}")
    lines += [f"開催 {era_day(day)}" for day in version.event_days]
    return "".join(str(Markup("<p>{}</p>").format(line)) for line in lines if line)


def _moment(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
