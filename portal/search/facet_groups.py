"""Facets as the filter panel shows them: options with counts, the long ones folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from portal.listings.regions import PREFECTURE
from portal.listings.vocabulary import Vocabulary
from portal.search.services import Found
from search_index import STATUSES

SHOWN_AT_ONCE = 4
"""Options of a facet that are shown before the rest is folded away."""

TITLES = {
    "industry": "業種",
    "region": "地域",
    "purpose": "目的",
    "kind": "支援の種類",
    "status": "募集状況",
    "level": "実施主体",
    "agency": "実施機関",
}
"""The facets in the order of the panel."""


class Option(NamedTuple):
    """A value one may choose, and how many listings that would show. A page has hundreds: its
    template takes them apart as tuples, which is much faster than by names."""

    id: str
    """Of its field within the page."""
    value: str
    label: str
    hits: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """An area of the prefecture: itself as an option, and its municipalities."""

    code: str
    label: str
    count: int
    is_open: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of the panel. ``folded`` options come after a disclosure."""

    name: str
    title: str
    options: tuple[Option, ...]
    folded: tuple[Option, ...] = ()
    areas: tuple[AreaGroup, ...] = ()
    chosen: int = 0


def facets(
    found: Found, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> tuple[Facet, ...]:
    """All facets of a search."""
    return tuple(_facet(name, found, vocabulary, agency_names) for name in TITLES)


def _facet(
    name: str, found: Found, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> Facet:
    if name == "region":
        return _region_facet(found, vocabulary)
    if name == "status":
        labels = {code: vocabulary.statuses[code] for code in STATUSES}
    elif name == "agency":
        labels = dict(agency_names)
    else:
        labels = dict(vocabulary.search_values(name))
    options = _options(name, labels.items(), found)
    if name == "agency":
        # Most agencies offer nothing at most times; a list of zeros would bury the others.
        options = tuple(option for option in options if option.hits or option.is_chosen)
    shown, folded = _folded(options)
    return Facet(name, TITLES[name], shown, folded, chosen=_chosen(options))


def _region_facet(found: Found, vocabulary: Vocabulary) -> Facet:
    tree = vocabulary.tree
    whole = _options("region", [(PREFECTURE, vocabulary.regions[PREFECTURE])], found)
    groups = []
    for area in tree.areas.values():
        labels = [(area.code, f"{area.name}のどこかで使える")]
        labels += [
            (place.code, place.name)
            for place in tree.municipalities.values()
            if place.area == area.code
        ]
        options = _options("region", labels, found)
        label = vocabulary.regions[area.code]
        groups.append(AreaGroup(area.code, label, options[0].hits, _chosen(options) > 0, options))
    chosen = _chosen(whole) + sum(_chosen(group.options) for group in groups)
    return Facet("region", TITLES["region"], whole, areas=tuple(groups), chosen=chosen)


def _options(name: str, labels: Iterable[tuple[str, str]], found: Found) -> tuple[Option, ...]:
    counts = found.results.facets.get(name, {})
    chosen = found.params.choices.get(name, ())
    return tuple(
        [
            Option(f"{name}-{code}", code, label, counts.get(code, 0), code in chosen)
            for code, label in labels
        ]
    )


def _folded(options: tuple[Option, ...]) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """The first few and all chosen ones, then the rest; a rest of one is not worth folding."""
    if len(options) <= SHOWN_AT_ONCE + 1:
        return options, ()
    first, rest = options[:SHOWN_AT_ONCE], options[SHOWN_AT_ONCE:]
    chosen = tuple(option for option in rest if option.is_chosen)
    return first + chosen, tuple(option for option in rest if not option.is_chosen)


def _chosen(options: tuple[Option, ...]) -> int:
    return sum(option.is_chosen for option in options)
