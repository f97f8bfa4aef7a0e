"""Names that calendars and feed readers know things by, for as long as they keep them."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from portal.listings.models import Listing

_FIRST_COUNTED = datetime(2020, 1, 1, tzinfo=UTC)


def uid(public_id: str, part: str, *, authority: str) -> str:
    """The name of a day of a listing in every calendar.

    :param part: what day it is, such as ``deadline-2``; never the day itself, which may change.
    :param authority: the host name of this portal.
    """
    return f"{public_id}-{part}@{authority}"


def listing_tag(public_id: str, *, authority: str) -> str:
    """The name of a listing in feeds (RFC 4151)."""
    return f"tag:{authority},2026:listings/{public_id}"


def feed_tag(pairs: list[tuple[str, str]], *, authority: str) -> str:
    """The name of the feed of a search; equal searches have the same."""
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"tag:{authority},2026:feeds/listings{query}"


def sequence(listing: Listing) -> int:
    """A number that rises with each change of what the public sees of a listing.

    The count of changes alone would fall behind what calendars hold when the database comes back
    from a backup; the seconds in it carry it past that with the next change. Room until 2088.
    """
    return listing.revision + int((listing.updated_at - _FIRST_COUNTED).total_seconds())
