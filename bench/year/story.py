"""Makes up what happens in a year: the same for the same seed."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from bench.year import inventing
from bench.year.finding import Meaning, Shown, is_found, status
from bench.year.japan import at
from bench.year.plain import (
    Acknowledge,
    Act,
    Choose,
    Disable,
    Drop,
    Keep,
    Moment,
    Place,
    Press,
    Publish,
    Request,
    Runs,
    Said,
    ShowAgain,
    Story,
    Synonyms,
    Wanted,
    Withdraw,
)

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


@dataclass(slots=True)
class _Known:
    """What the story has come to so far, as far as it needs that to go on sensibly."""

    said: dict[int, Said] = field(default_factory=dict)
    public: set[int] = field(default_factory=set)
    kept: set[tuple[int, int]] = field(default_factory=set)
    searches: dict[int, str] = field(default_factory=dict)
    """By number: requested, active or stopped; deleted ones are left out."""
    owners: dict[int, tuple[int | None, str]] = field(default_factory=dict)
    wanted: dict[int, Wanted] = field(default_factory=dict)
    synonyms: int = 0


def make_story(seed: int, size: Size) -> Story:
    """A story of a size."""
    return _Writer(Random(seed), size).write()


class _Writer:
    def __init__(self, random: Random, size: Size) -> None:
        self._random = random
        self._size = size
        self._known = _Known()
        self._new_listings = iter(range(size.listings))
        self._new_searches = iter(range(size.searches))
        self._members = tuple(f"member{number}@firm.example.jp" for number in range(size.members))
        self._sequels: defaultdict[date, list[int]] = defaultdict(list)
        self._popular = [inventing.wanted(random) for _ in range(size.searches // 8 + 1)]

    def write(self) -> Story:
        """All of it."""
        moments: list[Moment] = list(self._first_day())
        for number in range(1, self._size.days):
            moments += self._day(_FIRST_DAY + timedelta(days=number))
        addresses = sorted({*self._members, *(to for _, to in self._known.owners.values())})
        few = len(addresses) // 20 + 1
        return Story(
            places=tuple(self._place(number) for number in range(self._size.listings)),
            members=self._members,
            moments=tuple(moments),
            refused=frozenset(self._random.sample(addresses, few)),
            busy=frozenset(self._random.sample(addresses, few)),
        )

    def _place(self, number: int) -> Place:
        return inventing.PLACES[number % len(inventing.PLACES)]

    def _first_day(self) -> Iterator[Moment]:
        """Half of everything is there when the year begins."""
        begin = at(_FIRST_DAY, time(9))
        acts: list[Callable[[date], Act | None]] = []
        acts += [self._publish_new] * (self._size.listings // 2)
        acts += [self._keep] * (self._size.members * 3)
        acts += [self._request] * (self._size.searches // 2)
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
        if isinstance(last.act, Publish) and last.act.listing in self._known.public:
            for minutes in (2, 4):
                instant = last.at + timedelta(minutes=minutes)
                if instant.date() == day:
                    yield Moment(instant, self._edit_of(last.act.listing, day))

    def _import(self, day: date) -> Iterator[Moment]:
        """A desk publishes more at once than a mail shows."""
        for number in range(_IMPORTED):
            if act := self._publish_new(day):
                yield Moment(at(day, time(23)) + timedelta(seconds=number), act)

    def _act(self, day: date) -> Act | None:
        if self._sequels[day] and (number := self._sequels[day].pop()) in self._known.public:
            return self._say(number, inventing.opened(self._known.said[number]))
        return self._any_act(day)

    def _any_act(self, day: date) -> Act | None:
        choices = (
            (self._publish_new, self._share(self._size.listings)),
            (self._request, self._share(self._size.searches)),
            *((self._edit, 6), (self._withdraw, 0.8), (self._show_again, 0.6)),
            *((self._keep, 5), (self._drop, 1.5), (self._acknowledge, 2), (self._choose, 2)),
            *((self._disable, 0.4), (self._press, 6)),
            (self._synonyms, 0.02),
        )
        makers, weights = zip(*choices, strict=True)
        act: Act | None = self._random.choices(makers, weights)[0](day)
        return act

    def _share(self, count: int) -> float:
        """The weight by which the second half of something comes in the course of the year."""
        return _ALL_WEIGHTS * count / 2 / self._size.days / self._size.acts_a_day

    def _one_of(self, numbers: set[int]) -> int | None:
        return self._random.choice(sorted(numbers)) if numbers else None

    def _publish_new(self, day: date) -> Act | None:
        number = next(self._new_listings, None)
        if number is None:
            return None
        self._known.said[number] = inventing.said(self._random, number, day)
        self._known.public.add(number)
        return Publish(number, self._known.said[number])

    def _edit(self, day: date) -> Act | None:
        number = self._one_of(self._known.public)
        return None if number is None else self._edit_of(number, day)

    def _edit_of(self, number: int, day: date) -> Act:
        return self._say(number, inventing.edited(self._random, self._known.said[number], day))

    def _say(self, number: int, said: Said) -> Act:
        self._known.said[number] = said
        return Publish(number, said)

    def _withdraw(self, day: date) -> Act | None:
        number = self._one_of(self._known.public)
        if number is None:
            return None
        self._known.public.remove(number)
        return Withdraw(number)

    def _show_again(self, day: date) -> Act | None:
        number = self._one_of(self._known.said.keys() - self._known.public)
        if number is None:
            return None
        self._known.public.add(number)
        return ShowAgain(number)

    def _keep(self, day: date) -> Act | None:
        """Of any listing, and often of one whose owner is due to be told of its deadline."""
        due = {day + timedelta(days=days) for days in (3, 14, 15)}
        near = {n for n in self._known.public if self._known.said[n].closes_on in due}
        number = self._one_of(near if near and self._random.random() < 0.5 else self._known.public)
        pair = (self._random.randrange(self._size.members), number)
        if number is None or pair in self._known.kept:
            return None
        self._known.kept.add((pair[0], number))
        return Keep(pair[0], number)

    def _kept(self) -> tuple[int, int] | None:
        return self._random.choice(sorted(self._known.kept)) if self._known.kept else None

    def _drop(self, day: date) -> Act | None:
        if (pair := self._kept()) is None:
            return None
        self._known.kept.remove(pair)
        return Drop(*pair)

    def _acknowledge(self, day: date) -> Act | None:
        pair = self._kept()
        return None if pair is None or pair[1] not in self._known.public else Acknowledge(*pair)

    def _choose(self, day: date) -> Act | None:
        if (pair := self._kept()) is None:
            return None
        options = (True, True, False, None)
        return Choose(
            pair[0],
            self._random.choice(options),
            self._random.choice(options),
        )

    def _disable(self, day: date) -> Act:
        return Disable(self._random.randrange(self._size.members), self._random.random() < 0.5)

    def _request(self, day: date) -> Act | None:
        number = next(self._new_searches, None)
        if number is None:
            return None
        member = self._random.randrange(self._size.members) if self._random.random() < 0.4 else None
        address = f"visitor{self._random.randrange(self._size.searches)}@shop.example.jp"
        popular = self._random.random() < 0.4
        wanted = self._random.choice(self._popular) if popular else inventing.wanted(self._random)
        self._known.owners[number] = member, address if member is None else self._members[member]
        if not self._is_only(number, wanted):
            return None
        self._known.wanted[number] = wanted
        self._known.searches[number] = "requested" if member is None else "active"
        return Request(number, member, address, wanted, self._random.choice(inventing.FREQUENCIES))

    def _is_only(self, number: int, wanted: Wanted) -> bool:
        """Whether its owner has no other search with these conditions, even one deleted."""
        owner = self._known.owners[number]
        return all(
            self._known.owners[other] != owner or has != wanted
            for other, has in self._known.wanted.items()
        )

    def _press(self, day: date) -> Act | None:
        number = self._one_of(set(self._known.searches))
        if number is None:
            return None
        match self._known.searches[number]:
            case "requested":
                return self._to(number, "confirm", "active")
            case "stopped":
                return self._to(number, "resume", "active")
        match self._random.randrange(12):
            case 0:
                return self._to(number, "stop", "stopped")
            case 1:
                del self._known.searches[number]
                return Press(number, "delete")
            case 2 | 3 | 4:
                return Press(number, "frequency", self._random.choice(inventing.FREQUENCIES))
            case 5 | 6:
                wanted = inventing.wanted(self._random)
                if not self._is_only(number, wanted):
                    return None
                self._known.wanted[number] = wanted
                return Press(number, "criteria", wanted=wanted)
            case found:
                button = "include" if found > 9 else "exclude"
                listing = self._random.choice(self._worth_excluding(number, day))
                if listing in self._known.public:
                    # It opens on the next day, which would be news.
                    self._sequels[day + timedelta(days=1)].append(listing)
                return Press(number, button, listing=listing)

    def _worth_excluding(self, search: int, day: date) -> list[int]:
        """Listings that may become news once more, as they open later; else any."""
        later = [
            number
            for number in sorted(self._known.public)
            if self._is_awaited(number, self._known.wanted[search], day)
        ]
        return later or list(self._known.said)

    def _is_awaited(self, number: int, wanted: Wanted, day: date) -> bool:
        said, now = self._known.said[number], at(day)
        shown = Shown(number, self._place(number), said, published_at=now, updated_at=now)
        return status(said, day) == "upcoming" and is_found(wanted, shown, day, Meaning([]))

    def _to(self, number: int, button: str, state: str) -> Act:
        self._known.searches[number] = state
        return Press(number, button)

    def _synonyms(self, day: date) -> Act | None:
        if self._known.synonyms == len(inventing.SAME):
            return None
        self._known.synonyms += 1
        return Synonyms(inventing.SAME[self._known.synonyms - 1])
