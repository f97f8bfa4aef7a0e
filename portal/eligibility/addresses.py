"""Addresses of the check: the only place of the answers."""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import url_for

from portal.eligibility.parameters import Pair


def of_pairs(pairs: Iterable[Pair]) -> str:
    """The address that holds these answers, in their order."""
    query = urlencode(list(pairs))
    address = url_for("eligibility.check")
    return f"{address}?{query}" if query else address
