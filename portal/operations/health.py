"""Can the portal serve? Database, index and disk, each asked for real."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import change_log
from portal.pageviews import standing
from portal.pageviews.folders import Folders
from search_index import SearchIndex, SearchUnavailableError


@dataclass(frozen=True, slots=True)
class HealthReport:
    """``problems`` maps a part to what is wrong with it."""

    problems: dict[str, str]

    @property
    def status(self) -> str:
        """``ok``, ``degraded`` (searches are answered without the index, or page views wait to be
        counted) or ``unavailable``."""
        if not self.problems:
            return "ok"
        return "degraded" if self.problems.keys() <= {"index", "page views"} else "unavailable"

    @property
    def http_status(self) -> int:
        """What a load balancer should see."""
        return 503 if self.status == "unavailable" else 200


def check(session: Session, index: SearchIndex, data_dir: Path, *, now: datetime) -> HealthReport:
    """Ask each part; never raises."""
    problems: dict[str, str] = {}
    try:
        session.execute(text("SELECT 1 FROM listing LIMIT 1"))
        latest = change_log.latest_seq(session)
    except SQLAlchemyError as error:
        problems["database"] = type(error).__name__
        latest = None
    try:
        lag = 0 if latest is None else latest - index.applied_seq()
        if lag > 0:
            problems["index"] = f"{lag} changes behind"
        elif lag < 0:
            problems["index"] = "ahead of the database, to be rebuilt"
    except SearchUnavailableError:
        problems["index"] = "unusable, searches are answered from the database"
    if not os.access(data_dir, os.W_OK):
        problems["disk"] = "the data folder cannot be written"
    elif "database" not in problems and _is_counting_late(session, Folders(data_dir), now):
        problems["page views"] = "not counted for longer than half an hour"
    return HealthReport(problems)


def _is_counting_late(session: Session, folders: Folders, now: datetime) -> bool:
    try:
        return standing.is_late(session, folders, now=now)
    except (SQLAlchemyError, OSError):
        return True
