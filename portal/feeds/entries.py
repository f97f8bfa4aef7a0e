"""The days of a listing as a calendar enters them: deadlines, and what is held.

An entry follows from the listing alone, never from the day it is asked for, so that the same state
gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from portal.feeds import marks
from portal.formats import clock_time, era_day
from portal.listings import wording
from portal.listings.models import DateState, Listing, ListingState, ListingVersion, public_version
from portal.listings.schedule_models import ListingEvent


class EntryKind(StrEnum):
    """What happens on a day."""

    DEADLINE = "deadline"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Entry:
    """A day of a listing. Times are Japan's; without ``starts_at`` it is about the whole day."""

    uid: str
    sequence: int
    created_at: datetime
    changed_at: datetime
    kind: EntryKind
    day: date
    starts_at: time | None
    ends_at: time | None
    summary: str
    description: str
    location: str
    url: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class EarlierDay:
    """A day that the public saw with a listing once; ``part`` is its place there."""

    kind: EntryKind
    part: str
    day: date


def of_listing(
    listing: Listing, *, url: str, authority: str, earlier: Iterable[EarlierDay] = ()
) -> tuple[Entry, ...]:
    """All days of a listing that is or was public, in order; cancelled if it is no longer.

    :param url: the address of its page.
    :param authority: the host name of this portal.
    :param earlier: days it had, the latest last: those whose place is empty now are cancelled.
    """
    version = public_version(listing)
    found = [*_deadlines(listing, version, url, authority), *_events(listing, url, authority)]
    names = {entry.uid for entry in found}
    dropped = {marks.uid(listing.public_id, row.part, authority=authority): row for row in earlier}
    found += [_dropped(listing, uid, row, url) for uid, row in dropped.items() if uid not in names]
    return tuple(sorted(found, key=by_day))


def deadline_part(number: int) -> str:
    """The place of a deadline among the rounds, counted from 1."""
    return f"deadline-{number}"


def event_part(position: int) -> str:
    """The place of an event among those of a listing, by its position from 0."""
    return f"event-{position + 1}"


def by_day(entry: Entry) -> tuple[date, time, str]:
    """The order of entries in a calendar."""
    return entry.day, entry.starts_at or time.min, entry.uid


def _deadlines(
    listing: Listing, version: ListingVersion, url: str, authority: str
) -> Iterator[Entry]:
    """The last day of each round: named by its place, so that it stays the same with another
    date."""
    if version.date_state != DateState.WINDOW:
        return
    rounds = [("", version.closes_on)] + [
        (row.label or "", row.closes_on) for row in version.rounds
    ]
    for number, (label, closes_on) in enumerate(rounds, start=1):
        if closes_on is None:
            continue
        suffix = f"（{label}）" if label else ""
        yield _entry(
            listing,
            EntryKind.DEADLINE,
            marks.uid(listing.public_id, deadline_part(number), authority=authority),
            closes_on,
            summary=f"締切：{version.title}{suffix}",
            lines=_deadline_lines(version, closes_on),
            url=url,
        )


def _dropped(listing: Listing, uid: str, row: EarlierDay, url: str) -> Entry:
    entry = _entry(
        listing,
        row.kind,
        uid,
        row.day,
        summary=f"【取り消し】{public_version(listing).title}",
        lines=["この日程はなくなりました。今の日程は、支援のページか窓口でご確認ください。"],
        url=url,
    )
    return replace(entry, is_cancelled=True)


def _deadline_lines(version: ListingVersion, closes_on: date) -> list[str]:
    hours = "受付が終わる時刻は、窓口でご確認ください。"
    return [f"締切は{era_day(closes_on)}です（日本の日付）。{hours}", version.date_note or ""]


def _events(listing: Listing, url: str, authority: str) -> Iterator[Entry]:
    version = public_version(listing)
    for event in version.events:
        yield _entry(
            listing,
            EntryKind.EVENT,
            marks.uid(listing.public_id, event_part(event.position), authority=authority),
            event.held_on,
            starts_at=event.starts_at,
            # An end without a beginning is told in words.
            ends_at=event.ends_at if event.starts_at else None,
            summary=version.title,
            lines=_event_lines(event),
            location="　".join(part for part in (event.venue, event.address) if part),
            url=url,
        )


def _event_lines(event: ListingEvent) -> list[str]:
    ends = event.ends_at if event.starts_at is None else None
    return [
        f"{clock_time(ends)}まで" if ends else "",
        f"定員{event.capacity}人" if event.capacity else "",
    ]


def _entry(
    listing: Listing,
    kind: EntryKind,
    uid: str,
    day: date,
    *,
    summary: str,
    lines: list[str],
    url: str,
    starts_at: time | None = None,
    ends_at: time | None = None,
    location: str = "",
) -> Entry:
    is_cancelled = listing.state != ListingState.PUBLISHED
    if is_cancelled:
        # What was withdrawn is told no more: as much as its page says, and the day to find it by.
        summary, location = f"【掲載終了】支援情報 {listing.public_id}", ""
        lines = [f"この支援情報は掲載を終了しました。{listing.agency.name}にお尋ねください。"]
    else:
        lines = [*lines, *_about(listing)]
    return Entry(
        uid=uid,
        sequence=marks.sequence(listing),
        created_at=listing.published_at or listing.updated_at,
        changed_at=listing.updated_at,
        kind=kind,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=summary,
        description="\n".join(line for line in (*lines, f"くわしくは {url}") if line),
        location=location,
        url=url,
        is_cancelled=is_cancelled,
    )


def _about(listing: Listing) -> list[str]:
    version = public_version(listing)
    # Nobody answers the telephone of a sample.
    tel = "" if wording.is_sample(version) else version.tel
    desk = "　".join(part for part in (listing.agency.name, version.department) if part)
    return [version.summary, f"窓口：{desk}", f"電話：{tel}" if tel else ""]
