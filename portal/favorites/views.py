"""``/favorites``: what somebody keeps, with or without an account, and sets of listings to share.

What owners keep is their own business: nothing here is recorded or logged.
"""

import re

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from portal import access, form_keeping, interruptions, own_favorites
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.errors import InvalidInputError, NotFoundError
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.favorites import facts, queries, services, shared_presenters
from portal.favorites import presenters as favorite_presenters
from portal.favorites.forms import NoteForm
from portal.favorites.kept import TooManyFavoritesError
from portal.favorites.presenters import TypedNote
from portal.identity import signed_in_user
from portal.listings import listing_sets, sharing
from portal.listings import queries as listing_queries
from portal.listings.models import listing_id_of

blueprint = Blueprint("favorites", __name__)

_PLACE = re.compile(r"(?:[a-z]+-)?L[0-9]{6,9}")
"""The place of a card on its page."""


@blueprint.get("/favorites")
def show() -> str:
    """What is kept, the most pressing first."""
    return _page()


@blueprint.post("/favorites/<public_id>")
def add(public_id: str) -> AnyResponse:
    """Keep a listing; one that was removed just now as it was before."""
    session = db_session()
    is_put_back = own_favorites.removed_just_now() == (listing_id_of(public_id) or 0)
    get = listing_queries.get_ever_public if is_put_back else listing_queries.get_public
    listing = get(session, public_id)
    try:
        own_favorites.add(listing)
    except TooManyFavoritesError as error:
        return _told(public_id, shared_presenters.full(error.most))
    return _told(
        public_id, "お気に入りに戻しました。" if is_put_back else "お気に入りに入れました。"
    )


@blueprint.post("/favorites/<public_id>/remove")
def remove(public_id: str) -> AnyResponse:
    """Keep a listing no longer."""
    was_kept = own_favorites.remove(listing_id_of(public_id) or 0)
    message = "お気に入りから外しました。" if was_kept else "もう外してあります。"
    return _told(public_id, message, can_undo=was_kept)


@blueprint.post("/favorites/<public_id>/confirm")
def confirm(public_id: str) -> AnyResponse:
    """What changed in a listing is known from now on."""
    listing = listing_queries.get_public(db_session(), public_id)
    version_id = request.form.get("version", default=0, type=int)
    if own_favorites.confirm(listing, version_id):
        flash("変わったことを確認しました。")
    else:
        flash("画面を開いたあとに、また変わりました。もう一度ご確認ください。")
    return redirect(url_for(".show", _anchor=public_id), 303)


@blueprint.post("/favorites/<public_id>/note")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
@form_keeping.keeps(NoteForm)
def write_note(public_id: str) -> AnyResponse:
    """Take a member's own words about a favourite."""
    text = NoteForm(request.form).note.data or ""
    try:
        with write_transaction(resources().sessions) as session:
            listing_id = listing_id_of(public_id) or 0
            services.write_note(session, signed_in_user().id, listing_id, text)
    except InvalidInputError as error:
        return make_response(_page(TypedNote(public_id, text, str(error))), 422)
    except NotFoundError:
        # Removed in another tab meanwhile: what was typed is shown all the same.
        return make_response(_page(TypedNote(public_id, text, "")), 404)
    flash("メモを保存しました。")
    return redirect(url_for(".show", _anchor=public_id), 303)


@blueprint.post("/favorites/take-over")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def take_over() -> AnyResponse:
    """Move into the account what this browser still keeps."""
    own_favorites.take_over_cookie(signed_in_user().id)
    return redirect(url_for(".show"), 303)


@blueprint.get("/favorites/shared")
def shared() -> str:
    """A set of listings that somebody sent, for everybody."""
    found = _named()
    query = listing_sets.query_of(row.id for row in found.listings)
    page = shared_presenters.shared_page(
        db_session(), found, today=today(), vocabulary=current_vocabulary()
    )
    return render_template(
        "favorites/shared.html",
        page=page,
        query=query,
        share=_sharing(query, len(found.listings), sheet=url_for("sheets.show") + query),
    )


@blueprint.post("/favorites/shared")
def add_all() -> AnyResponse:
    """Keep all listings of a set that are public."""
    found = listing_sets.read(db_session(), request.form.getlist("id"))
    before = own_favorites.count()
    try:
        own_favorites.add(*found.shown)
    except TooManyFavoritesError as error:
        flash(shared_presenters.full(error.most))
    flash(f"{own_favorites.count() - before}件をお気に入りに入れました。")
    return redirect(url_for(".show"), 303)


@blueprint.get("/favorites/qr.svg")
def qr_code() -> Response:
    """A QR code that leads to a set of listings; of so many as a phone can read."""
    ids = [row.id for row in _named().listings][: shared_presenters.MOST_IN_CODE]
    url = absolute(url_for(".shared") + listing_sets.query_of(ids))
    return Response(sharing.qr_svg(url), mimetype="image/svg+xml")


def _page(typed: TypedNote | None = None) -> str:
    session, vocabulary = db_session(), current_vocabulary()
    kept = queries.with_listings(session, own_favorites.all_kept())
    page = favorite_presenters.favorites_page(
        kept,
        facts.facts_of(session, kept, vocabulary=vocabulary, today=today()),
        sort=request.args.get("sort", ""),
        today=today(),
        vocabulary=vocabulary,
        typed=typed,
    )
    query = listing_sets.query_of(row.listing.id for row in kept)
    stored, is_member = own_favorites.stored(), own_favorites.member_id() is not None
    return render_template(
        "favorites/show.html",
        page=page,
        is_member=is_member,
        is_unreadable=stored.is_unreadable,
        left_in_browser=len(stored.kept) if is_member else 0,
        subscription=absolute(url_for("favorite_files.calendar") + query),
        feed=absolute(url_for("favorite_files.feed") + query),
        share=_sharing(query, len(kept)),
    )


def _told(public_id: str, message: str, *, can_undo: bool = False) -> AnyResponse:
    """What a button did: in its place, or on the page where it was pressed."""
    place, undo = request.form.get("at", public_id), public_id if can_undo else ""
    place = place if _PLACE.fullmatch(place) else ""
    if request.headers.get("HX-Request"):
        titles = listing_queries.published_titles(db_session(), [public_id])
        return make_response(
            render_template(
                "favorites/_answer.html",
                public_id=public_id,
                title=titles.get(public_id, public_id),
                at=place,
                message=message,
                undo=undo,
            )
        )
    flash(message, f"favorite/{undo}")
    page = access.local_target(interruptions.page_of_form() or url_for(".show"))
    return redirect(page.partition("#")[0] + (f"#{place}" if place else ""), 303)


def _sharing(query: str, count: int, *, sheet: str | None = None) -> sharing.Sharing | None:
    if not query:
        return None
    title = f"支援情報{count}件 {current_vocabulary().portal_name}"
    return sharing.sharing_of(
        title,
        absolute(url_for(".shared") + query),
        qr_code=_code_of(query, count),
        sheet=sheet,
    )


def _code_of(query: str, count: int) -> str | None:
    """Where the QR code of a set is, if one can be read."""
    return url_for(".qr_code") + query if count <= shared_presenters.MOST_IN_CODE else None


def _named() -> listing_sets.NamedListings:
    return listing_sets.read(db_session(), request.args.getlist("id"))
