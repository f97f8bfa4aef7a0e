"""Addresses of searches: what a link to one looks like."""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import url_for

from portal.search.params import SearchParams


def of_params(params: SearchParams) -> str:
    """The address of a search; the same search always has the same."""
    return of_pairs(params.to_pairs())


def of_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """The address of a search given as names and values."""
    query = urlencode(list(pairs))
    address = url_for("search.search")
    return f"{address}?{query}" if query else address
