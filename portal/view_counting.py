"""Counting page views: which endpoints are pages, what views say of them, and the line that is
written before the answer leaves.

Nothing of who asks is written, but whether they are staff: no address, no user, no cookie.
"""

import logging
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from math import inf
from urllib.parse import parse_qsl, quote, urlsplit

from flask import Flask, g, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.accounts.permissions import Permission, Role, may
from portal.agencies import queries as agency_queries
from portal.extensions import Resources, current_vocabulary, db_session, resources
from portal.identity import Identity
from portal.pageviews import rollup
from portal.pageviews.classify import classify, device_of
from portal.pageviews.folders import Folders
from portal.pageviews.kinds import ClickKind, Device, PageKind, RequestClass
from portal.pageviews.lines import LONGEST_CONDITIONS, ClickLine, PageLine
from portal.search.params import SearchParams, parse

logger = logging.getLogger(__name__)

PAGES: Mapping[str, PageKind] = {
    "pages.home": PageKind.HOME,
    "search.search": PageKind.SEARCH,
    "listings.show": PageKind.LISTING,
    "listing_history.show": PageKind.LISTING_MORE,
    "messages.show_report": PageKind.LISTING_MORE,
    **dict.fromkeys(("agencies.index", "agencies.show"), PageKind.AGENCY),
    "ranking.show": PageKind.RANKING,
    "eligibility.check": PageKind.CHECK,
    "consultation.show": PageKind.CONSULTATION,
    "comparison.show": PageKind.COMPARISON,
    **dict.fromkeys(("favorites.show", "favorites.shared", "sheets.show"), PageKind.FAVORITES),
    **dict.fromkeys(("alerts.new", "alerts.show", "alert_stops.show"), PageKind.ALERTS),
    **dict.fromkeys(
        (
            *("sign_in.show", "password_reset.show", "password_reset.show_form"),
            *("joining.show_invitation", "joining.show_sign_up", "joining.show_confirmed"),
            "membership.show_new_email",
        ),
        PageKind.ACCOUNT,
    ),
    **dict.fromkeys(
        (
            *("pages.about", "pages.help_", "pages.help_staff", "pages.help_approvers"),
            *("pages.terms", "pages.privacy", "pages.accessibility", "api.docs"),
            *("messages.contact", "messages.sent"),
        ),
        PageKind.GUIDE,
    ),
}
"""Every public page of HTML. What else is public is a file, an answer for programs, or an act."""

NO_PAGES = frozenset(
    {
        *("static", "listing_sharing.qr_code", "favorites.qr_code", "attachments.download"),
        *("feeds.listing", "feeds.listings", "feeds.deadlines", "feeds.events"),
        *("crawlers.robots", "crawlers.sitemap_file", "crawlers.sitemap_part"),
        "crawlers.opensearch_description",
        *("favorite_files.csv", "favorite_files.calendar", "favorite_files.feed", "sheets.pdf"),
        *("api.search", "api.listing", "api.suggest", "api.vocabulary", "api.agencies"),
        *("api.openapi_document", "operations.healthz", "operations.readyz"),
    }
)
"""Endpoints for everybody that answer with no page."""

_LISTING, _SEARCH = "counted_listing", "counted_search"
_IN_PASSING_S = 2.0
_LONGEST_S = 5.0
"""A stranger can write lines faster than they are counted; no page waits for all of them."""
_ORDER_AND_PAGE = {"sort", "page", "per_page"}
_RESERVED = re.compile(r"[%&=+#;\x00-\x20]")


def init_app(app: Flask) -> None:
    """Count what is answered. To be set up before all others that look at answers: the last to
    look is the one that was set up first."""
    app.after_request(_count)


def note_listing(listing_id: int, version_id: int) -> None:
    """The page of this request is about a listing, and shows this version of it."""
    setattr(g, _LISTING, (listing_id, version_id))


def note_search(params: SearchParams, total: int) -> None:
    """The page of this request answers a search, which finds so many listings. Further pages of it,
    and other orders, are no other search."""
    if params.page == 1:
        setattr(g, _SEARCH, (conditions_of(params), total))


def conditions_of(params: SearchParams) -> str | None:
    """What tells a search from others, as a query string; None if it is longer than is kept.

    The same words in wide or capital letters are the same search.
    """
    pairs = [(name, value) for name, value in params.to_pairs() if name not in _ORDER_AND_PAGE]
    text = "&".join(f"{name}={_escaped(_folded(name, value))}" for name, value in pairs)
    return text if len(text) <= LONGEST_CONDITIONS else None


def record_click(listing_id: int, kind: ClickKind) -> None:
    """Somebody pressed something on the page of a listing. Whether it is shown to the public is
    the caller's to know."""
    now = resources().clock.now()
    request_class = RequestClass.STAFF if _is_staff() else RequestClass.PAGE
    agent = request.user_agent.string
    made = partial(ClickLine, now, kind, listing_id, request_class, _device())
    resources().spool.write(agent, made, now=now)


def count_now() -> None:
    """Count what was written on this host until now, before a report is shown. Where another
    process is at it for longer than two seconds, what takes more than five, or the disk refuses,
    what is counted is told."""
    count_written(resources(), longest=_LONGEST_S)
    # Who asks was read before, in a transaction that does not see what was counted since.
    db_session().rollback()


def count_written(held: Resources, *, longest: float = inf) -> None:
    """The same for commands, which answer no request and take their time."""
    folders = Folders(held.settings.data_dir)
    try:
        now = held.clock.now()
        rollup.roll_up(held.sessions, folders, now=now, timeout=_IN_PASSING_S, longest=longest)
    except (rollup.BusyError, rollup.CountedMeanwhileError, OSError) as error:
        logger.warning("page views wait to be counted: %s", error)


def _count(response: Response) -> Response:
    page_kind = _page_kind()
    if page_kind is not None and request.method in ("GET", "HEAD"):
        try:
            _write(page_kind, response)
        except Exception:
            # A page is shown though it could not be counted; whoever runs the portal is told.
            logger.exception("a page view could not be counted")
    return response


def _page_kind() -> PageKind | None:
    if request.endpoint is None:
        return PageKind.UNKNOWN
    return PAGES.get(request.endpoint)


def _write(page_kind: PageKind, response: Response) -> None:
    held = resources()
    now: datetime = held.clock.now()
    request_class, reason = classify(
        request.method,
        response.status_code,
        request.headers,
        is_page=response.mimetype == "text/html",
        is_staff=_is_staff(),
    )
    listing_id, version_id = g.get(_LISTING, (0, 0))
    searched, found = _searched()
    made = partial(
        PageLine,
        now,
        page_kind,
        request_class,
        _device(),
        reason=reason,
        listing_id=listing_id,
        version_id=version_id,
        searched=searched,
        found=found,
        led_by=_led_by() if listing_id else None,
    )
    held.spool.write(request.user_agent.string, made, now=now)


def _device() -> Device:
    return device_of(request.user_agent.string, request.headers.get("Sec-CH-UA-Mobile", ""))


def _is_staff() -> bool:
    """Whether who asks was found to work here; nothing is looked up for it."""
    found: Identity | None = g.get("identity")
    row = (found.session or found.pending) if found else None
    return row is not None and may(Role(row.user.role), Permission.READ_STATISTICS)


def _searched() -> tuple[str | None, int]:
    """The search of this page; none where a script brings the page up to date and the conditions
    are those it has, and none of staff, who look for what they wrote."""
    conditions, found = g.get(_SEARCH, (None, 0))
    if _is_staff():
        return None, 0
    current = request.headers.get("HX-Current-URL")
    if conditions is not None and current and _conditions_in(current) == conditions:
        return None, 0
    return conditions, found


def _led_by() -> str | None:
    """The search whose results somebody left for this page, where the browser tells."""
    return _conditions_in(request.referrer or "")


def _conditions_in(address: str) -> str | None:
    """The search of a page of ours; None if it is another page, a search for anything, or no
    address: a header says what a stranger likes, and a view is counted whatever it is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc != request.host or parts.path != url_for("search.search"):
        return None
    args = MultiDict(parse_qsl(parts.query, keep_blank_values=True))
    agency_codes = agency_queries.known_codes(db_session())
    return conditions_of(parse(args, vocabulary=current_vocabulary(), agency_codes=agency_codes))


def _folded(name: str, value: str) -> str:
    if name != "q":
        return value
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _escaped(value: str) -> str:
    """Readable Japanese in a query string: only what has a meaning there is escaped."""
    return _RESERVED.sub(lambda found: quote(found[0], safe=""), value)
