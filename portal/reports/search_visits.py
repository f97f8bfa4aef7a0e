"""Visits from the results of searches, as far as they may be told.

What was searched less than ``is_told`` asks for is told in no row, no count, and no sum that it
follows from. So a number of visits is made of nothing but searches that are told, and of all others
that led to a listing taken together, where together they are as many; what is less is in no number.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.reports.searched import is_told


@dataclass(frozen=True, slots=True)
class DayOfVisits:
    """Visits to a listing on a day: by searches that are told, and by all others."""

    visited_on: date
    listing_id: int
    told: int
    others: int


@dataclass(slots=True)
class _Visits:
    """A number of visits and the days that they were made on."""

    number: int = 0
    days: set[date] = field(default_factory=set)

    def add(self, visits: int, day: date) -> None:
        if visits:
            self.number += visits
            self.days.add(day)

    @property
    def is_told(self) -> bool:
        return is_told(self.number, len(self.days))


@dataclass(frozen=True, slots=True)
class ToldVisits:
    """The visits of a year that are told: ``total`` is the sum of all listings.

    ``by_month`` has the months, by their number, that are told one by one. What is missing there is
    nothing, or together as many as may be told: no month follows from the others.
    """

    by_listing: Mapping[int, int]
    by_month: Mapping[int, int]

    @property
    def total(self) -> int | None:
        """None for nothing that is told."""
        return sum(self.by_listing.values()) or None


def told_visits(days: Sequence[DayOfVisits]) -> ToldVisits:
    """What may be told of the visits of a fiscal year."""
    others: dict[int, _Visits] = defaultdict(_Visits)
    for row in days:
        others[row.listing_id].add(row.others, row.visited_on)
    with_others = {listing_id for listing_id, visits in others.items() if visits.is_told}
    by_listing: dict[int, int] = defaultdict(int)
    by_month: dict[int, _Visits] = defaultdict(_Visits)
    for row in days:
        number = row.told + (row.others if row.listing_id in with_others else 0)
        if number:
            by_listing[row.listing_id] += number
            by_month[row.visited_on.month].add(number, row.visited_on)
    return ToldVisits(by_listing, _told_one_by_one(by_month))


def _told_one_by_one(by_month: Mapping[int, _Visits]) -> dict[int, int]:
    told = {month: visits for month, visits in by_month.items() if visits.is_told}
    hidden = [visits for month, visits in by_month.items() if month not in told]
    # What is hidden is what the total has more than the months: it must not be too little either.
    while hidden and told and not _are_told_together(hidden):
        smallest = min(told, key=lambda month: (told[month].number, month))
        hidden.append(told.pop(smallest))
    return {month: visits.number for month, visits in told.items()}


def _are_told_together(visits: Collection[_Visits]) -> bool:
    # No two months share a day.
    return is_told(sum(one.number for one in visits), sum(len(one.days) for one in visits))
