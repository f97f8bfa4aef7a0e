"""Favourites of members, and the acts of clerks that their owners are told of."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.db import write_transaction
from portal.extensions import Resources
from portal.favorites.models import Favorite
from portal.listings import services
from portal.listings.models import Listing, listing_id_of
from portal.listings.version_content import content_of
from tests.conftest import NOW


def keep(held: Resources, user_id: int, *public_ids: str, at: datetime = NOW) -> None:
    """Let a member keep listings as they are."""
    with write_transaction(held.sessions) as session:
        for public_id in public_ids:
            listing = listing_of(session, public_id)
            session.add(
                Favorite(
                    user_id=user_id,
                    listing_id=listing.id,
                    known_version_id=listing.public_version_id,
                    saved_at=at,
                )
            )


def change(held: Resources, public_id: str, *, at: datetime = NOW, **content: Any) -> None:
    """Publish another version of a listing."""
    with write_transaction(held.sessions) as session:
        listing = listing_of(session, public_id)
        said = content_of(listing.versions[-1])
        services.save_version(session, listing, replace(said, **content), now=at)
        services.publish(session, listing, now=at)


def withdraw(held: Resources, public_id: str, *, at: datetime = NOW) -> None:
    """Take a listing off the public pages."""
    with write_transaction(held.sessions) as session:
        services.withdraw(session, listing_of(session, public_id), reason="終わり", now=at)


def show_again(held: Resources, public_id: str, *, at: datetime = NOW) -> None:
    """Put it back."""
    with write_transaction(held.sessions) as session:
        services.show_again(session, listing_of(session, public_id), now=at)


def listing_of(session: Session, public_id: str) -> Listing:
    """The row of a public id."""
    return session.get_one(Listing, listing_id_of(public_id))
