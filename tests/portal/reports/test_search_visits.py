"""How many visits from searches may be told, of which listings and months."""

from datetime import date

from portal.reports.search_visits import DayOfVisits, told_visits


def day(
    month: int, number: int, *, told: int = 0, others: int = 0, listing: int = 1
) -> DayOfVisits:
    return DayOfVisits(date(2026, month, number), listing, told, others)


def test_searches_that_are_too_few_are_in_no_number_unless_together_they_are_as_many() -> None:
    few = [day(5, number, told=2, others=1) for number in (1, 2, 3)]
    assert told_visits(few).by_listing == {1: 6}
    assert told_visits(few).by_month == {5: 6}
    enough = [*few, day(5, 4, others=2)]
    assert told_visits(enough).by_listing == {1: 11}
    one_afternoon = [day(5, 1, others=40), day(5, 2, others=40)]
    assert told_visits(one_afternoon).total is None
    assert told_visits(one_afternoon).by_month == {}
    assert told_visits([]).total is None


def test_other_searches_are_taken_together_for_each_listing_alone() -> None:
    rows = [day(5, number, others=1, listing=number % 2) for number in range(1, 9)]
    assert told_visits(rows).total is None


def test_total_is_that_of_all_listings() -> None:
    rows = [day(5, number, told=2, listing=number % 3) for number in range(1, 28)]
    found = told_visits(rows)
    assert found.total == sum(found.by_listing.values()) == 54
    assert len(found.by_listing) == 3


def test_what_all_months_that_are_told_leave_of_the_total_is_nothing_or_may_be_told() -> None:
    april = [day(4, number, told=3) for number in (1, 2, 3)]
    may = [day(5, number, told=2) for number in (1, 2, 3)]
    june = day(6, 1, told=2)
    # June follows from the total and two months, so the smaller of these goes with it.
    assert told_visits([*april, *may, june]).by_month == {4: 9}
    # Nor may one month alone tell of the other.
    assert told_visits([*april, june]).by_month == {}
    july = [day(7, number, told=1) for number in (1, 2, 3, 4)]
    # Two that are too few each are enough together.
    assert told_visits([*april, *may, june, *july]).by_month == {4: 9, 5: 6}
