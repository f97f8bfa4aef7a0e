"""A site notice as visitors see it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.links import web_address
from portal.notices.models import NoticeLevel, SiteNotice

_ADDRESS = re.compile(r"https?://[\w!#$%&'*+,./:;=?@~()-]+", re.ASCII)
_NO_PART_OF_ADDRESS = ".,;:!?'()"
_URGENCY = tuple(NoticeLevel)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; ``address`` is where it leads, if it is a link."""

    text: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice, ready to be printed: paragraphs of lines of pieces."""

    id: int
    level: NoticeLevel
    title: str
    paragraphs: tuple[tuple[tuple[Piece, ...], ...], ...]
    starts_at: datetime
    ends_at: datetime

    def is_shown(self, now: datetime) -> bool:
        """Whether the public sees it at this moment."""
        return self.starts_at <= now < self.ends_at


def shown(notice: SiteNotice) -> ShownNotice:
    """A published notice.

    :raises ValueError: it is a draft.
    """
    if notice.starts_at is None or notice.ends_at is None:
        raise ValueError(f"notice {notice.id} is a draft")
    return ShownNotice(
        id=notice.id,
        level=NoticeLevel(notice.level),
        title=notice.title,
        paragraphs=paragraphs_of(notice.text),
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
    )


def most_urgent_first(notices: Iterable[ShownNotice]) -> tuple[ShownNotice, ...]:
    """In the order of pages: by level, then what began last."""
    newest_first = sorted(notices, key=lambda notice: (notice.starts_at, notice.id), reverse=True)
    return tuple(sorted(newest_first, key=lambda notice: _URGENCY.index(notice.level)))


def paragraphs_of(text: str) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
    """A plain text: empty lines part paragraphs, addresses of the web become links."""
    blocks = (block for block in re.split(r"\n\s*\n", text.strip()) if block)
    return tuple(tuple(tuple(_pieces(line)) for line in block.split("\n")) for block in blocks)


def _pieces(line: str) -> Iterator[Piece]:
    done = 0
    for found in _ADDRESS.finditer(line):
        address = found.group().rstrip(_NO_PART_OF_ADDRESS)
        if web_address(address) is None:
            continue
        if before := line[done : found.start()]:
            yield Piece(before)
        yield Piece(address, address)
        done = found.start() + len(address)
    if rest := line[done:]:
        yield Piece(rest)
