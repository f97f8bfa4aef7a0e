"""The rules of what is news, day by day, on listings that are nowhere but here."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.alerts.id_sets import IdSet
from portal.alerts.news import Look, Memory, candidates, find_news
from portal.alerts.timing import Frequency, next_due
from portal.clock import JAPAN
from portal.listings.date_state import Window
from tests.conftest import NOW
from tests.each import each

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


@dataclass(frozen=True)
class Published:
    """A listing as the rules see it."""

    updated_at: datetime = NOW - timedelta(days=30)
    kind: str = "subsidy"
    date_state: str = "always"
    opens_on: date | None = None
    closes_on: date | None = None
    rounds: tuple[Window, ...] = ()
    event_days: tuple[date, ...] = ()


OPENS_TODAY = Published(date_state="window", opens_on=TODAY)
OPENS_LATER = replace(OPENS_TODAY, opens_on=TODAY + timedelta(days=1))
CLOSED = Published(date_state="window", closes_on=YESTERDAY)
LOOK = Look(TODAY, before_at=NOW - timedelta(days=1), before_on=YESTERDAY)
ANEW = replace(LOOK, is_understood_anew=True)


@dataclass(frozen=True)
class Case:
    """What is known of listing 1 before, and what becomes of it."""

    called: str
    hit: Published | None
    known: bool = False
    awaited: bool = False
    excluded: bool = False
    look: Look = field(default=LOOK)
    told: str = ""
    known_after: bool | None = None
    awaited_after: bool | None = None


CASES = [
    Case("unknown", Published(), told="new", known_after=True),
    Case("known", Published(), known=True),
    Case("excluded", Published(), excluded=True),
    Case("known and excluded, opens", OPENS_TODAY, known=True, awaited=True, excluded=True),
    Case("not published", None),
    Case("over", CLOSED),
    Case("not open yet", OPENS_LATER, told="new", known_after=True, awaited_after=True),
    Case("told and not open yet", OPENS_LATER, known=True, awaited=True),
    Case(
        "told and opens", OPENS_TODAY, known=True, awaited=True, told="opened", awaited_after=False
    ),
    Case("there from the beginning and opens", OPENS_TODAY, known=True),
    Case("told and over before it opened", CLOSED, known=True, awaited=True),
    Case("another word", Published(), look=ANEW, known_after=True),
    Case(
        "found by another word and changed", Published(NOW), look=ANEW, told="new", known_after=True
    ),
    Case("another word, opens", OPENS_TODAY, look=ANEW, told="new", known_after=True),
]


@each("case", CASES, called=lambda case: case.called)
def test_rule(case: Case) -> None:
    def ids(is_in: bool) -> frozenset[int]:
        return frozenset({1} if is_in else ())

    memory = Memory(ids(case.known), ids(case.awaited), ids(case.excluded))
    found = find_news([1], memory, {1: case.hit} if case.hit else {}, case.look)
    assert ({"new": found.new, "opened": found.opened}.get(case.told, (1,))) == (1,)
    assert found.count == (1 if case.told else 0)
    known = case.known if case.known_after is None else case.known_after
    awaited = case.awaited if case.awaited_after is None else case.awaited_after
    assert found.memory == Memory(ids(known), ids(awaited), ids(case.excluded))
    # What was told is no news a moment later.
    assert not find_news([1], found.memory, {1: case.hit} if case.hit else {}, case.look).count


def test_only_what_may_be_news_has_to_be_loaded() -> None:
    memory = Memory(frozenset({1, 2, 3}), awaited=frozenset({2, 3}), excluded=frozenset({3, 4}))
    assert candidates([5, 4, 3, 2, 1], memory) == (5, 2)


def instant(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("frequency", "now", "due"),
    [
        # The 20th is a Friday.
        ("at_once", instant(20, 12), instant(20, 12)),
        ("daily", instant(20, 7, 59), instant(20, 8)),
        ("daily", instant(20, 8), instant(21, 8)),
        ("weekly", instant(20, 12), instant(23, 8)),
        ("weekly", instant(23, 7, 59), instant(23, 8)),
        ("weekly", instant(23, 8), instant(30, 8)),
    ],
)
def test_next_time_is_of_the_clock_in_japan(frequency: str, now: datetime, due: datetime) -> None:
    assert next_due(Frequency(frequency), now.astimezone(UTC)) == due


@pytest.mark.parametrize(
    ("ids", "text"),
    [((), ""), ((7,), "7"), ((1, 2, 3, 7, 9, 10), "1-3,7,9-10"), (range(1, 10_001), "1-10000")],
)
def test_set_of_ids_is_kept_as_runs(ids: tuple[int, ...], text: str) -> None:
    kept = IdSet()
    assert kept.process_bind_param(frozenset(ids), None) == text
    assert kept.process_result_value(text, None) == frozenset(ids)
