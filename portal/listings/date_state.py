"""Whether a listing is open, decided from its dates and the day. Nothing of it is ever stored.

``status_on`` is the rule; ``status_changes`` are the days on which its answer can change, so that
an index can hold the whole future of a listing and never go stale at midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from portal.listings.models import DateState

CLOSING_DAYS = 14
"""「まもなく締切」: open with at most this many days left."""

KINDS_OF_A_DAY = ("seminar", "matching")
"""What these are about happens on a day; when that is over, so is the listing."""

_STATUS_WITHOUT_DATES = {
    DateState.ALWAYS: "always",
    DateState.BUDGET: "open",
    DateState.SOON: "upcoming",
    DateState.UNKNOWN: "unknown",
}


class Round(Protocol):
    """A window of applications after the first."""

    @property
    def opens_on(self) -> date | None: ...
    @property
    def closes_on(self) -> date | None: ...
    @property
    def label(self) -> str | None: ...


class Dated(Protocol):
    """What a status follows from: a version of a listing, or its outline."""

    @property
    def kind(self) -> str: ...
    @property
    def date_state(self) -> str: ...
    @property
    def opens_on(self) -> date | None: ...
    @property
    def closes_on(self) -> date | None: ...
    @property
    def rounds(self) -> Sequence[Round]: ...
    @property
    def event_days(self) -> Sequence[date]: ...


@dataclass(frozen=True, slots=True)
class Window:
    """One round of applications; both days are included, either may be unknown."""

    opens_on: date | None
    closes_on: date | None
    label: str | None = None

    def has_begun(self, day: date) -> bool:
        """True from the first day on; a window of unknown beginning has begun."""
        return self.opens_on is None or self.opens_on <= day

    def is_over(self, day: date) -> bool:
        """True from the day after the last on."""
        return self.closes_on is not None and self.closes_on < day


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a listing on a day, with the round that is current, next or was last."""

    code: str
    opens_on: date | None = None
    closes_on: date | None = None

    def days_left(self, today: date) -> int | None:
        """Days until the deadline, 0 on the day itself; None where there is none to wait for."""
        if self.code not in ("open", "closing") or self.closes_on is None:
            return None
        return (self.closes_on - today).days


def windows(version: Dated) -> tuple[Window, ...]:
    """All rounds of applications in order of time."""
    if version.date_state != DateState.WINDOW:
        return ()
    rounds = [Window(version.opens_on, version.closes_on)]
    rounds += [Window(row.opens_on, row.closes_on, row.label) for row in version.rounds]
    return tuple(sorted(rounds, key=lambda w: (w.opens_on or date.min, w.closes_on or date.max)))


def status_on(version: Dated, day: date) -> Status:
    """The status a version has on a day in Japan."""
    rounds = windows(version)
    if rounds:
        return _status_in(rounds, day)
    last_event_on = _last_event_on(version)
    if last_event_on and last_event_on < day:
        return Status("closed")
    return Status(_STATUS_WITHOUT_DATES[DateState(version.date_state)])


def status_changes(version: Dated) -> tuple[tuple[date, Status], ...]:
    """From which day on which status holds, in order; the first day is ``date.min``."""
    days = {date.min}
    for window in windows(version):
        if window.opens_on:
            days.add(window.opens_on)
        if window.closes_on:
            days.add(window.closes_on - timedelta(days=CLOSING_DAYS))
            days.add(window.closes_on + timedelta(days=1))
    last_event_on = _last_event_on(version)
    if last_event_on:
        days.add(last_event_on + timedelta(days=1))

    changes: list[tuple[date, Status]] = []
    for day in sorted(days):
        status = status_on(version, day)
        if not changes or changes[-1][1] != status:
            changes.append((day, status))
    return tuple(changes)


def _status_in(rounds: Sequence[Window], day: date) -> Status:
    for window in rounds:
        if window.has_begun(day) and not window.is_over(day):
            is_closing = (
                window.closes_on is not None and (window.closes_on - day).days <= CLOSING_DAYS
            )
            return Status("closing" if is_closing else "open", window.opens_on, window.closes_on)
    for window in rounds:
        if not window.has_begun(day):
            return Status("upcoming", window.opens_on, window.closes_on)
    return Status("closed", rounds[-1].opens_on, rounds[-1].closes_on)


def _last_event_on(version: Dated) -> date | None:
    if version.kind not in KINDS_OF_A_DAY:
        return None
    return max(version.event_days, default=None)
