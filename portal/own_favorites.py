"""The favourites of whoever asks: rows of a member, or the cookie of a visitor without an account.

Pages ask for the ids alone, once for each request; the list of favourites asks for all.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, flash, g
from flask import session as form_session
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.wrappers import Response

from portal import identity
from portal.accounts.sign_in import SignedIn
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.extensions import db_session, resources
from portal.favorites import cookie, queries, services
from portal.favorites.cookie import UnreadableCookieError
from portal.favorites.kept import (
    Kept,
    TooManyFavoritesError,
    from_plain,
    to_plain,
    with_known,
    with_one_more,
)
from portal.favorites.models import MOST_FAVORITES, MOST_OF_MEMBER
from portal.listings.models import Listing, public_id_of

logger = logging.getLogger(__name__)

COOKIE = "favorites"
LIFE = timedelta(days=365)
"""Counted from the last change."""

_REMOVED = "removed_favorite"

_MOVED = "このブラウザーのお気に入りを、アカウントに入れました。"
_NO_ROOM = (
    "アカウントのお気に入りは{most}件までのため、{count}件が入りませんでした。"
    "このブラウザーに残してあります。お気に入りを整理してから、お気に入りのページで入れられます。"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the cookie of this request holds; ``is_unreadable`` if there is one that cannot be
    read, of which nothing is taken."""

    kept: tuple[Kept, ...] = ()
    is_unreadable: bool = False


def init_app(app: Flask) -> None:
    """Let templates know what is kept, and take it over from the cookie by signing in."""
    app.add_template_global(public_ids, "favorite_ids")
    app.add_template_global(count, "favorite_count")
    app.after_request(_send_cookie)
    identity.when_signed_in(app, _take_over)


def public_ids() -> frozenset[str]:
    """The listings that are kept, as pages name them."""
    return frozenset(map(public_id_of, ids()))


def count() -> int:
    """How many listings whoever asks keeps."""
    return len(ids())


def ids() -> frozenset[int]:
    """The row ids of the listings that are kept; none where the database does not answer, which
    must not keep a page from saying so."""
    if "favorite_ids" not in g:
        g.favorite_ids = frozenset()
        try:
            g.favorite_ids = _look_up()
        except (DBAPIError, PoolTimeoutError) as error:
            logger.warning("could not read favourites: %s", type(error).__name__)
    found: frozenset[int] = g.favorite_ids
    return found


def all_kept() -> tuple[Kept, ...]:
    """Everything that whoever asks keeps, in the order in which it was saved."""
    user_id = member_id()
    return stored().kept if user_id is None else queries.list_kept(db_session(), user_id)


def member_id() -> int | None:
    """The user whose rows these are; None for a visitor, whose they are in a cookie."""
    row = identity.identity().session
    return row.user_id if row else None


def stored() -> Stored:
    """What is in the cookie of this request, or is about to be."""
    if "stored_favorites" not in g:
        g.stored_favorites = _read_cookie()
    found: Stored = g.stored_favorites
    return found


def add(*listings: Listing) -> None:
    """Keep listings that are public; one that was removed just now as it was kept before.

    :raises TooManyFavoritesError: there is no room for all of them; those before are kept.
    """
    now = resources().clock.now()
    _keep([_removed(row.id) or services.first_kept(row, now=now) for row in listings])
    form_session.pop(_REMOVED, None)


def remove(listing_id: int) -> bool:
    """Keep a listing no longer; returns False if it was not kept."""
    user_id = member_id()
    if user_id is None:
        before = stored().kept
        removed = next((kept for kept in before if kept.listing_id == listing_id), None)
        if removed is not None:
            _store(tuple(kept for kept in before if kept is not removed))
    else:
        with write_transaction(resources().sessions) as session:
            removed = services.remove_favorite(session, user_id, listing_id)
    g.pop("favorite_ids", None)
    form_session[_REMOVED] = to_plain(removed) if removed else None
    return removed is not None


def removed_just_now() -> int | None:
    """The row id of the listing that was removed last, which can still be put back as it was."""
    kept = from_plain(form_session.get(_REMOVED))
    return kept.listing_id if kept else None


def confirm(listing: Listing, version_id: int) -> bool:
    """What the public sees of a listing is known; returns False if that is another version by now.

    :raises NotFoundError: it is not kept.
    """
    user_id = member_id()
    if user_id is not None:
        with write_transaction(resources().sessions) as session:
            return services.confirm_changes(session, user_id, listing, version_id)
    known = with_known(stored().kept, listing.id, version_id)
    if version_id != listing.public_version_id:
        return False
    _store(known)
    return True


def _keep(wanted: Iterable[Kept]) -> None:
    user_id = member_id()
    g.pop("favorite_ids", None)
    if user_id is None:
        for one in wanted:
            _store(with_one_more(stored().kept, one, most=MOST_FAVORITES))
        return
    with write_transaction(resources().sessions) as session:
        left = services.add_favorites(session, user_id, wanted)
    if left:
        raise TooManyFavoritesError(MOST_OF_MEMBER)


def _removed(listing_id: int) -> Kept | None:
    kept = from_plain(form_session.get(_REMOVED))
    return kept if kept and kept.listing_id == listing_id else None


def _look_up() -> frozenset[int]:
    user_id = member_id()
    if user_id is None:
        return frozenset(kept.listing_id for kept in stored().kept)
    return queries.listing_ids_of(db_session(), user_id)


def _read_cookie() -> Stored:
    value = identity.cookie(COOKIE)
    if not value:
        return Stored()
    try:
        return Stored(cookie.read(value, resources().secret_key.box(cookie.BOX)))
    except UnreadableCookieError:
        return Stored(is_unreadable=True)


def _store(kept: tuple[Kept, ...]) -> None:
    g.stored_favorites = Stored(kept)
    g.sends_favorites = True


def _take_over(signed_in: SignedIn) -> None:
    """Move what the browser kept into the account."""
    g.pop("favorite_ids", None)
    if stored().kept:
        try:
            take_over_cookie(signed_in.user_id)
        except (DBAPIError, PoolTimeoutError, NotFoundError) as error:
            # They are signed in all the same, and are offered to do it on the page of favourites.
            # Not with the statement, which would tell what they keep.
            logger.warning("could not take favourites over: %s", type(error).__name__)


def take_over_cookie(user_id: int) -> None:
    """Keep for a user what the browser kept; what there is no room for stays with the browser."""
    kept = stored().kept
    with write_transaction(resources().sessions) as session:
        left = services.take_over(session, user_id, kept)
    _store(left)
    if len(kept) > len(left):
        flash(_MOVED)
    if left:
        flash(_NO_ROOM.format(count=len(left), most=MOST_OF_MEMBER))


def _send_cookie(response: Response) -> Response:
    if g.get("sends_favorites"):
        held, kept = resources(), stored().kept
        if kept:
            box = held.secret_key.box(cookie.BOX)
            value = cookie.write(kept, box, now=held.clock.now())
            identity.set_cookie(response, COOKIE, value, LIFE)
        else:
            identity.drop_cookie(response, COOKIE)
    return response
