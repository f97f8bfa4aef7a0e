"""The mails of one member about favourites, foretold from the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bench.year.finding import Shown, current_window
from bench.year.japan import at, day_of
from bench.year.plain import Choose, Line, Said

_QUIET = timedelta(minutes=10)
_LATE = timedelta(days=2)
_OPEN = ("open", "closing")
_FIELDS = (
    *("date_state", "opens_on", "closes_on", "rounds", "event_days", "rate", "amount_max_yen"),
    *("industries", "regions", "exceptions", "eligibility", "tel", "documents"),
)


@dataclass(slots=True)
class Kept:
    """A favourite, and how its owner knows it."""

    saved_at: datetime
    said: Said
    is_public: bool = True


@dataclass(slots=True)
class Member:
    """A member with favourites and settings."""

    favorites: dict[int, Kept] = field(default_factory=dict)
    wants_deadlines: bool = True
    wants_deadlines_from: datetime | None = None
    wants_changes: bool = True
    is_disabled: bool = False
    told: set[tuple[int, date, int]] = field(default_factory=set)

    def choose(self, choice: Choose, now: datetime) -> None:
        """Turn mails on or off."""
        if choice.deadline_mails is not None:
            if choice.deadline_mails and not self.wants_deadlines:
                self.wants_deadlines_from = now
            self.wants_deadlines = choice.deadline_mails
        if choice.change_mails is not None:
            self.wants_changes = choice.change_mails

    def deadlines(self, shown: Mapping[int, Shown], now: datetime) -> tuple[Line, ...]:
        """What is mailed of deadlines in a run of the job, the nearest first."""
        if not self.wants_deadlines or self.is_disabled:
            return ()
        today = day_of(now)
        due: list[tuple[date, int, int]] = []
        for number, kept in self.favorites.items():
            listing = shown[number]
            now_status, closes_on = current_window(listing.said, today)
            if not listing.is_public or now_status not in _OPEN or closes_on is None:
                continue
            for days in (14, 3):
                if not self._is_due(kept, listing, closes_on, days, today):
                    continue
                if (number, closes_on, days) not in self.told:
                    self.told.add((number, closes_on, days))
                    due.append((closes_on, number, days))
        return tuple(Line(number, str(days)) for _, number, days in sorted(due))

    def _is_due(self, kept: Kept, listing: Shown, closes_on: date, days: int, today: date) -> bool:
        day = closes_on - timedelta(days=days)
        wanted_from = max(kept.saved_at, self.wants_deadlines_from or kept.saved_at)
        if wanted_from > at(day):
            return False
        if day == today:
            return True
        # Made up for where the job did not run, as if it had run on its day.
        was_open = current_window(listing.said, day)[0] in _OPEN
        return day < today <= day + _LATE and was_open and listing.updated_at <= at(day)

    def changes(self, shown: Mapping[int, Shown], now: datetime) -> tuple[Line, ...]:
        """What is mailed of changes in a run of the job, by listing."""
        told = [
            line
            for number in sorted(self.favorites)
            for line in _changes(number, self.favorites[number], shown[number], now)
        ]
        return tuple(told) if self.wants_changes and not self.is_disabled else ()


def _changes(number: int, kept: Kept, listing: Shown, now: datetime) -> Iterator[Line]:
    """What became of a favourite that has been quiet for a while; its owner then knows it."""
    if listing.updated_at > now - _QUIET:
        return
    before, was_public = kept.said, kept.is_public
    kept.is_public = listing.is_public
    kept.said = listing.said
    changed = (name for name in _FIELDS if _plain(before, name) != _plain(listing.said, name))
    fields = tuple(sorted(changed))
    if not listing.is_public:
        if was_public:
            yield Line(number, "withdrawn")
    elif not was_public:
        yield Line(number, "back", fields)
    elif fields:
        yield Line(number, "changed", fields)


def _plain(said: Said, name: str) -> object:
    value = getattr(said, name)
    if isinstance(value, str):
        return "".join(value.split()) or None
    if name == "documents":
        return tuple("".join(text.split()) for text in said.documents)
    return value
