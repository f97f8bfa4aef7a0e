"""What search engines and browsers ask of any site: its addresses, and how it is searched."""

from collections.abc import Iterator

from flask import Blueprint, Response, url_for

from portal.agencies import queries as agency_queries
from portal.errors import NotFoundError
from portal.extensions import absolute, current_vocabulary, db_session, today
from portal.feeds import answers, opensearch, queries, services, sitemap
from portal.feeds.sitemap import KnownPage
from portal.feeds.turns import in_turn
from portal.listings.models import public_id_of

blueprint = Blueprint("crawlers", __name__)

_PLAIN_PAGES = (
    *("pages.home", "search.search", "agencies.index", "ranking.show", "messages.contact"),
    *("pages.about", "pages.help_", "pages.terms", "pages.privacy", "pages.accessibility"),
    "api.docs",
)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Everything may be crawled but pages of sets of listings, of which there is no end; result
    pages tell for themselves what not to keep."""
    address = absolute(url_for("crawlers.sitemap_file"))
    return Response(
        f"User-agent: *\nDisallow: /favorites/\nDisallow: /compare\n\nSitemap: {address}\n",
        content_type="text/plain; charset=utf-8",
    )


@blueprint.get("/sitemap.xml")
@in_turn
def sitemap_file() -> Response:
    """All addresses, or where to find them if they are too many for one file."""
    pages = list(_pages())
    files = sitemap.count_files(pages)
    if files == 1:
        return _answer(sitemap.write(pages))
    numbers = range(1, files + 1)
    addresses = [absolute(url_for("crawlers.sitemap_part", part=n)) for n in numbers]
    return _answer(sitemap.write_index(addresses))


@blueprint.get("/sitemaps/<int:part>.xml")
@in_turn
def sitemap_part(part: int) -> Response:
    """Some of the addresses, if they are too many for one file."""
    pages = list(_pages())
    found = sitemap.in_file(pages, part) if part else ()
    if not found:
        raise NotFoundError(f"sitemap {part}")
    return _answer(sitemap.write(found))


@blueprint.get("/opensearch.xml")
def opensearch_description() -> Response:
    """How a browser searches here."""
    body = opensearch.write(
        current_vocabulary(),
        search_url=absolute(url_for("search.search")),
        feed_url=absolute(url_for("feeds.listings")),
        own_url=absolute(url_for("crawlers.opensearch_description")),
    )
    response = _answer(body)
    response.mimetype = "application/opensearchdescription+xml"
    return response


def _pages() -> Iterator[KnownPage]:
    session = db_session()
    yield from (KnownPage(absolute(url_for(endpoint))) for endpoint in _PLAIN_PAGES)
    for agency in agency_queries.list_agencies(session):
        yield KnownPage(absolute(url_for("agencies.show", code=agency.code)))
    # Building an address takes longer than reading it: one serves for all of them.
    stem = absolute(url_for("listings.show", public_id="L")).removesuffix("L")
    for listing_id, changed_at in queries.list_addresses(session):
        yield KnownPage(f"{stem}{public_id_of(listing_id)}", changed_at)


def _answer(body: bytes) -> Response:
    changed_at = services.last_changed(db_session(), today=today())
    return answers.answer(body, answers.XML, changed_at=changed_at)
