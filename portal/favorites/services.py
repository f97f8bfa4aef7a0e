"""What members do to their favourites. Of it nothing is recorded, and nothing logged: what owners
keep is their own business.

Each act holds its user first, so that two at once, in two browsers, come one after the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import queries as account_queries
from portal.errors import FieldProblem, InvalidInputError, NotFoundError
from portal.favorites import queries
from portal.favorites.kept import Kept, merged
from portal.favorites.models import LONGEST_NOTE, MOST_OF_MEMBER, Favorite
from portal.listings.models import Listing, ListingVersion

_NOTE_TOO_LONG = f"メモは{LONGEST_NOTE}文字までです。{{over}}文字減らしてください。"


def first_kept(listing: Listing, *, now: datetime) -> Kept:
    """A public listing as it is kept from now on: what it says is known.

    :raises NotFoundError: it never was public.
    """
    if listing.public_version_id is None:
        raise NotFoundError(listing.public_id)
    return Kept(listing.id, listing.public_version_id, now.replace(microsecond=0))


def add_favorites(session: Session, user_id: int, kept: Iterable[Kept]) -> tuple[Kept, ...]:
    """Keep listings; whoever keeps one of them already keeps it as before. Returns what there is no
    room for."""
    account_queries.hold(session, user_id)
    had = set(queries.listing_ids_of(session, user_id))
    left = []
    for one in kept:
        if one.listing_id in had:
            continue
        if len(had) >= MOST_OF_MEMBER:
            left.append(one)
            continue
        had.add(one.listing_id)
        session.add(_row(user_id, one))
    session.flush()
    return tuple(left)


def remove_favorite(session: Session, user_id: int, listing_id: int) -> Kept | None:
    """Keep a listing no longer; returns it as it was kept, for who changes their mind."""
    account_queries.hold(session, user_id)
    row = session.get(Favorite, (user_id, listing_id))
    if row is None:
        return None
    kept = queries.kept_of(row)
    session.delete(row)
    session.flush()
    return kept


def write_note(session: Session, user_id: int, listing_id: int, note: str) -> None:
    """Take a member's own words about a favourite; empty ones take the note away.

    :raises NotFoundError: they keep no such listing.
    :raises InvalidInputError: the words are too many.
    """
    account_queries.hold(session, user_id)
    row = queries.get_favorite(session, user_id, listing_id)
    # Browsers send two characters for the end of a line.
    tidy = "\n".join(note.splitlines()).strip()
    if len(tidy) > LONGEST_NOTE:
        over = len(tidy) - LONGEST_NOTE
        raise InvalidInputError([FieldProblem("note", _NOTE_TOO_LONG.format(over=over))])
    row.note = tidy
    session.flush()


def confirm_changes(session: Session, user_id: int, listing: Listing, version_id: int) -> bool:
    """A member knows what a listing says in the version that they were shown; returns False if
    the public sees another by now, of which nothing was told yet.

    :raises NotFoundError: they keep no such listing.
    """
    account_queries.hold(session, user_id)
    row = queries.get_favorite(session, user_id, listing.id)
    # No other version: what was never public would be told as what it differs in.
    if version_id != listing.public_version_id:
        return False
    row.known_version_id = version_id
    session.flush()
    return True


def take_over(session: Session, user_id: int, kept: Sequence[Kept]) -> tuple[Kept, ...]:
    """Keep for a member what their browser kept before they signed in, each listing once; returns
    what there is no room for. Done again, it changes nothing.

    :raises NotFoundError: the account ended at this moment.
    """
    account_queries.hold(session, user_id)
    usable = _usable(session, kept)
    had = {row.listing_id: row for row in queries.list_kept(session, user_id)}
    room = MOST_OF_MEMBER - len(had)
    left: list[Kept] = []
    for one in merged(had.values(), usable):
        if one.listing_id in had:
            row = queries.get_favorite(session, user_id, one.listing_id)
            row.known_version_id, row.saved_at = one.known_version_id, one.saved_at
        elif room > 0:
            session.add(_row(user_id, one))
            room -= 1
        else:
            left.append(one)
    session.flush()
    return tuple(left)


def _usable(session: Session, kept: Sequence[Kept]) -> list[Kept]:
    """Favourites of listings that the public sees or saw. Of one whose known version is none, as
    after a database was put back, the public one counts as known."""
    listings = queries.listings_by_id(session, [one.listing_id for one in kept])
    found = []
    for one in kept:
        listing = listings.get(one.listing_id)
        if listing is None or listing.public_version_id is None:
            continue
        version = session.get(ListingVersion, one.known_version_id)
        is_known = version is not None and version.listing_id == listing.id
        known = one.known_version_id if is_known else listing.public_version_id
        found.append(replace(one, known_version_id=known))
    return found


def _row(user_id: int, kept: Kept) -> Favorite:
    return Favorite(
        user_id=user_id,
        listing_id=kept.listing_id,
        known_version_id=kept.known_version_id,
        saved_at=kept.saved_at,
        note=kept.note,
    )
