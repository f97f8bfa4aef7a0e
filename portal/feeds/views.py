"""Calendars and feeds: of a listing, and of any search."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request, url_for

from portal import error_pages
from portal.agencies import queries as agency_queries
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.feeds import (
    answers,
    atom,
    calendars,
    entries,
    gone_queries,
    marks,
    presenters,
    services,
)
from portal.feeds.atom import FedListing, FeedHead
from portal.feeds.calendars import Heading
from portal.feeds.entries import EarlierDay, Entry, EntryKind
from portal.feeds.turns import in_turn
from portal.listings import queries
from portal.listings.models import Listing, ListingState, public_version
from portal.search import addresses, refusals
from portal.search import params as search_params
from portal.search import services as search_services
from portal.search.params import SearchParams
from search_index import SearchUnavailableError, Sort

blueprint = Blueprint("feeds", __name__)

Answer = Response | tuple[Response, int]


@blueprint.get("/listings/<public_id>.ics")
def listing(public_id: str) -> Response:
    """The days of one listing. One that was withdrawn has them cancelled, so that calendars take
    them away, which an error would not make them do."""
    session = db_session()
    found = queries.get_ever_public(session, public_id)
    is_public = found.state == ListingState.PUBLISHED
    title = public_version(found).title if is_public else f"掲載終了 {public_id}"
    name = f"{title} {current_vocabulary().portal_name}"
    heading = Heading(name, "支援の締切と開催日です。", _url_of(found))
    return answers.answer(
        calendars.write(heading, _entries(found, gone_queries.days_of(session, found.id))),
        answers.CALENDAR,
        changed_at=services.last_changed(session, today=today()),
        file_name=f"{public_id}.ics",
    )


@blueprint.get("/feeds/deadlines.ics")
@in_turn
def deadlines() -> Answer:
    """The next deadlines of what a search finds."""
    return _answer_search(partial(_calendar, EntryKind.DEADLINE))


@blueprint.get("/feeds/events.ics")
@in_turn
def events() -> Answer:
    """The next seminars and fairs of what a search finds."""
    return _answer_search(partial(_calendar, EntryKind.EVENT))


@blueprint.get("/feeds/listings.atom")
@in_turn
def listings() -> Answer:
    """What a search finds, what changed last first."""
    return _answer_search(_feed)


def _answer_search(answer: Callable[[SearchParams, str], Response]) -> Answer:
    """Answer a search, or say what is wrong with it: who keeps the answer would take one to fewer
    conditions for what was asked."""
    vocabulary, agency_names = current_vocabulary(), agency_queries.known_codes(db_session())
    params = search_params.parse(request.args, vocabulary=vocabulary, agency_codes=agency_names)
    errors = refusals.of_params(params)
    if errors:
        refused, status = error_pages.problem(422, "検索の条件に使えない値があります", errors)
        return answers.open_to_any_origin(refused), status
    asked = presenters.conditions_in_words(params, vocabulary, agency_names)
    try:
        return answer(params, asked)
    except SearchUnavailableError:
        resources().recovery.start()
        # Who has an answer keeps it; one without the index would lack what only that finds.
        response, status = error_pages.problem(503, "ただいま検索を準備しています")
        response.headers["Retry-After"] = "300"
        return answers.open_to_any_origin(response), status


def _calendar(kind: EntryKind, params: SearchParams, asked: str) -> Response:
    session, day = db_session(), today()
    hits = _hits(params, Sort.DEADLINE)
    found = services.choose_days(session, hits, kind, today=day, to_entries=_entries)
    gone = _gone(kind, params, hits)
    heading = Heading(
        presenters.calendar_name(kind, asked, current_vocabulary()),
        presenters.calendar_description(kind, asked, is_cut=found.is_cut),
        absolute(addresses.of_pairs(addresses.feed_pairs(params))),
    )
    return answers.answer(
        calendars.write(heading, sorted((*found.entries, *gone), key=entries.by_day)),
        answers.CALENDAR,
        changed_at=services.last_changed(session, today=day),
        file_name=f"{kind.value}s.ics",
    )


def _gone(kind: EntryKind, params: SearchParams, hits: Sequence[str]) -> tuple[Entry, ...]:
    held, session, day = resources(), db_session(), today()
    gone = held.gone_days.current(session, current_vocabulary(), day)
    query = params.to_query(today=day, synonyms=held.synonyms.current(session).table)
    return services.choose_gone(
        session,
        hits,
        gone.find_withdrawn(query),
        gone.dropped,
        kind,
        today=day,
        to_entries=_entries,
    )


def _feed(params: SearchParams, asked: str) -> Response:
    session, vocabulary = db_session(), current_vocabulary()
    found = services.choose_latest(
        session, _hits(params, Sort.NEW), page=params.page, per_page=params.per_page
    )
    changed_at = services.last_changed(session, today=today())
    pairs = addresses.feed_pairs(params)
    head = FeedHead(
        id=marks.feed_tag(pairs, authority=_authority()),
        title=presenters.feed_title(asked, vocabulary),
        subtitle=presenters.feed_subtitle(asked),
        author=vocabulary.portal_name,
        updated_at=changed_at,
        links=_links(params, has_next=found.has_next),
    )
    fed = [FedListing(listing, _url_of(listing)) for listing in found.listings]
    body = atom.write(head, fed, authority=_authority(), vocabulary=vocabulary)
    return answers.answer(body, answers.ATOM, changed_at=changed_at)


def _links(params: SearchParams, *, has_next: bool) -> tuple[tuple[str, str, str], ...]:
    pairs, media_type = addresses.feed_pairs(params), "application/atom+xml"
    if params.per_page != search_params.DEFAULT_PAGE_SIZE:
        pairs = [*pairs, ("per_page", str(params.per_page))]

    def address(page: int) -> str:
        query = urlencode([*pairs, ("page", str(page))] if page > 1 else pairs)
        return absolute(url_for("feeds.listings") + (f"?{query}" if query else ""))

    links = [
        ("self", media_type, address(params.page)),
        ("alternate", "text/html", absolute(addresses.of_pairs(addresses.feed_pairs(params)))),
        ("first", media_type, address(1)),
    ]
    if params.page > 1:
        links.append(("previous", media_type, address(params.page - 1)))
    if has_next:
        links.append(("next", media_type, address(params.page + 1)))
    return tuple(links)


def _hits(params: SearchParams, sort: Sort) -> tuple[str, ...]:
    held = resources()
    return search_services.find_ids(
        held.index,
        params,
        today=today(),
        synonyms=held.synonyms.current(db_session()),
        sort=sort,
        limit=services.MOST_HITS,
    )


def _entries(listing: Listing, earlier: Iterable[EarlierDay] = ()) -> tuple[Entry, ...]:
    url = _url_of(listing)
    return entries.of_listing(listing, url=url, authority=_authority(), earlier=earlier)


def _url_of(listing: Listing) -> str:
    return absolute(url_for("listings.show", public_id=listing.public_id))


def _authority() -> str:
    """The host by which this portal names things: the one in its settings, however it was asked."""
    return urlsplit(resources().settings.base_url).hostname or ""
