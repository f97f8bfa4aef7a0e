"""Makes up what happens in a year: the same for the same seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bench.year import inventing
from bench.year.clerks import Clerks
from bench.year.japan import at
from bench.year.owners import Owners
from bench.year.plain import Act, Moment, Publish, Runs, Story, Synonyms

_ROUNDS = (time(0, 1), time(8, 0), time(9, 30), time(12, 0), time(13, 10), time(16, 0), time(20, 0))
_FIRST_DAY = date(2026, 4, 1)
_IMPORTS_ON, _IMPORTED = 20, 30
_ALL_WEIGHTS = 32.0
"""Somewhat more than those of all acts together, so that all comes before the last day."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    listings: int = 500
    searches: int = 200
    members: int = 300
    days: int = 365
    acts_a_day: int = 18
    rounds_a_day: int = 5
    """Of seven; the jobs are due each minute, but most minutes have nothing to tell."""


def make_story(seed: int, size: Size) -> Story:
    """A story of a size."""
    return _Writer(Random(seed), size).write()


class _Writer:
    def __init__(self, random: Random, size: Size) -> None:
        self._random = random
        self._size = size
        self._clerks = Clerks(random, size.listings)
        self._owners = Owners(random, self._clerks, members=size.members, searches=size.searches)
        self._synonyms = iter(inventing.SAME)

    def write(self) -> Story:
        """All of it."""
        moments: list[Moment] = list(self._first_day())
        for number in range(1, self._size.days):
            moments += self._day(_FIRST_DAY + timedelta(days=number))
        addresses = self._owners.addresses()
        few = len(addresses) // 20 + 1
        return Story(
            places=tuple(self._clerks.place(number) for number in range(self._size.listings)),
            members=self._owners.members,
            moments=tuple(moments),
            refused=frozenset(self._random.sample(addresses, few)),
            busy=frozenset(self._random.sample(addresses, few)),
        )

    def _first_day(self) -> Iterator[Moment]:
        """Half of everything is there when the year begins."""
        begin = at(_FIRST_DAY, time(9))
        acts: list[Callable[[date], Act | None]] = []
        acts += [self._clerks.publish_new] * (self._size.listings // 2)
        acts += [self._owners.keep] * (self._size.members * 3)
        acts += [self._owners.request] * (self._size.searches // 2)
        for number, make in enumerate(acts):
            if act := make(_FIRST_DAY):
                yield Moment(begin + timedelta(seconds=number), act)
        yield Moment(at(_FIRST_DAY, time(20)), runs=Runs.DUE)

    def _day(self, day: date) -> list[Moment]:
        instants = sorted(self._instant(day) for _ in range(self._size.acts_a_day))
        moments = [
            Moment(instant, act)
            for instant in dict.fromkeys(instants)
            if (act := self._act(day)) is not None
        ]
        moments += self._corrections(day, moments)
        if day.day == _IMPORTS_ON and day.month % 3 == 0:
            moments += self._import(day)
        if self._random.random() > 0.03:
            # Else the machine is off.
            moments += self._rounds(day)
        # Of equal times the act comes first, as in the portal's own clock it would be earlier.
        return sorted(moments, key=lambda moment: (moment.at, moment.runs is not None))

    def _instant(self, day: date) -> datetime:
        """Any time of the day, and now and then one that is on the edge of a rule."""
        edges = (time(7, 59, 59), time(8), time(8, 0, 1), time(11, 50), time(11, 50, 1))
        if self._random.random() < 0.25:
            return at(day, self._random.choice(edges))
        return at(day, time(0)) + timedelta(seconds=self._random.randrange(24 * 3600))

    def _rounds(self, day: date) -> Iterator[Moment]:
        for of_day in _ROUNDS:
            if self._random.random() < self._size.rounds_a_day / len(_ROUNDS):
                runs = self._random.choice([Runs.DUE] * 8 + [Runs.TWICE, Runs.AT_ONCE])
                yield Moment(at(day, of_day), runs=runs)

    def _corrections(self, day: date, moments: list[Moment]) -> Iterator[Moment]:
        """Some edits are followed by others within minutes, if nothing else comes between."""
        if not moments or self._random.random() < 0.5:
            return
        last = moments[-1]
        if isinstance(last.act, Publish) and last.act.listing in self._clerks.public:
            for minutes in (2, 4):
                instant = last.at + timedelta(minutes=minutes)
                if instant.date() == day:
                    yield Moment(instant, self._clerks.edit_of(last.act.listing, day))

    def _import(self, day: date) -> Iterator[Moment]:
        """A desk publishes more at once than a mail shows."""
        for number in range(_IMPORTED):
            if act := self._clerks.publish_new(day):
                yield Moment(at(day, time(23)) + timedelta(seconds=number), act)

    def _act(self, day: date) -> Act | None:
        return self._clerks.open_one(day) or self._any_act(day)

    def _any_act(self, day: date) -> Act | None:
        clerks, owners = self._clerks, self._owners
        choices = (
            (clerks.publish_new, self._share(self._size.listings)),
            (owners.request, self._share(self._size.searches)),
            *((clerks.edit, 6), (clerks.withdraw, 0.8), (clerks.show_again, 0.6)),
            *((owners.keep, 5), (owners.drop, 1.5), (owners.acknowledge, 2), (owners.choose, 2)),
            *((owners.disable, 0.4), (owners.press, 6)),
            (self._same, 0.02),
        )
        makers, weights = zip(*choices, strict=True)
        act: Act | None = self._random.choices(makers, weights)[0](day)
        return act

    def _share(self, count: int) -> float:
        """The weight by which the second half of something comes in the course of the year."""
        return _ALL_WEIGHTS * count / 2 / self._size.days / self._size.acts_a_day

    def _same(self, _day: date) -> Act | None:
        """Two more words mean the same."""
        words = next(self._synonyms, None)
        return None if words is None else Synonyms(words)
