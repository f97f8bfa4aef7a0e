"""What clerks do with listings in a story."""

from collections import defaultdict
from datetime import date
from random import Random

from bench.year import inventing
from bench.year.finding import Meaning, Shown, is_found, status
from bench.year.japan import at
from bench.year.plain import Act, Place, Publish, Said, ShowAgain, Wanted, Withdraw


class Clerks:
    """Makes up their acts, and knows what is public after them.

    :ivar said: by listing, what it says, be it public or withdrawn.
    """

    def __init__(self, random: Random, listings: int) -> None:
        self._random = random
        self._new = iter(range(listings))
        self._opening: defaultdict[date, list[int]] = defaultdict(list)
        self.said: dict[int, Said] = {}
        self.public: set[int] = set()

    def place(self, number: int) -> Place:
        """Whose a listing is."""
        return inventing.PLACES[number % len(inventing.PLACES)]

    def one_of(self, numbers: set[int]) -> int | None:
        """Any of some numbers."""
        return self._random.choice(sorted(numbers)) if numbers else None

    def publish_new(self, day: date) -> Act | None:
        """A listing that is new; None if there are enough."""
        number = next(self._new, None)
        if number is None:
            return None
        self.said[number] = inventing.said(self._random, number, day)
        self.public.add(number)
        return Publish(number, self.said[number])

    def edit(self, day: date) -> Act | None:
        """Another wording of any listing."""
        number = self.one_of(self.public)
        return None if number is None else self.edit_of(number, day)

    def edit_of(self, number: int, day: date) -> Act:
        """Another wording of one."""
        return self._say(number, inventing.edited(self._random, self.said[number], day))

    def withdraw(self, day: date) -> Act | None:
        """Any goes."""
        number = self.one_of(self.public)
        if number is None:
            return None
        self.public.remove(number)
        return Withdraw(number)

    def show_again(self, day: date) -> Act | None:
        """Any that went comes back."""
        number = self.one_of(self.said.keys() - self.public)
        if number is None:
            return None
        self.public.add(number)
        return ShowAgain(number)

    def open_on(self, number: int, day: date) -> None:
        """Let one be open from a day on, if somebody acts on that day."""
        if number in self.public:
            self._opening[day].append(number)

    def open_one(self, day: date) -> Act | None:
        """What was to open on a day does, if it is still there."""
        if self._opening[day] and (number := self._opening[day].pop()) in self.public:
            return self._say(number, inventing.opened(self.said[number]))
        return None

    def list_awaited(self, wanted: Wanted, day: date) -> list[int]:
        """Listings that a search may tell of once more, as they open later; else any."""
        later = [number for number in sorted(self.public) if self._is_awaited(number, wanted, day)]
        return later or list(self.said)

    def _is_awaited(self, number: int, wanted: Wanted, day: date) -> bool:
        said, now = self.said[number], at(day)
        shown = Shown(number, self.place(number), said, published_at=now, updated_at=now)
        return status(said, day) == "upcoming" and is_found(wanted, shown, day, Meaning([]))

    def _say(self, number: int, said: Said) -> Act:
        self.said[number] = said
        return Publish(number, said)
