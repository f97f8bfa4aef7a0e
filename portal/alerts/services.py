"""What may be done with saved searches. Callers commit. Nothing of it is recorded as an event: what
owners look for is nobody's business."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import queries as account_queries
from portal.accounts.models import User
from portal.alerts import queries
from portal.alerts.criteria import Criteria
from portal.alerts.favorite_models import DeadlineNotice
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.timing import Frequency, next_due
from portal.clock import in_japan
from portal.errors import PortalError

MOST_SEARCHES = 20
"""Of an address and its account together."""

REQUEST_LIVES = timedelta(days=3)
"""How long one may take to confirm; the mail says until when."""

STOPPED_KEPT = timedelta(days=30)
"""How long one that was stopped can be resumed; then its address is forgotten."""


class TooManySearchesError(PortalError):
    """There are as many as one may have."""


class SameSearchError(PortalError):
    """The same owner has a saved search with the same conditions already."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a search finds at a moment, by an index that knows all that is public.

    :ivar seq: the position in the change log that the index had reached.
    :ivar understood_as: as ``SavedSearch.understood_as``.
    """

    found: frozenset[int]
    seq: int
    understood_as: str


def save(
    session: Session,
    user: User,
    criteria: Criteria,
    frequency: Frequency,
    baseline: Baseline | None,
    *,
    now: datetime,
) -> SavedSearch:
    """Let news of a search be mailed to a member, whose address is known to be theirs. Saving the
    same conditions again changes how often, and resumes what was stopped.

    :param user: held by this transaction.
    :param baseline: None while there is no index; the job then looks what was there.
    :raises TooManySearchesError: there are too many already.
    """
    row = queries.find_same(session, criteria.digest, user.email_folded, user)
    if row is None or row.state == AlertState.REQUESTED:
        _require_room(session, user.email_folded, user)
    if row is None:
        row = _new(criteria, frequency, now)
        row.user_id = user.id
        session.add(row)
    if row.state != AlertState.ACTIVE:
        row.frequency = frequency.value
        begin(row, baseline, now=now)
    else:
        change_frequency(row, frequency, now=now)
    session.flush()
    return row


def request(
    session: Session,
    address: str,
    folded: str,
    criteria: Criteria,
    frequency: Frequency,
    *,
    now: datetime,
) -> SavedSearch:
    """Note that somebody wants news of a search at an address, which its reader has to confirm.

    :param folded: the same address as it is compared.
    """
    row = _new(criteria, frequency, now)
    row.address, row.address_folded = address, folded
    session.add(row)
    session.flush()
    return row


def _new(criteria: Criteria, frequency: Frequency, now: datetime) -> SavedSearch:
    return SavedSearch(
        criteria=criteria.text,
        criteria_digest=criteria.digest,
        frequency=frequency.value,
        state=AlertState.REQUESTED.value,
        requested_at=now,
    )


def confirm(
    session: Session, row: SavedSearch, baseline: Baseline | None, *, now: datetime
) -> None:
    """Whoever reads the mail of its address wants news of a search that was asked for.

    :raises TooManySearchesError: they have too many already.
    """
    folded = str(row.address_folded)
    _require_room(session, folded, account_queries.find_by_email(session, folded))
    begin(row, baseline, now=now)


def _require_room(session: Session, folded: str, user: User | None) -> None:
    if queries.count_of(session, folded, user) >= MOST_SEARCHES:
        raise TooManySearchesError(f"there are {MOST_SEARCHES} saved searches already")


def begin(row: SavedSearch, baseline: Baseline | None, *, now: datetime) -> None:
    """Watch from now on: for the first time, again, or for other conditions. What is there already
    is no news; what was told before is none either."""
    row.state = AlertState.ACTIVE.value
    row.watched_from, row.stopped_at = now, None
    row.looked_at, row.looked_on = now, in_japan(now).date()
    if baseline is None:
        row.known, row.due_at = None, now
        return
    row.known = baseline.found | (row.known or frozenset())
    row.looked_seq, row.understood_as = baseline.seq, baseline.understood_as
    row.due_at = next_due(Frequency(row.frequency), now)


def change_frequency(row: SavedSearch, frequency: Frequency, *, now: datetime) -> None:
    """Tell at other times; what has not been told is told at the next of them."""
    if row.frequency == frequency:
        return
    row.frequency = frequency.value
    if row.state == AlertState.ACTIVE and row.known is not None:
        row.due_at = next_due(frequency, now)


def change_criteria(
    session: Session,
    row: SavedSearch,
    criteria: Criteria,
    baseline: Baseline | None,
    *,
    now: datetime,
) -> bool:
    """Watch for other conditions; returns False if they are the same.

    :raises SameSearchError: there is another saved search that has them.
    """
    if row.criteria_digest == criteria.digest:
        return False
    folded = row.address_folded or (row.user.email_folded if row.user else "")
    if queries.find_same(session, criteria.digest, folded, row.user) is not None:
        raise SameSearchError(f"saved search {row.id} would equal another")
    try:
        with session.begin_nested():
            row.criteria, row.criteria_digest = criteria.text, criteria.digest
    except IntegrityError as error:
        # Another one was given them at this moment.
        raise SameSearchError(f"saved search {row.id} would equal another") from error
    if row.state == AlertState.ACTIVE:
        begin(row, baseline, now=now)
    return True


def stop(row: SavedSearch, *, now: datetime) -> bool:
    """Tell nothing any more; returns False if that was so. It can be resumed for a while."""
    if row.state != AlertState.ACTIVE:
        return False
    row.state, row.due_at, row.stopped_at = AlertState.STOPPED.value, None, now
    return True


def exclude(row: SavedSearch, listing_id: int) -> None:
    """Tell nothing more of one listing."""
    row.excluded = row.excluded | {listing_id}


def include(row: SavedSearch, listing_id: int) -> None:
    """Take that back."""
    row.excluded = row.excluded - {listing_id}
    # Whatever became of it meanwhile is looked for at once.
    row.looked_seq = 0


def forget(session: Session, user: User) -> None:
    """Drop all that somebody saved, with their account or by their address."""
    of_address = SavedSearch.address_folded == user.email_folded
    session.execute(delete(SavedSearch).where((SavedSearch.user_id == user.id) | of_address))


def prune(session: Session, *, now: datetime) -> int:
    """Drop what nobody confirmed in time, and what was stopped long ago; returns how many. What was
    told of deadlines that are over goes, too."""
    is_late = (SavedSearch.state == AlertState.REQUESTED.value) & (
        SavedSearch.requested_at <= now - REQUEST_LIVES
    )
    is_over = SavedSearch.stopped_at <= now - STOPPED_KEPT
    # A deadline that is over is told no more.
    past = DeadlineNotice.closes_on < in_japan(now).date()
    session.execute(delete(DeadlineNotice).where(past))
    return session.connection().execute(delete(SavedSearch).where(is_late | is_over)).rowcount
