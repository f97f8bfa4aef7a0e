"""What a search puts into a calendar or a feed, and where it stops."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from portal import change_log
from portal.clock import JAPAN
from portal.feeds import queries
from portal.feeds.entries import EarlierDay, Entry, EntryKind, by_day
from portal.listings import queries as listing_queries
from portal.listings.models import Listing, listing_id_of

MOST_HITS = 10_000
"""Hits of a search that are looked at, in the order that suits the feed."""

MOST_DAYS = 300
"""Entries of a calendar; of a larger search the next ones are in it."""

MOST_FED = 500
"""Listings that can be reached by going through the pages of a feed."""


@dataclass(frozen=True, slots=True)
class Days:
    """What a calendar of a search holds; ``is_cut`` if there is more."""

    entries: tuple[Entry, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of a feed: what changed last comes first."""

    listings: tuple[Listing, ...]
    has_next: bool


def choose_days(
    session: Session,
    public_ids: Sequence[str],
    kind: EntryKind,
    *,
    today: date,
    to_entries: Callable[[Listing], Iterable[Entry]],
) -> Days:
    """The next days of a kind among the hits of a search; then what is just over."""

    def nearness(day: date) -> tuple[bool, int]:
        return day < today, abs((day - today).days)

    found = queries.days(session, _row_ids(public_ids), kind)
    chosen = sorted(found, key=lambda day: (nearness(day[0]), day[1]))[:MOST_DAYS]
    listings = listing_queries.published_by_ids(session, sorted({id_ for _, id_ in chosen}))
    entries = [entry for listing in listings for entry in to_entries(listing) if entry.kind is kind]
    # A listing has other days, too, that are not near enough.
    nearest = sorted(entries, key=lambda entry: (nearness(entry.day), by_day(entry)))[:MOST_DAYS]
    is_cut = len(found) > MOST_DAYS or len(public_ids) >= MOST_HITS
    return Days(tuple(sorted(nearest, key=by_day)), is_cut)


def choose_gone(
    session: Session,
    public_ids: Sequence[str],
    withdrawn: Sequence[int],
    dropped: Mapping[int, Sequence[EarlierDay]],
    kind: EntryKind,
    *,
    today: date,
    to_entries: Callable[[Listing, Iterable[EarlierDay]], Iterable[Entry]],
) -> tuple[Entry, ...]:
    """The cancelled days of a kind that are still to come, nearest first.

    :param public_ids: the hits of a search, which may have dropped days.
    :param withdrawn: row ids of what would be among them.
    """
    changed = sorted(set(_row_ids(public_ids)) & dropped.keys())
    listings = [
        *listing_queries.published_by_ids(session, changed),
        *listing_queries.withdrawn_by_ids(session, withdrawn),
    ]
    entries = (
        entry
        for listing in listings
        for entry in to_entries(listing, dropped.get(listing.id, ()))
        if entry.is_cancelled and entry.kind is kind and entry.day >= today
    )
    return tuple(sorted(entries, key=by_day)[:MOST_DAYS])


def choose_latest(
    session: Session, public_ids: Sequence[str], *, page: int, per_page: int
) -> FeedPage:
    """A page of the hits of a search, what changed last first; empty past the end."""
    newest = sorted(
        queries.changes(session, _row_ids(public_ids)),
        key=lambda change: (-change[0].timestamp(), change[1]),
    )[:MOST_FED]
    shown = [id_ for _, id_ in newest[(page - 1) * per_page : page * per_page]]
    by_id = {row.id: row for row in listing_queries.published_by_ids(session, shown)}
    listings = tuple(by_id[id_] for id_ in shown if id_ in by_id)
    return FeedPage(listings, has_next=page * per_page < len(newest))


def last_changed(session: Session, *, today: date) -> datetime:
    """An instant after which no answer became another: the last change of anything that is public,
    or the midnight in Japan that began this day, on which statuses change by themselves."""
    midnight = datetime.combine(today, time.min, JAPAN)
    return max(change_log.latest_change_at(session) or midnight, midnight)


def _row_ids(public_ids: Iterable[str]) -> list[int]:
    found = map(listing_id_of, public_ids)
    return [listing_id for listing_id in found if listing_id is not None]
