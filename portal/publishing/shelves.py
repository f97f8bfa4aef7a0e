"""Where a listing lies at the desk of its agency: what is being prepared, what the public sees,
what was put away.

A listing that is public and has a change in preparation lies on one shelf of each kind. Whether it
is over follows from its dates and the day, as in ``date_state``, of which the conditions here are
the form that databases understand; a test holds the two to each other.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased

from portal.clock import JAPAN
from portal.listings.date_state import KINDS_OF_A_DAY
from portal.listings.models import ChangeState, DateState, Listing, ListingState, ListingVersion
from portal.listings.schedule_models import ApplicationRound, ListingEvent

CLOSING_WITHIN = timedelta(days=30)
CONFIRMED_FOR = timedelta(days=180)
"""How long nobody has to vouch again for what a listing says."""

Condition: TypeAlias = ColumnElement[bool]

shown = aliased(ListingVersion, name="shown")
"""The version the public sees; conditions here speak of it, so a statement joins it."""

stage = func.coalesce(Listing.change_state, Listing.state)
"""As ``Listing.stage``, where something is in preparation."""


class Shelf(StrEnum):
    """Codes stand in addresses."""

    DRAFT = "draft"
    RETURNED = "returned"
    IN_REVIEW = "in-review"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    UNCONFIRMED = "unconfirmed"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return _LABELS[self]


_LABELS = {
    Shelf.DRAFT: "下書き",
    Shelf.RETURNED: "差し戻し",
    Shelf.IN_REVIEW: "確認待ち",
    Shelf.SCHEDULED: "公開予約",
    Shelf.OPEN: "公開中",
    Shelf.CLOSING: "30日以内に締切",
    Shelf.CLOSED: "募集が終わったもの",
    Shelf.UNCONFIRMED: "内容の確認が必要",
    Shelf.WITHDRAWN: "掲載終了",
    Shelf.ARCHIVED: "保管",
}


def lies_on(shelf: Shelf, today: date) -> Condition:
    """Whether a listing lies on a shelf; ``shown`` has to be joined."""
    match shelf:
        case Shelf.DRAFT:
            return and_(stage == ChangeState.DRAFT, Listing.return_comment.is_(None))
        case Shelf.RETURNED:
            return and_(stage == ChangeState.DRAFT, Listing.return_comment.is_not(None))
        case Shelf.IN_REVIEW:
            return stage == ChangeState.IN_REVIEW
        case Shelf.SCHEDULED:
            return stage == ChangeState.SCHEDULED
        case Shelf.WITHDRAWN:
            return Listing.state == ListingState.WITHDRAWN
        case Shelf.ARCHIVED:
            return Listing.state == ListingState.ARCHIVED
    return and_(Listing.state == ListingState.PUBLISHED, _of_the_public(shelf, today))


def _of_the_public(shelf: Shelf, today: date) -> Condition:
    match shelf:
        case Shelf.CLOSING:
            return _closes_soon(today)
        case Shelf.CLOSED:
            return ~_is_left(today)
        case Shelf.UNCONFIRMED:
            return and_(_is_left(today), _is_long_unconfirmed(today - CONFIRMED_FOR))
    return _is_left(today)


def _is_long_unconfirmed(since: date) -> Condition:
    """Whether nobody vouched for it from a day on, nor changed what the public sees, which says as
    much."""
    long_ago = or_(Listing.confirmed_on.is_(None), Listing.confirmed_on < since)
    return and_(long_ago, Listing.updated_at < datetime.combine(since, time(), JAPAN))


def _is_left(today: date) -> Condition:
    """Whether there is a round, or a day, still to come or running. True or false, never NULL."""
    of_it = ApplicationRound.version_id == shown.id
    later = or_(ApplicationRound.closes_on.is_(None), ApplicationRound.closes_on >= today)
    has_round = exists().where(of_it, later)
    has_day = exists().where(ListingEvent.version_id == shown.id)
    has_later_day = exists().where(
        ListingEvent.version_id == shown.id, ListingEvent.held_on >= today
    )
    is_window = shown.date_state == DateState.WINDOW
    return or_(
        and_(is_window, or_(shown.closes_on.is_(None), shown.closes_on >= today, has_round)),
        and_(~is_window, or_(shown.kind.not_in(KINDS_OF_A_DAY), ~has_day, has_later_day)),
    )


def _closes_soon(today: date) -> Condition:
    until = today + CLOSING_WITHIN

    def closes(row: type[ListingVersion] | type[ApplicationRound]) -> Condition:
        has_begun = or_(row.opens_on.is_(None), row.opens_on <= today)
        return and_(has_begun, row.closes_on.between(today, until))

    round_closes = exists().where(ApplicationRound.version_id == shown.id, closes(ApplicationRound))
    return and_(shown.date_state == DateState.WINDOW, or_(closes(shown), round_closes))
