"""Calendars as text (RFC 5545): entries to bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vText

from portal.clock import JAPAN
from portal.feeds.entries import Entry, EntryKind

ALARM_DAYS = (14, 3)
"""How many days before a deadline a calendar rings: as many as our own mails."""

RINGS_AT = timedelta(hours=9)
"""Counted from the midnight that a day begins with, at which nobody wants to be rung."""

FETCHED_EVERY = timedelta(hours=12)
"""How often we ask calendars to look again; most have times of their own."""

_KEPT = 4_096
"""Entries kept as bytes by a process, each of a kilobyte or two: the library takes a millisecond
for one, and a calendar has hundreds of which nearly all are as they were."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_END = b"END:VCALENDAR\r\n"
_PRODUCT = "-//shien-portal//calendar//JA"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a calendar is called, and where it comes from."""

    name: str
    description: str
    url: str
    """The page that shows the same."""


def write(heading: Heading, entries: Iterable[Entry]) -> bytes:
    """A whole calendar; the same entries give the same bytes."""
    found = list(entries)
    calendar = _empty(heading)
    if any(entry.starts_at for entry in found):
        calendar.add_component(_japan())
    head = calendar.to_ical().removesuffix(_END)
    return b"".join([head, *map(_event, found), _END])


def _empty(heading: Heading) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Twice each: the names of RFC 7986, and those that programs came to know before it.
    # As text, because the library escapes no property whose type it does not know.
    name, description = vText(_clean(heading.name)), vText(_clean(heading.description))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("description", description)
    calendar.add("x-wr-caldesc", description)
    calendar.add("x-wr-timezone", JAPAN.key)
    calendar.add("url", heading.url)
    calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    return calendar


def _japan() -> Timezone:
    """Japan's time as it has been since 1951: nothing of before is in any calendar."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", JAPAN.key)
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  (local by definition)
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=9))
    standard.add("tzname", "JST")
    zone.add_component(standard)
    return zone


@lru_cache(maxsize=_KEPT)
def _event(entry: Entry) -> bytes:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("created", entry.created_at)
    _set_time(event, entry)
    event.add("summary", _clean(entry.summary))
    event.add("description", _clean(entry.description))
    if entry.location:
        event.add("location", _clean(entry.location))
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    # Neither makes anybody busy: the one is no appointment, to the other few have signed up.
    event.add("transp", "TRANSPARENT")
    if entry.kind is EntryKind.DEADLINE and not entry.is_cancelled:
        for days in ALARM_DAYS:
            event.add_component(_alarm(entry, days))
    written: bytes = event.to_ical()
    return written


def _set_time(event: Event, entry: Entry) -> None:
    if entry.starts_at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        return
    event.add("dtstart", datetime.combine(entry.day, entry.starts_at, JAPAN))
    if entry.ends_at and entry.ends_at > entry.starts_at:
        event.add("dtend", datetime.combine(entry.day, entry.ends_at, JAPAN))


def _alarm(entry: Entry, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", RINGS_AT - timedelta(days=days))
    alarm.add("description", f"あと{days}日 {_clean(entry.summary)}")
    return alarm


def _clean(text: str) -> str:
    """A text without what a calendar may not hold."""
    return _CONTROL.sub("", "\n".join(text.splitlines()))
