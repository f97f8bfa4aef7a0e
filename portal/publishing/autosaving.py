"""Keeping what is being typed, for whoever types it. Callers commit."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.listings.models import Listing, ListingVersion, listing_id_of
from portal.publishing.autosave_models import ListingAutosave

NEW = "new"
"""What a form is about whose listing is not there yet."""

KEPT = timedelta(days=90)
"""How long a form is kept that nobody goes on with."""


def about(listing: Listing | None) -> str:
    """What the form of a listing is kept under."""
    return listing.public_id if listing is not None else NEW


def keep(
    session: Session, user: User, subject: str, fields: Iterable[tuple[str, str]], *, now: datetime
) -> None:
    """Keep a form in place of the one that was kept before.

    :param subject: ``about`` the listing.
    """
    # Two windows of one person take turns.
    session.get(User, user.id, with_for_update=True)
    values = {"fields": [list(pair) for pair in fields], "saved_at": now}
    session.merge(ListingAutosave(user_id=user.id, about=subject, **values))
    session.flush()


def find(session: Session, user: User, subject: str) -> ListingAutosave | None:
    """The form that somebody left unfinished; None if there is none."""
    mine = ListingAutosave.user_id == user.id
    wanted = select(ListingAutosave).where(mine, ListingAutosave.about == subject)
    return session.scalar(wanted)


def forget(session: Session, user: User, subject: str) -> None:
    """Let go of a form: it was saved, or is not wanted any more."""
    mine = ListingAutosave.user_id == user.id
    session.execute(delete(ListingAutosave).where(mine, ListingAutosave.about == subject))


def prune(session: Session, *, now: datetime) -> int:
    """Let go of forms that were left ``KEPT`` ago, unless somebody has saved the listing since
    then: where it is being worked on, whoever left the form may come back to it. Returns how many.
    """
    before = now - KEPT
    is_old = ListingAutosave.saved_at < before
    key = tuple_(ListingAutosave.user_id, ListingAutosave.about)
    left = session.execute(select(ListingAutosave.user_id, ListingAutosave.about).where(is_old))
    found = [(user_id, subject) for user_id, subject in left]
    in_use = _saved_since(session, {subject for _, subject in found}, before)
    wanted = [pair for pair in found if pair[1] not in in_use]
    # Asked again: a form that is kept anew at this moment stays.
    gone = delete(ListingAutosave).where(is_old, key.in_(wanted))
    return session.connection().execute(gone).rowcount if wanted else 0


def _saved_since(session: Session, subjects: set[str], instant: datetime) -> set[str]:
    ids = {listing_id: about for about in subjects if (listing_id := listing_id_of(about))}
    last = func.max(ListingVersion.created_at)
    of_them = select(ListingVersion.listing_id).where(ListingVersion.listing_id.in_(ids))
    saved = of_them.group_by(ListingVersion.listing_id).having(last >= instant)
    return {ids[listing_id] for listing_id in session.scalars(saved)}
