"""What owners of firms do in a story, with favourites and with saved searches."""

from datetime import date, timedelta
from random import Random

from bench.year import inventing
from bench.year.clerks import Clerks
from bench.year.plain import (
    Acknowledge,
    Act,
    Choose,
    Disable,
    Drop,
    Keep,
    Press,
    Request,
    Wanted,
)


class Owners:
    """Makes up their acts, and knows what they keep and watch after them.

    :ivar members: the addresses of those with an account.
    """

    def __init__(self, random: Random, clerks: Clerks, *, members: int, searches: int) -> None:
        self._random = random
        self._clerks = clerks
        self._count = searches
        self._new_searches = iter(range(searches))
        self._popular = [inventing.wanted(random) for _ in range(searches // 8 + 1)]
        self._favorites: set[tuple[int, int]] = set()
        self._searches: dict[int, str] = {}
        """By number: requested, active or stopped; deleted ones are left out."""
        self._owners: dict[int, tuple[int | None, str]] = {}
        self._wanted: dict[int, Wanted] = {}
        self.members = tuple(f"member{number}@firm.example.jp" for number in range(members))

    def addresses(self) -> list[str]:
        """All that mail goes to."""
        return sorted({*self.members, *(to for _, to in self._owners.values())})

    def keep(self, day: date) -> Act | None:
        """Of any listing, and often of one whose owner is due to be told of its deadline."""
        due = {day + timedelta(days=days) for days in (3, 14, 15)}
        near = {n for n in self._clerks.public if self._clerks.said[n].closes_on in due}
        is_near = near and self._random.random() < 0.5
        number = self._clerks.one_of(near if is_near else self._clerks.public)
        pair = (self._random.randrange(len(self.members)), number)
        if number is None or pair in self._favorites:
            return None
        self._favorites.add((pair[0], number))
        return Keep(pair[0], number)

    def _kept(self) -> tuple[int, int] | None:
        return self._random.choice(sorted(self._favorites)) if self._favorites else None

    def drop(self, day: date) -> Act | None:
        """Any favourite goes."""
        if (pair := self._kept()) is None:
            return None
        self._favorites.remove(pair)
        return Drop(*pair)

    def acknowledge(self, day: date) -> Act | None:
        """Any member says that they know what changed."""
        pair = self._kept()
        return None if pair is None or pair[1] not in self._clerks.public else Acknowledge(*pair)

    def choose(self, day: date) -> Act | None:
        """Somebody who has favourites turns mails on or off, or leaves them as they are."""
        if (pair := self._kept()) is None:
            return None
        options = (True, True, False, None)
        return Choose(
            pair[0],
            self._random.choice(options),
            self._random.choice(options),
        )

    def disable(self, day: date) -> Act:
        """Any account is stopped, or used again."""
        return Disable(self._random.randrange(len(self.members)), self._random.random() < 0.5)

    def request(self, day: date) -> Act | None:
        """A new saved search; None if there are enough, or its owner has it already."""
        number = next(self._new_searches, None)
        if number is None:
            return None
        member = self._random.randrange(len(self.members)) if self._random.random() < 0.4 else None
        address = f"visitor{self._random.randrange(self._count)}@shop.example.jp"
        popular = self._random.random() < 0.4
        wanted = self._random.choice(self._popular) if popular else inventing.wanted(self._random)
        self._owners[number] = member, address if member is None else self.members[member]
        if not self._is_only(number, wanted):
            return None
        self._wanted[number] = wanted
        self._searches[number] = "requested" if member is None else "active"
        return Request(number, member, address, wanted, self._random.choice(inventing.FREQUENCIES))

    def _is_only(self, number: int, wanted: Wanted) -> bool:
        """Whether its owner has no other search with these conditions, even one deleted."""
        owner = self._owners[number]
        return all(
            self._owners[other] != owner or has != wanted for other, has in self._wanted.items()
        )

    def press(self, day: date) -> Act | None:
        """Any button on the page of any saved search."""
        number = self._clerks.one_of(set(self._searches))
        if number is None:
            return None
        match self._searches[number]:
            case "requested":
                return self._to(number, "confirm", "active")
            case "stopped":
                return self._to(number, "resume", "active")
        match self._random.randrange(12):
            case 0:
                return self._to(number, "stop", "stopped")
            case 1:
                del self._searches[number]
                return Press(number, "delete")
            case 2 | 3 | 4:
                return Press(number, "frequency", self._random.choice(inventing.FREQUENCIES))
            case 5 | 6:
                wanted = inventing.wanted(self._random)
                if not self._is_only(number, wanted):
                    return None
                self._wanted[number] = wanted
                return Press(number, "criteria", wanted=wanted)
            case found:
                button = "include" if found > 9 else "exclude"
                listing = self._random.choice(self._clerks.list_awaited(self._wanted[number], day))
                # That would be news.
                self._clerks.open_on(listing, day + timedelta(days=1))
                return Press(number, button, listing=listing)

    def _to(self, number: int, button: str, state: str) -> Act:
        self._searches[number] = state
        return Press(number, button)
