"""A few desks beside something else: a listing, an empty result."""

from collections.abc import Collection, Sequence
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
    areas = (area.code for area in tree.areas.values() if area.municipalities == wanted.places)
    place = _only(wanted.places) or next(areas, None)
    return url_for("consultation.show", place=place, purpose=_only(wanted.purposes))


def _only(codes: Collection[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None
