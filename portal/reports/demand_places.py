"""Whose demand somebody sees: that of the places they look after."""

from portal.agencies.models import Agency, Level
from portal.listings.regions import PREFECTURE, RegionTree
from portal.reports.demand import Demand

ALL = ""
NOWHERE = "none"
"""Searches that were made for no place."""


def own_place(agency: Agency | None, tree: RegionTree) -> str | None:
    """The municipality whose demand an agency sees; None for all who see the whole prefecture's:
    the prefecture itself, the country, and support bodies, whose clients come from everywhere."""
    if agency is None or agency.level != Level.MUNICIPALITY:
        return None
    return agency.region_code if agency.region_code in tree.municipalities else None


def concerns(demand: Demand, place: str, tree: RegionTree) -> bool:
    """Whether a demand is one of a place: a region, ``NOWHERE`` or ``ALL``.

    A municipality is concerned by searches for itself, its area and the whole prefecture; an area
    by those for itself and its municipalities.
    """
    if place == ALL:
        return True
    if place == NOWHERE:
        return not demand.places
    return not demand.places.isdisjoint(_meant_by(place, tree))


def _meant_by(place: str, tree: RegionTree) -> frozenset[str]:
    if place in tree.municipalities:
        return frozenset([place, tree.municipalities[place].area, PREFECTURE])
    if place in tree.areas:
        return tree.areas[place].municipalities | {place}
    return frozenset([place])
