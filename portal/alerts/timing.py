"""How often somebody is told, and when the next time is. Times of day are those of Japan."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.clock import JAPAN, in_japan

TOLD_AT = time(8, 0)
"""When mails go out that come once a day or once a week."""

_MONDAY = 0


class Frequency(StrEnum):
    """How often news of a saved search are mailed."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def label(self) -> str:
        """What it is called on pages and in mails."""
        return _LABELS[self]


_LABELS = {
    Frequency.AT_ONCE: "すぐに",
    Frequency.DAILY: "毎日（朝8時）",
    Frequency.WEEKLY: "毎週（月曜日の朝8時）",
}


def next_due(frequency: Frequency, now: datetime) -> datetime:
    """The next instant at which somebody is told: now itself where that is at once, else the next
    time of day after now."""
    if frequency is Frequency.AT_ONCE:
        return now
    here = in_japan(now)
    day = here.date() if here.time() < TOLD_AT else here.date() + timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day += timedelta(days=(_MONDAY - day.weekday()) % 7)
    return instant_of(day)


def instant_of(day: date) -> datetime:
    """When mails of a day go out."""
    return datetime.combine(day, TOLD_AT, JAPAN)
