"""Favourites, and sets of listings that addresses name, as files: ``/favorites.csv``, ``.ics`` and
``.atom``.

Programs that fetch again have no cookie: they ask for the set in their address.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, request, url_for

from portal import own_favorites
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.favorites import exports, queries
from portal.favorites.facts import is_withdrawn
from portal.feeds import answers, atom, gone_queries, marks
from portal.feeds import services as feed_services
from portal.feeds.atom import FedListing, FeedHead
from portal.listings import listing_sets
from portal.listings.models import Listing
from portal.spreadsheets import csv_headers

blueprint = Blueprint("favorite_files", __name__)


@blueprint.get("/favorites.csv")
def csv() -> Response:
    """A table: of the set in the address, else of one's own with what one wrote."""
    cells = exports.Cells(_url_of, today(), current_vocabulary())
    if _is_named():
        chunks = exports.listings_csv(_listings(), cells)
        return make_response("".join(chunks), csv_headers("listings.csv"))
    kept = queries.with_listings(db_session(), own_favorites.all_kept())
    chunks = exports.favorites_csv(kept, queries.known_titles(db_session(), kept), cells)
    return _only_mine(make_response("".join(chunks), csv_headers("favorites.csv")))


@blueprint.get("/favorites.ics")
def calendar() -> Response:
    """A calendar: of the set in the address, which programs fetch again, else of one's own."""
    listings = _listings()
    body = exports.calendar(
        _name(),
        listings,
        gone_queries.days_among(db_session(), [row.id for row in listings]),
        page_url=_shared(listings),
        url_of=_url_of,
        authority=_authority(),
    )
    return _answer(body, answers.CALENDAR, file_name="favorites.ics")


@blueprint.get("/favorites.atom")
def feed() -> Response:
    """A feed: of the set in the address, else of one's own; what changed last comes first. A feed
    cannot say that something was withdrawn, so that is left out."""
    vocabulary, listings = current_vocabulary(), _listings()
    query = listing_sets.query_of(row.id for row in listings)
    head = FeedHead(
        id=marks.feed_tag([("id", row.public_id) for row in listings], authority=_authority()),
        title=_name(),
        subtitle="お気に入りの支援の変更です。",
        author=vocabulary.portal_name,
        updated_at=feed_services.last_changed(db_session(), today=today()),
        links=(
            ("self", "application/atom+xml", absolute(url_for(".feed") + query)),
            ("alternate", "text/html", _shared(listings)),
        ),
    )
    shown = [row for row in listings if not is_withdrawn(row)]
    latest = sorted(shown, key=lambda row: (row.updated_at, row.id), reverse=True)
    fed = [FedListing(row, _url_of(row)) for row in latest]
    body = atom.write(head, fed, authority=_authority(), vocabulary=vocabulary)
    return _answer(body, answers.ATOM)


def _is_named() -> bool:
    return bool(request.args.getlist("id"))


def _listings() -> Sequence[Listing]:
    """What the address names; without a name, one's own."""
    if _is_named():
        return listing_sets.read(db_session(), request.args.getlist("id")).listings
    kept = queries.with_listings(db_session(), own_favorites.all_kept())
    return [row.listing for row in kept]


def _name() -> str:
    return f"お気に入り {current_vocabulary().portal_name}"


def _url_of(listing: Listing) -> str:
    return absolute(url_for("listings.show", public_id=listing.public_id))


def _shared(listings: Sequence[Listing]) -> str:
    query = listing_sets.query_of(row.id for row in listings)
    return absolute(url_for("favorites.shared") + query)


def _authority() -> str:
    return urlsplit(resources().settings.base_url).hostname or ""


def _answer(body: bytes, content_type: str, *, file_name: str | None = None) -> Response:
    changed_at = feed_services.last_changed(db_session(), today=today())
    response = answers.answer(body, content_type, changed_at=changed_at, file_name=file_name)
    return response if _is_named() else _only_mine(response)


def _only_mine(response: Response) -> Response:
    """No cache keeps it, and no other site may read it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Access-Control-Allow-Origin", None)
    response.headers.pop("Cross-Origin-Resource-Policy", None)
    return response
