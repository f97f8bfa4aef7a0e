"""Keeping what is being typed, for whoever types it. Callers commit."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.listings.autosave_models import ListingAutosave
from portal.listings.models import Listing

NEW = "new"
"""What a form is about whose listing is not there yet."""


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
