"""The mails of one saved search, foretold from the rules."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.year.finding import Meaning, Shown, in_order, is_found, status
from bench.year.japan import day_of, next_morning
from bench.year.plain import Line, Press, Request, Wanted

_MOST_SHOWN = 20
_CAN_APPLY = ("open", "closing", "always")
_REQUEST_LIVES = timedelta(days=3)
_STOPPED_LIVES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Now:
    """What is public at an instant.

    :ivar changes: how often anything public changed by now.
    """

    at: datetime
    shown: Collection[Shown]
    changes: int
    meaning: Meaning


@dataclass(slots=True)
class SavedSearch:
    """A saved search with its memory."""

    asked: Request
    requested_at: datetime
    state: str = "requested"
    frequency: str = ""
    wanted: Wanted = Wanted()
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    known: set[int] = field(default_factory=set)
    awaited: set[int] = field(default_factory=set)
    excluded: set[int] = field(default_factory=set)
    looked_at: datetime | None = None
    looked_changes: int = -1
    looked_groups: int = 0

    def __post_init__(self) -> None:
        self.frequency = self.asked.frequency
        self.wanted = self.asked.wanted

    def press(self, button: Press, now: Now) -> None:
        """What a button does."""
        match button.button:
            case "confirm" if (
                self.state == "requested" and now.at < self.requested_at + _REQUEST_LIVES
            ):
                self.begin(now)
            case "resume" if self.state == "stopped":
                self.begin(now)
            case "stop" if self.state == "active":
                self.state, self.stopped_at, self.due_at = "stopped", now.at, None
            case "delete":
                self.state = "gone"
            case "frequency" if self.frequency != button.frequency:
                self.frequency = button.frequency
                if self.state == "active":
                    self._wait(now)
            case "criteria" if button.wanted is not None and self.wanted != button.wanted:
                self.wanted = button.wanted
                if self.state == "active":
                    self.begin(now)
            case "exclude" if button.listing is not None:
                self.excluded.add(button.listing)
            case "include" if button.listing is not None:
                self.excluded.discard(button.listing)
                self.looked_changes = -1

    def begin(self, now: Now) -> None:
        """All that it finds now is known."""
        self.state, self.stopped_at = "active", None
        self.known.update(shown.number for shown in self._find(now))
        self._look(now)
        self._wait(now)

    def prune(self, now: datetime) -> None:
        """What nobody confirmed, and what was stopped long ago, goes."""
        is_late = self.state == "requested" and self.requested_at <= now - _REQUEST_LIVES
        if is_late or (self.stopped_at is not None and self.stopped_at <= now - _STOPPED_LIVES):
            self.state = "gone"

    def tell(self, now: Now) -> tuple[tuple[Line, ...], int]:
        """What is mailed in a run of the job: the lines, and how many more are only counted."""
        if not self._is_due(now):
            return (), 0
        opened, new = [], []
        for shown in self._find(now):
            if shown.number in self.excluded:
                continue
            today = status(shown.said, day_of(now.at))
            if shown.number in self.known:
                if shown.number in self.awaited and today in _CAN_APPLY:
                    opened.append(shown.number)
                    self.awaited.discard(shown.number)
                continue
            self.known.add(shown.number)
            if self._is_only_understood(shown, today, now):
                continue
            new.append(shown.number)
            if today == "upcoming":
                self.awaited.add(shown.number)
        self._look(now)
        if self.frequency != "at_once":
            self._wait(now)
        first = opened[:_MOST_SHOWN]
        lines = [Line(number, "new") for number in new[: _MOST_SHOWN - len(first)]]
        lines += [Line(number, "opened") for number in first]
        return tuple(lines), len(opened) + len(new) - len(lines)

    def _is_due(self, now: Now) -> bool:
        if self.state != "active" or self.due_at is None or self.due_at > now.at:
            return False
        if self.frequency != "at_once" or self.looked_at is None:
            return True
        return self.looked_changes != now.changes or day_of(self.looked_at) < day_of(now.at)

    def _find(self, now: Now) -> list[Shown]:
        day = day_of(now.at)
        found = [shown for shown in now.shown if is_found(self.wanted, shown, day, now.meaning)]
        return in_order(found, day)

    def _is_only_understood(self, shown: Shown, today: str, now: Now) -> bool:
        if self.looked_at is None or self.looked_groups == len(now.meaning.groups):
            return False
        is_unchanged = shown.updated_at <= self.looked_at
        return is_unchanged and status(shown.said, day_of(self.looked_at)) == today

    def _look(self, now: Now) -> None:
        self.looked_at, self.looked_changes = now.at, now.changes
        self.looked_groups = len(now.meaning.groups)

    def _wait(self, now: Now) -> None:
        at_once = self.frequency == "at_once"
        is_weekly = self.frequency == "weekly"
        self.due_at = now.at if at_once else next_morning(now.at, monday=is_weekly)
