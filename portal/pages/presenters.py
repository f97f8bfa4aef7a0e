"""The home page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.listings.presenters import Card, cards
from portal.listings.vocabulary import Vocabulary
from portal.reports.ranking_presenters import MostViewed
from portal.search.services import Found

CLOSING_SHOWN = 4
NEW_SHOWN = 4
MOST_VIEWED_SHOWN = 5


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
    most_viewed: MostViewed | None
    total: int
    open_total: int


def home_page(
    everything: Found,
    closing: Found,
    most_viewed: MostViewed | None,
    *,
    today: date,
    vocabulary: Vocabulary,
) -> HomePage:
    """The home page, from a search for everything, one for what closes soon, and what is viewed
    most."""
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
        most_viewed=most_viewed,
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
