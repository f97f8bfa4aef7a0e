"""Open or closed: decided by the dates and the day in Japan, and by nothing stored."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.listings.date_state import status_changes, status_on
from portal.listings.models import ListingVersion
from portal.listings.schedule_models import ApplicationRound, ListingEvent

TODAY = date(2026, 11, 20)


def version(date_state: str, kind: str = "subsidy", **values: object) -> ListingVersion:
    return ListingVersion(kind=kind, date_state=date_state, **values)


def days(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("opens", "closes", "status", "days_left"),
    [
        (1, 30, "upcoming", None),
        (0, 30, "open", 30),
        (-5, 15, "open", 15),
        (-5, 14, "closing", 14),
        (-5, 0, "closing", 0),
        (0, 0, "closing", 0),
        (-30, -1, "closed", None),
        (-5, None, "open", None),
        (None, 15, "open", 15),
        (None, -1, "closed", None),
        (5, None, "upcoming", None),
    ],
)
def test_window_decides_status(
    opens: int | None, closes: int | None, status: str, days_left: int | None
) -> None:
    window = version(
        "window",
        opens_on=None if opens is None else days(opens),
        closes_on=None if closes is None else days(closes),
    )
    found = status_on(window, TODAY)
    assert (found.code, found.days_left(TODAY)) == (status, days_left)


@pytest.mark.parametrize(
    ("date_state", "status"),
    [("always", "always"), ("budget", "open"), ("soon", "upcoming"), ("unknown", "unknown")],
)
def test_state_without_dates_decides_status(date_state: str, status: str) -> None:
    assert status_on(version(date_state), TODAY).code == status


def test_between_rounds_is_upcoming_and_shows_the_next_round() -> None:
    listing = version(
        "window",
        opens_on=days(-60),
        closes_on=days(-30),
        rounds=[ApplicationRound(position=0, opens_on=days(10), closes_on=days(40))],
    )
    found = status_on(listing, TODAY)
    assert (found.code, found.opens_on, found.closes_on) == ("upcoming", days(10), days(40))


def test_second_round_is_open_though_the_first_is_over() -> None:
    listing = version(
        "window",
        opens_on=days(-60),
        closes_on=days(-30),
        rounds=[ApplicationRound(position=0, opens_on=days(-3), closes_on=days(40))],
    )
    assert status_on(listing, TODAY).closes_on == days(40)
    assert status_on(listing, TODAY).code == "open"


def test_seminar_without_window_closes_after_its_last_date() -> None:
    seminar = version(
        "budget",
        kind="seminar",
        events=[
            ListingEvent(position=0, held_on=TODAY),
            ListingEvent(position=1, held_on=days(-3)),
        ],
    )
    assert status_on(seminar, TODAY).code == "open"
    assert status_on(seminar, days(1)).code == "closed"


def test_dates_of_a_consultation_desk_do_not_close_it() -> None:
    desk = version("always", kind="desk", events=[ListingEvent(position=0, held_on=days(-3))])
    assert status_on(desk, TODAY).code == "always"


offsets = st.one_of(st.none(), st.integers(-60, 60))
windows = st.tuples(offsets, offsets).filter(
    lambda w: w != (None, None) and (None in w or w[0] <= w[1])
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(windows, min_size=1, max_size=4), st.integers(-80, 80))
def test_changes_tell_the_status_of_any_day(
    rounds: list[tuple[int | None, int | None]], offset: int
) -> None:
    def day(value: int | None) -> date | None:
        return None if value is None else days(value)

    (opens, closes), *further = rounds
    listing = version(
        "window",
        opens_on=day(opens),
        closes_on=day(closes),
        rounds=[
            ApplicationRound(position=number, opens_on=day(first), closes_on=day(last))
            for number, (first, last) in enumerate(further)
        ],
    )
    asked = days(offset)
    told = [status for from_on, status in status_changes(listing) if from_on <= asked][-1]
    assert told == status_on(listing, asked)
    # The rule once more, from the words of the interface alone.
    is_open = any((o is None or o <= offset) and (c is None or offset <= c) for o, c in rounds)
    is_coming = any(o is not None and o > offset for o, _ in rounds)
    if is_open:
        assert told.code in ("open", "closing")
    else:
        assert told.code == ("upcoming" if is_coming else "closed")
