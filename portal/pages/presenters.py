"""The home page and the list of consultation desks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.links import tel_address
from portal.listings import wording
from portal.listings.outlines import Outline
from portal.listings.presenters import Card, cards
from portal.listings.vocabulary import Vocabulary
from portal.search.services import Found

CLOSING_SHOWN = 4
NEW_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into the search: a code of a facet, and how many listings wait there."""

    facet: str
    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An area with its municipalities."""

    entry: Entry
    municipalities: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the home page prints."""

    purposes: tuple[Entry, ...]
    industries: tuple[Entry, ...]
    areas: tuple[AreaEntry, ...]
    kinds: tuple[Entry, ...]
    closing: tuple[Card, ...]
    closing_total: int
    newest: tuple[Card, ...]
    total: int
    open_total: int


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


def home_page(
    everything: Found, closing: Found, *, today: date, vocabulary: Vocabulary
) -> HomePage:
    """The home page, from a search for everything and one for what closes soon."""
    counts = everything.results.facets
    statuses = counts.get("status", {})
    return HomePage(
        purposes=_entries("purpose", vocabulary.purposes, counts),
        industries=_entries("industry", vocabulary.short_industries, counts),
        areas=_areas(vocabulary, counts),
        kinds=_entries("kind", vocabulary.kinds, counts),
        closing=cards(closing.listings[:CLOSING_SHOWN], today=today, vocabulary=vocabulary),
        closing_total=closing.results.total,
        newest=cards(everything.listings[:NEW_SHOWN], today=today, vocabulary=vocabulary),
        total=everything.results.total,
        open_total=statuses.get("open", 0),
    )


def _entries(
    facet: str, labels: Mapping[str, str], counts: Mapping[str, Mapping[str, int]]
) -> tuple[Entry, ...]:
    return tuple(
        Entry(facet, code, label, counts.get(facet, {}).get(code, 0))
        for code, label in labels.items()
    )


def _areas(
    vocabulary: Vocabulary, counts: Mapping[str, Mapping[str, int]]
) -> tuple[AreaEntry, ...]:
    found = []
    for area in vocabulary.tree.areas.values():
        places = vocabulary.tree.municipalities.values()
        names = {place.code: place.name for place in places if place.area == area.code}
        label = {area.code: vocabulary.regions[area.code]}
        found.append(
            AreaEntry(_entries("region", label, counts)[0], _entries("region", names, counts))
        )
    return tuple(found)


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
