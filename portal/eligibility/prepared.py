"""All published listings with their conditions, kept by each process until one of them changes.

A check asks for all of them with every question; to read and sort them out each time would take
longer than to judge them.
"""

import threading
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal import change_log
from portal.eligibility import queries
from portal.eligibility.conditions import Condition
from portal.eligibility.listing_conditions import conditions_of, is_over
from portal.listings.outlines import Outline


@dataclass(frozen=True, slots=True)
class Prepared:
    """A listing that is not over, without its long text, and what it asks for."""

    listing: Outline
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """The listings of a day, as of a position of the change log."""

    seq: int
    today: date
    listings: tuple[Prepared, ...]


class PreparedListings:
    """Keeps the listings that somebody can still apply for, and renews them when any listing
    changed or a day began."""

    def __init__(self) -> None:
        self._renewing = threading.Lock()
        self._held: _Held | None = None

    def current(self, session: Session, today: date) -> tuple[Prepared, ...]:
        """The listings as this session's transaction sees them, by their number."""
        seq = change_log.latest_seq(session)
        held = self._held
        if held is None or (held.seq, held.today) != (seq, today):
            with self._renewing:
                held = self._held
                if held is None or (held.seq, held.today) != (seq, today):
                    # What is read after the position may be newer; then the next check reads again.
                    held = self._held = _Held(seq, today, self._prepare(session, today))
        return held.listings

    def _prepare(self, session: Session, today: date) -> tuple[Prepared, ...]:
        return tuple(
            Prepared(
                replace(listing, body=""),
                conditions_of(listing, today),
            )
            for listing in queries.all_published(session)
            if not is_over(listing, today)
        )
