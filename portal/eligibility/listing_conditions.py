"""All conditions of a listing: those that follow from what every listing holds, and those it states
of its own. What stands only in its free text is for the desk, never guessed."""

from collections.abc import Sequence
from datetime import date

from portal.eligibility.condition_json import Stated
from portal.eligibility.conditions import (
    AnyOf,
    Condition,
    DeskCondition,
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
)
from portal.listings.date_state import status_on
from portal.listings.outlines import Outline
from portal.listings.vocabulary import ALL_INDUSTRIES

_TAKES_APPLICATIONS = ("open", "closing", "always")


def conditions_of(
    listing: Outline, stated: Sequence[Stated] | None, today: date
) -> tuple[Condition, ...]:
    """What a listing asks for, in the order it is told.

    :param stated: what it states as data; None where nobody has looked at its words yet, an empty
        list where somebody did and it asks for nothing else.
    """
    own = [one.condition for one in stated or ()]
    # Facts read from documents were sorted by whoever read them: the agency did not say that
    # nobody else may come.
    is_told = not listing.source
    found: list[Condition] = []
    if not _speaks_of(own, PlaceCondition):
        # Without a region nobody has said yet where it is for, which is not nowhere.
        is_place_told = is_told and bool(listing.region_codes)
        found.append(PlaceCondition(listing.region_codes, listing.exception_codes, is_place_told))
    is_for_some = bool(listing.industry_codes) and ALL_INDUSTRIES not in listing.industry_codes
    if is_for_some and not _speaks_of(own, IndustryCondition):
        found.append(IndustryCondition(listing.industry_codes, is_told))
    found += own
    if stated is None:
        found.append(DeskCondition(listing.eligibility or ""))
    status = status_on(listing, today)
    if status.code not in _TAKES_APPLICATIONS:
        found.append(OpeningCondition(status.opens_on))
    return tuple(found)


def is_over(listing: Outline, today: date) -> bool:
    """Whether nobody can apply any more, whatever they answer."""
    return status_on(listing, today).code == "closed"


def _speaks_of(conditions: Sequence[Condition], kind: type[Condition]) -> bool:
    inner = [one for found in conditions if isinstance(found, AnyOf) for one in found.conditions]
    return any(isinstance(condition, kind) for condition in (*conditions, *inner))
