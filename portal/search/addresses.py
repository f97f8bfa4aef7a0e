"""Addresses of searches: what a link to one looks like."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import g, url_for

from portal.search.completions import Completion, CompletionKind
from portal.search.params import SearchParams


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """Where programs fetch what a search finds, again and again."""

    listings: str
    deadlines: str
    events: str
    subscription: str
    """The deadlines by an address that calendars of Apple and Outlook open by themselves."""


def of_params(params: SearchParams) -> str:
    """The address of a search; the same search always has the same."""
    return of_pairs(params.to_pairs())


def of_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """The address of a search given as names and values."""
    query = urlencode(list(pairs))
    if "search_address" not in g:
        # A page of results has some twenty such links.
        g.search_address = url_for("search.search")
    address: str = g.search_address
    return f"{address}?{query}" if query else address


def of_feeds(params: SearchParams) -> FeedAddresses:
    """The feeds of a search, which have orders and pages of their own."""
    asked = urlencode(feed_pairs(params))
    query = f"?{asked}" if asked else ""
    whole = url_for("feeds.deadlines", _external=True)
    return FeedAddresses(
        listings=url_for("feeds.listings") + query,
        deadlines=url_for("feeds.deadlines") + query,
        events=url_for("feeds.events") + query,
        # Werkzeug builds no addresses of this scheme.
        subscription=f"webcal:{whole.partition(':')[2]}{query}",
    )


def of_alert(params: SearchParams) -> str:
    """Where news of a search are asked for by mail."""
    asked = urlencode(feed_pairs(params))
    address = url_for("alerts.new")
    return f"{address}?{asked}" if asked else address


def feed_pairs(params: SearchParams) -> list[tuple[str, str]]:
    """A search as names and values without how its page shows it."""
    default = SearchParams()
    return replace(params, sort=None, page=1, per_page=default.per_page).to_pairs()


def of_completion(completion: Completion) -> str:
    """Where choosing a completion leads."""
    if completion.kind is CompletionKind.LISTING:
        return url_for("listings.show", public_id=completion.code)
    if completion.kind is CompletionKind.AGENCY:
        return url_for("agencies.show", code=completion.code)
    if completion.kind is CompletionKind.WORD:
        return of_pairs([("q", completion.text)])
    return of_pairs([(completion.kind.value, completion.code)])
