"""Favourites of visitors without an account, as what their browser keeps for them.

Three numbers for each, sealed: nobody else reads which they are, and what was changed on the way is
not opened. A hundred take about half of the four kilobytes that a browser gives a cookie.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime

from portal.errors import PortalError
from portal.favorites.kept import Kept
from portal.secret_key import Box, UnreadableSealError

BOX = "favorites"
"""The purpose under which the cookie is sealed."""

_FORMAT = b"\x01"
"""Comes first, so that another way of writing can be told from this one."""
_ROW = struct.Struct(">III")
_LAST_SECOND = 2**32 - 1
"""In the year 2106."""


class UnreadableCookieError(PortalError):
    """What a browser sent was changed, cut, sealed by somebody else or written in another way."""


def write(kept: Iterable[Kept], box: Box, *, now: datetime) -> str:
    """Favourites as the value of a cookie; notes are left out."""
    rows = (_ROW.pack(one.listing_id, one.known_version_id, _second_of(one)) for one in kept)
    return box.seal(_FORMAT + b"".join(rows), now=now)


def read(value: str, box: Box) -> tuple[Kept, ...]:
    """The favourites in the value of a cookie, in the order in which they were written.

    :raises UnreadableCookieError: there are none in it that can be read.
    """
    try:
        content = box.open(value)
    except UnreadableSealError as error:
        raise UnreadableCookieError("this cookie cannot be opened") from error
    rows = content[len(_FORMAT) :]
    if not content.startswith(_FORMAT) or len(rows) % _ROW.size:
        raise UnreadableCookieError("this cookie is written in another way")
    return tuple(
        Kept(listing_id, version_id, datetime.fromtimestamp(second, UTC))
        for listing_id, version_id, second in _ROW.iter_unpack(rows)
    )


def _second_of(kept: Kept) -> int:
    return min(max(int(kept.saved_at.timestamp()), 0), _LAST_SECOND)
