"""Reads of favourites by what their owners may be told of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import User
from portal.alerts.changes import QUIET_FOR
from portal.alerts.deadlines import Notice
from portal.alerts.favorite_models import AlertSetting, ChangeNotice, DeadlineNotice
from portal.favorites.models import Favorite
from portal.listings.models import Listing, ListingState, ListingVersion

# Made once: putting them together takes longer than asking.
_KNOWN, _TOLD = aliased(ListingVersion), aliased(ListingVersion)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A favourite whose owner wants to hear of its deadline, and from when on."""

    user_id: int
    listing_id: int
    wanted_from: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """A favourite that is not as its owner last knew it.

    :ivar known_versions: number and row id of the version that they say to know, and of the one up
        to which they were told, if they were.
    """

    user_id: int
    listing: Listing
    known_versions: tuple[tuple[int, int], ...]
    was_told_withdrawn: bool


def list_published_favorites(session: Session) -> Sequence[int]:
    """Row ids of all published listings that somebody keeps."""
    kept = (
        select(Favorite.listing_id)
        .join(Listing, Listing.id == Favorite.listing_id)
        .where(Listing.state == ListingState.PUBLISHED)
        .distinct()
        .order_by(Favorite.listing_id)
    )
    return session.scalars(kept).all()


def list_wanted(
    session: Session, listing_ids: Collection[int], *, user_id: int | None = None
) -> list[Wanted]:
    """Who keeps some listings that are published and wants to hear of their deadlines; of one user,
    if so asked."""
    wanted = (
        select(Favorite, AlertSetting.deadline_mails_from)
        .join(User, User.id == Favorite.user_id)
        .join(Listing, Listing.id == Favorite.listing_id)
        .outerjoin(AlertSetting, AlertSetting.user_id == Favorite.user_id)
        .where(
            Favorite.listing_id.in_(listing_ids),
            Listing.state == ListingState.PUBLISHED,
            User.disabled_at.is_(None),
            AlertSetting.has_deadline_mails.is_not(False),
        )
        .order_by(Favorite.user_id, Favorite.listing_id)
    )
    if user_id is not None:
        wanted = wanted.where(Favorite.user_id == user_id)
    return [
        Wanted(row.user_id, row.listing_id, max(row.saved_at, turned_on_at or row.saved_at))
        for row, turned_on_at in session.execute(wanted)
    ]


def told_deadlines(
    session: Session, since: date, *, user_id: int | None = None
) -> dict[int, set[Notice]]:
    """What members were told of deadlines from a day on, by the number of the member; of one of
    them, if so asked."""
    told = select(DeadlineNotice).where(DeadlineNotice.closes_on >= since)
    if user_id is not None:
        told = told.where(DeadlineNotice.user_id == user_id)
    found: dict[int, set[Notice]] = {}
    for row in session.scalars(told):
        notice = Notice(row.listing_id, row.closes_on, row.days_before)
        found.setdefault(row.user_id, set()).add(notice)
    return found


def list_deadline_notices(session: Session, user_id: int) -> Sequence[DeadlineNotice]:
    """All that a member was told of deadlines."""
    told = select(DeadlineNotice).where(DeadlineNotice.user_id == user_id)
    return session.scalars(told.order_by(DeadlineNotice.told_at, DeadlineNotice.listing_id)).all()


def list_change_notices(session: Session, user_id: int) -> Sequence[ChangeNotice]:
    """Up to where a member was told of changes, for each favourite."""
    told = select(ChangeNotice).where(ChangeNotice.user_id == user_id)
    return session.scalars(told.order_by(ChangeNotice.told_at, ChangeNotice.listing_id)).all()


def has_changed(session: Session, now: datetime) -> bool:
    """Whether a favourite changed of which its owner was not told."""
    return bool(session.scalar(select(_changed(now).exists())))


def list_changed_owners(session: Session, now: datetime) -> Sequence[int]:
    """Who keeps a favourite that changed, in order."""
    owners = _changed(now).with_only_columns(Favorite.user_id).distinct()
    return session.scalars(owners.order_by(Favorite.user_id)).all()


def list_changed(session: Session, user_id: int, now: datetime) -> list[Changed]:
    """The favourites of a member that changed, by id."""
    rows = session.execute(
        _changed(now)
        .join(_KNOWN, _KNOWN.id == Favorite.known_version_id)
        .outerjoin(_TOLD, _TOLD.id == ChangeNotice.version_id)
        .with_only_columns(
            *(Listing, ChangeNotice.is_withdrawn),
            *(_KNOWN.number, _KNOWN.id, _TOLD.number, _TOLD.id),
        )
        .where(Favorite.user_id == user_id)
        .order_by(Favorite.listing_id),
        execution_options={"populate_existing": True},
    )
    return [
        Changed(
            user_id=user_id,
            listing=listing,
            known_versions=((number, id_),) + (((told_number, told_id),) if told_id else ()),
            was_told_withdrawn=bool(is_withdrawn),
        )
        for listing, is_withdrawn, number, id_, told_number, told_id in rows
    ]


def _changed(now: datetime) -> Select[int]:
    """Favourites whose listing is another version than its owner knows or was told, or went, or
    came back; and has been so for a while."""
    is_public = Listing.state == ListingState.PUBLISHED
    is_news = (Listing.public_version_id != Favorite.known_version_id) & (
        ChangeNotice.version_id.is_(None) | (ChangeNotice.version_id != Listing.public_version_id)
    )
    is_back = ChangeNotice.is_withdrawn.is_(True)
    is_told_gone = ChangeNotice.is_withdrawn.is_(True)
    return (
        select(Favorite.listing_id)
        .join(Listing, Listing.id == Favorite.listing_id)
        .outerjoin(
            ChangeNotice,
            (ChangeNotice.user_id == Favorite.user_id)
            & (ChangeNotice.listing_id == Favorite.listing_id)
            & (ChangeNotice.told_at >= Favorite.saved_at),
        )
        .where(
            Listing.updated_at <= now - QUIET_FOR,
            Listing.updated_at >= Favorite.saved_at,
            (is_public & (is_news | is_back)) | (~is_public & is_told_gone.is_not(True)),
        )
    )
