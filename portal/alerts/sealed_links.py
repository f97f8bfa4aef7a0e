"""Addresses in mails that let their reader change what is mailed to them, and nothing else.

They name a row by its number, sealed with a key of the portal: nobody can make one for another row,
and nothing has to be kept for them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.errors import PortalError
from portal.secret_key import Box, SecretKey, UnreadableSealError

PATH = "/alerts"
STOP_PATH = f"{PATH}/stop"

_BOX = "alert-link"
_CONTENT = re.compile(rb"([a-z]+):([0-9]{1,9})")


class UnusableLinkError(PortalError):
    """A link that was changed on its way, or is about something that is gone."""


class Subject(StrEnum):
    """What a link is about."""

    SAVED_SEARCH = "search"
    """The number is that of a saved search."""
    DEADLINES = "deadlines"
    """Deadline mails; the number is that of an account, here and below."""
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Makes the addresses of one round of mails."""

    base_url: str
    box: Box
    now: datetime

    def to_page(self, search_id: int) -> str:
        """Where a saved search is shown and changed."""
        return f"{self.base_url}{PATH}/{self._sealed(Subject.SAVED_SEARCH, search_id)}"

    def to_stop(self, subject: Subject, number: int) -> str:
        """Where mails of a kind are stopped with one tap."""
        return f"{self.base_url}{STOP_PATH}/{self._sealed(subject, number)}"

    def _sealed(self, subject: Subject, number: int) -> str:
        return seal(subject, number, box=self.box, now=self.now)


def link_box(secret_key: SecretKey) -> Box:
    """What seals links of alerts."""
    return secret_key.box(_BOX)


def seal(subject: Subject, number: int, *, box: Box, now: datetime) -> str:
    """The last part of an address; different each time, and all of them work."""
    # Some programs end a link before the signs of equality that only fill it up.
    return box.seal(f"{subject.value}:{number}".encode(), now=now).rstrip("=")


def unseal(sealed: str, *, box: Box) -> tuple[Subject, int]:
    """What an address is about.

    :raises UnusableLinkError: it is none of ours.
    """
    try:
        content = box.open(sealed + "=" * (-len(sealed) % 4))
    except UnreadableSealError as error:
        raise UnusableLinkError("this link was not made here") from error
    found = _CONTENT.fullmatch(content)
    if found is None:
        raise UnusableLinkError("this link is about nothing that is known")
    return Subject(found[1].decode()), int(found[2])
