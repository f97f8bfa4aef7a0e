"""Consultation desks, and which of them are for somebody: by place, purpose and industry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.listings.regions import RegionTree
from portal.listings.vocabulary import ALL_INDUSTRIES

SHORT = 3
"""Desks shown beside something else."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk one can ring or visit. What is not known of it is empty."""

    code: str
    name: str
    says: str
    """What one can come with."""
    places: frozenset[str]
    """The municipalities whose businesses it is for."""
    is_first: bool = False
    """Whether it listens to whatever brings somebody, and introduces to others."""
    stands_in: bool = False
    """Whether it is meant only where no desk of a place is known by name."""
    purposes: frozenset[str] = frozenset()
    """What a specialist knows about; a first desk takes everything."""
    industries: frozenset[str] = frozenset({ALL_INDUSTRIES})
    agency_code: str | None = None
    agency_name: str = ""
    listing_id: str | None = None
    """The listing that tells of it."""
    tel: str = ""
    address: str = ""
    hours: str = ""
    url: str = ""
    """Where its number can be looked up."""
    url_of: str = ""
    """Whose site that is, if not its own."""
    note: str = ""
    """How old what is known of it is, if that matters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for a desk for."""

    places: frozenset[str]
    """Municipalities: one, or several where it may be any of them."""
    purposes: frozenset[str] = frozenset()
    industry: str | None = None
    is_outside: bool = False
    """Whether they have no place in the prefecture yet: then desks of all of it alone are open."""


def wanted_in(
    regions: Iterable[str],
    tree: RegionTree,
    *,
    exceptions: Iterable[str] = (),
    purposes: Iterable[str] = (),
) -> Wanted:
    """What somebody looks for in some regions, or anywhere in the prefecture where none is said."""
    places = tree.expand(regions) - tree.expand(exceptions)
    return Wanted(places or frozenset(tree.municipalities), frozenset(purposes))


def desks_for(desks: Sequence[Desk], wanted: Wanted) -> tuple[Desk, ...]:
    """The desks for somebody: first desks of the place, then those of wider places, then
    specialists for the purpose. The same desks come in the same order each time.

    The municipality's own desks come only where it is known: of six municipalities that it may be,
    each has others.
    """
    first = [desk for desk in desks if desk.is_first and wanted.places <= desk.places]
    if any(len(desk.places) == 1 for desk in first):
        first = [desk for desk in first if not desk.stands_in]
    specialists = [desk for desk in desks if not desk.is_first and _knows(desk, wanted)]
    return (
        *sorted(first, key=lambda desk: len(desk.places)),
        *sorted(specialists, key=lambda desk: _distance(desk, wanted)),
    )


def shortlist(desks: Iterable[Desk], *, without: str | None = None) -> tuple[Desk, ...]:
    """A few of some desks in order: the nearest first desk, the best specialist, then the next.

    :param without: the id of a listing whose own desk is told of elsewhere.
    """
    left = [desk for desk in desks if without is None or desk.listing_id != without]
    first = [desk for desk in left if desk.is_first]
    specialists = [desk for desk in left if not desk.is_first]
    heads = [*first[:1], *specialists[:1]]
    chosen = [*heads, *(desk for desk in left if desk not in heads)][:SHORT]
    return tuple(desk for desk in left if desk in chosen)


def _knows(desk: Desk, wanted: Wanted) -> bool:
    is_for_industry = (
        wanted.industry is None
        or ALL_INDUSTRIES in desk.industries
        or wanted.industry in desk.industries
    )
    is_open = wanted.places <= desk.places if wanted.is_outside else wanted.places & desk.places
    return is_for_industry and bool(is_open and desk.purposes & wanted.purposes)


def _distance(desk: Desk, wanted: Wanted) -> tuple[int, bool, int, int, str]:
    """Those come first that know about most of it, then those that can be rung, then the local."""
    shared = len(desk.purposes & wanted.purposes)
    return (-shared, not desk.tel, len(desk.places), len(desk.purposes), desk.code)
