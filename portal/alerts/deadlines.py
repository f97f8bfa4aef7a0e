"""Who is told of which deadline on which day: rules without database or clock.

``docs/alerts.md`` tells them so that mails can be foretold from it alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.alerts.timing import instant_of
from portal.listings.date_state import Dated, status_on

DAYS_BEFORE = (14, 3)
"""How many days before a deadline somebody is told of it."""

MADE_UP_FOR = timedelta(days=2)
"""How long after its day a mail may still go out that the job missed."""

_OPEN = frozenset({"open", "closing"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A favourite, for one member.

    :ivar wanted_from: from when on they want such mails: the later of when they saved it and when
        they last turned the mails on.
    :ivar updated_at: when what the public sees of the listing last changed.
    """

    listing_id: int
    listing: Dated
    wanted_from: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A deadline that a member is told of; no two mails tell of equal ones."""

    listing_id: int
    closes_on: date
    days_before: int


def find_notices(favorites: Iterable[Kept], *, today: date) -> tuple[Notice, ...]:
    """All that a member may be told on a day, the nearest deadline first; what was told already has
    to be left out."""
    found = (notice for kept in favorites for notice in _notices(kept, today))
    return tuple(sorted(found, key=lambda notice: (notice.closes_on, notice.listing_id)))


def _notices(kept: Kept, today: date) -> Iterator[Notice]:
    status = status_on(kept.listing, today)
    if status.code not in _OPEN or status.closes_on is None:
        return
    for days_before in DAYS_BEFORE:
        day = status.closes_on - timedelta(days=days_before)
        if _is_due(kept, day, today):
            yield Notice(kept.listing_id, status.closes_on, days_before)
            return


def _is_due(kept: Kept, day: date, today: date) -> bool:
    """Whether a mail of a day goes out today: on the day itself; later only if it would have gone
    out then, and nothing changed since."""
    told_at = instant_of(day)
    if not day <= today <= day + MADE_UP_FOR or kept.wanted_from > told_at:
        return False
    was_open = status_on(kept.listing, day).code in _OPEN
    return day == today or (was_open and kept.updated_at <= told_at)
