"""A few desks beside something else: a listing, an empty result."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal.consultation.desks import Desk, Wanted, desks_for, shortlist
from portal.consultation.presenters import DeskRow, rows
from portal.listings.regions import RegionTree
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Beside:
    """The desks to ring, and where others are found."""

    rows: tuple[DeskRow, ...]
    more: str


def beside(
    desks: Sequence[Desk], wanted: Wanted, vocabulary: Vocabulary, *, without: str | None = None
) -> Beside:
    """A few desks for what is wanted.

    :param without: the id of a listing whose own desk is told of elsewhere.
    """
    found = shortlist(desks_for(desks, wanted), without=without)
    return Beside(rows(found, vocabulary), _more(wanted, vocabulary.tree))


def _more(wanted: Wanted, tree: RegionTree) -> str:
    """The way to a desk, with the questions answered that need no asking."""
    places = {code: frozenset({code}) for code in tree.municipalities}
    places |= {area.code: area.municipalities for area in tree.areas.values()}
    place = next((code for code, inside in places.items() if inside == wanted.places), None)
    purpose = next(iter(wanted.purposes)) if len(wanted.purposes) == 1 else None
    return url_for("consultation.show", place=place, purpose=purpose)
