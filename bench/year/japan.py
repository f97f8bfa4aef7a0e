"""Times of day and days in Japan, which has no summer time."""

from datetime import date, datetime, time, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
MORNING = time(8, 0)
"""When mails go out that have a time of day."""


def at(day: date, of_day: time = MORNING) -> datetime:
    """An instant by the clock in Japan."""
    return datetime.combine(day, of_day, JAPAN)


def day_of(instant: datetime) -> date:
    """The day in Japan."""
    return instant.astimezone(JAPAN).date()


def next_morning(now: datetime, *, monday: bool = False) -> datetime:
    """The first eight o'clock after an instant, of a Monday if so asked."""
    found = at(day_of(now))
    while found <= now or (monday and found.weekday() != 0):
        found += timedelta(days=1)
    return found


def last_at(now: datetime, of_day: time) -> datetime:
    """The last time up to an instant that the clock showed a time of day."""
    found = at(day_of(now), of_day)
    return found if found <= now else found - timedelta(days=1)
