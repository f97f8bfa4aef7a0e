"""What somebody typed, kept through signing in again: sealed into the sign-in form itself, so that
nothing of it lies on the server and only the server can read it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.secret_key import Box, UnreadableSealError

LONGEST = 200_000
"""Bytes of names and values: a listing of the greatest length several times over, and with the
sign-in form around it far below what a request may hold."""
LIFE = timedelta(hours=2)
BOX = "kept-form"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: where to, and its fields in order.

    ``user_id`` is whose session it was, where that is known; nobody else gets it back.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    user_id: int | None
    has_lost_files: bool


def keep(
    path: str,
    fields: Iterable[tuple[str, str]],
    *,
    user_id: int | None,
    has_files: bool,
    box: Box,
    now: datetime,
) -> str | None:
    """A sealed form; None if it holds too much.

    :param fields: names and values, none of which is secret.
    """
    content = json.dumps([path, [*fields], user_id, has_files], ensure_ascii=False)
    encoded = content.encode("utf-8", "replace")
    return box.seal(encoded, now=now) if len(encoded) <= LONGEST else None


def give_back(sealed: str, *, user_id: int | None, box: Box, now: datetime) -> KeptForm | None:
    """The form again, for the user whose it is; None if it is somebody else's or too old."""
    try:
        content = box.open(sealed, now=now, within=LIFE)
    except UnreadableSealError:
        return None
    path, typed, owner_id, has_files = json.loads(content)
    if owner_id is not None and owner_id != user_id:
        return None
    return KeptForm(path, tuple((name, value) for name, value in typed), owner_id, has_files)
