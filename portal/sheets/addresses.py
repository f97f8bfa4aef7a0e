"""Addresses that name a set of listings."""

from collections.abc import Sequence
from urllib.parse import urlencode

_SHARED = "/favorites/shared"


def shared_path(public_ids: Sequence[str]) -> str:
    """Where everybody sees these listings, in this order."""
    return f"{_SHARED}?{id_query(public_ids)}"


def id_query(public_ids: Sequence[str]) -> str:
    """A set of listings as the query of an address: ``id=L000001&id=L000002``."""
    return urlencode([("id", public_id) for public_id in public_ids])
