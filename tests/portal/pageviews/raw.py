"""Raw lines as the tests write and read them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.pageviews.folders import Folders
from portal.pageviews.kinds import Device, PageKind, RequestClass
from portal.pageviews.lines import PageLine
from portal.pageviews.models import DailyPageView
from portal.pageviews.spool import Numbered, Spool
from tests.conftest import NOW

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def page(*, at: datetime = NOW, **facts: Any) -> Numbered:
    """A view of the home page by telephone, or what the facts make of it."""
    values = {"page_kind": PageKind.HOME, "request_class": RequestClass.PAGE}
    values |= {"device": Device.PHONE} | facts

    def line(agent: int) -> PageLine:
        return PageLine(at=at, agent=agent, **values)

    return line


def listing(listing_id: int, **facts: Any) -> Numbered:
    """A view of a listing."""
    about = {"page_kind": PageKind.LISTING, "listing_id": listing_id, "version_id": listing_id}
    return page(**(about | facts))


def write(
    folder: Path, sessions: sessionmaker[Session], *lines: Numbered, agent: str = PHONE
) -> None:
    """Write lines as a process does that then ends."""
    spool = Spool(Folders(folder), sessions)
    for line in lines:
        spool.write(agent, line, now=NOW)
    spool.close()


def views(sessions: sessionmaker[Session]) -> dict[tuple[str, str, int], int]:
    """What was counted, by day, class and listing."""
    found: dict[tuple[str, str, int], int] = {}
    with sessions() as session:
        for row in session.scalars(select(DailyPageView)):
            key = (row.viewed_on.isoformat(), row.view_class, row.listing_id)
            found[key] = found.get(key, 0) + row.views
    return found
