"""All conditions of a listing: those that follow from what every listing holds, and those it states
of its own. What stands only in its free text is for the desk, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.eligibility.conditions import (
    AnyOf,
    CapitalCondition,
    Condition,
    DeskCondition,
    EmployeesCondition,
    FormCondition,
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
    SizeCondition,
    TradeCondition,
    YearsCondition,
)
from portal.eligibility.truth import Truth
from portal.listings.business import Beyond, Form, Planned, Size, Trade
from portal.listings.date_state import status_on
from portal.listings.outlines import Outline
from portal.listings.stated_conditions import StatedConditions
from portal.listings.vocabulary import ALL_INDUSTRIES

_TAKES_APPLICATIONS = ("open", "closing", "always")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a wording of a listing asks for, apart from its dates."""

    regions: tuple[str, ...]
    region_exceptions: tuple[str, ...]
    industries: tuple[str, ...]
    eligibility: str | None
    stated: StatedConditions

    def conditions(self) -> Iterator[Condition]:
        """In the order they are told."""
        stated = self.stated
        # Without a region nobody has said yet where it is for, which is not nowhere.
        is_place_told = Beyond.REGIONS not in stated.beyond and bool(self.regions)
        yield PlaceCondition(self.regions, self.region_exceptions, is_place_told)
        if self.industries and ALL_INDUSTRIES not in self.industries:
            yield IndustryCondition(self.industries, Beyond.INDUSTRIES not in stated.beyond)
        yield from _business(stated)
        yield from map(DeskCondition, stated.desk)
        if not stated.is_complete and not stated.desk:
            yield DeskCondition(self.eligibility or "")


def conditions_of(listing: Outline, today: date) -> tuple[Condition, ...]:
    """What a listing asks for, in the order it is told."""
    asking = Asking(
        listing.region_codes,
        listing.exception_codes,
        listing.industry_codes,
        listing.eligibility,
        StatedConditions.of(listing.conditions),
    )
    found = list(asking.conditions())
    status = status_on(listing, today)
    if status.code not in _TAKES_APPLICATIONS:
        found.append(OpeningCondition(status.opens_on))
    return tuple(found)


def is_over(listing: Outline, today: date) -> bool:
    """Whether nobody can apply any more, whatever they answer."""
    return status_on(listing, today).code == "closed"


def _business(stated: StatedConditions) -> Iterator[Condition]:
    if stated.size:
        yield _size(stated, Size(stated.size))
    if stated.forms:
        yield FormCondition(tuple(map(Form, stated.forms)))
    if stated.trades:
        yield TradeCondition(tuple(map(Trade, stated.trades)))
    if stated.employees_least or stated.employees_most:
        yield EmployeesCondition(stated.employees_least, stated.employees_most)
    if stated.capital_most_yen:
        yield CapitalCondition(most=stated.capital_most_yen)
    if stated.years_least or stated.years_within:
        yield YearsCondition(stated.years_least, stated.years_within, _planned(stated))
    elif stated.planned == Planned.ONLY:
        yield YearsCondition(planned=Truth.YES)
    elif stated.planned == Planned.NO:
        yield YearsCondition(least=0)


def _size(stated: StatedConditions, size: Size) -> Condition:
    ways: list[Condition] = [SizeCondition(size)]
    if stated.planned in (Planned.YES, Planned.ONLY):
        ways.append(YearsCondition(planned=Truth.YES))
    if stated.size_or:
        ways.append(DeskCondition(stated.size_or))
    return AnyOf(tuple(ways)) if len(ways) > 1 else ways[0]


def _planned(stated: StatedConditions) -> Truth:
    if stated.planned in (Planned.YES, Planned.ONLY):
        return Truth.YES
    # Nobody has been at it for years who has not begun.
    if stated.planned == Planned.NO or stated.years_least:
        return Truth.NO
    return Truth.UNKNOWN
