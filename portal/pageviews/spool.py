"""Writing raw lines: one write to a file of one's own, before the answer to a request leaves."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import in_japan
from portal.db import write_transaction
from portal.disk import sync_folder
from portal.pageviews import lines
from portal.pageviews.folders import Folders, unnamed
from portal.pageviews.lines import LONGEST_AGENT, LONGEST_LINE, AgentLine, ClickLine, PageLine
from portal.pageviews.models import SpooledLine

logger = logging.getLogger(__name__)

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; then another one is begun, so that files can be counted to the end and put away."""
SYNC_EVERY_S = 1.0
"""What a power failure can take at most."""

Numbered = Callable[[int], PageLine | ClickLine]
"""Makes a line, given the number of its agent."""


@dataclass(slots=True)
class _File:
    """A file of this process, held by a lock for as long as it may be written."""

    handle: int
    owner: int
    begun_on: date
    size: int = 0
    agents: dict[str, int] = field(default_factory=dict)


class Spool:
    """Where a process keeps what it is asked for. Threads share one; each process has its own.

    Made without touching the disk. A line that cannot be written to the file goes to the database,
    so that a full disk for one of them loses nothing.
    """

    def __init__(self, folders: Folders, sessions: sessionmaker[Session]) -> None:
        self._folders = folders
        self._sessions = sessions
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._synced_at = 0.0

    def write(self, agent: str, numbered: Numbered, *, now: datetime) -> None:
        """Keep a line. Never raises: nobody is refused a page because it cannot be counted.

        :param agent: the User-Agent header.
        """
        agent = agent[:LONGEST_AGENT]
        try:
            with self._lock:
                handle = self._append(agent, numbered, in_japan(now).date())
        except OSError as error:
            logger.warning("page view kept in the database, the spool says: %s", error)
            self._keep_in_database(agent, numbered, now)
            return
        if handle is not None:
            _sync(handle)

    def close(self) -> None:
        """Let go of the file, so that it can be put away."""
        with self._lock:
            self._let_go()

    def _append(self, agent: str, numbered: Numbered, today: date) -> int | None:
        """Append; returns a handle that is due to be synced, the caller's to close."""
        file = self._current(today)
        number = file.agents.get(agent)
        text = b""
        if number is None:
            number = len(file.agents) + 1
            text = lines.to_text(AgentLine(number, agent)).encode()
        text += lines.to_text(numbered(number)).encode()
        if len(text) > LONGEST_LINE:
            raise OSError(f"a line of {len(text)} bytes is not written whole")
        self._write_whole(file, text)
        file.agents[agent] = number
        file.size += len(text)
        if time.monotonic() - self._synced_at < SYNC_EVERY_S:
            return None
        self._synced_at = time.monotonic()
        return os.dup(file.handle)

    def _write_whole(self, file: _File, text: bytes) -> None:
        try:
            written = os.write(file.handle, text)
        except OSError:
            self._let_go()
            raise
        if written != len(text):
            # What was begun is no line. Nothing comes after it in this file.
            self._let_go()
            raise OSError(f"{written} of {len(text)} bytes were written")

    def _current(self, today: date) -> _File:
        file = self._file
        is_mine = file is not None and file.owner == os.getpid()
        if file and is_mine and file.begun_on == today and file.size < LARGEST_FILE:
            return file
        self._let_go()
        self._file = _begin(self._folders, today)
        return self._file

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file.handle)

    def _keep_in_database(self, agent: str, numbered: Numbered, now: datetime) -> None:
        text = lines.to_text(AgentLine(1, agent)) + lines.to_text(numbered(1))
        try:
            with write_transaction(self._sessions) as session:
                session.add(SpooledLine(written_at=now, text=text))
        except SQLAlchemyError as error:
            # Both places refuse: the page is shown all the same, and this log is what is left.
            logger.error("a page view is lost: %s", type(error).__name__)


def _begin(folders: Folders, today: date) -> _File:
    folders.make()
    path = folders.new_path(today)
    new = unnamed(path)
    handle = os.open(new, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        # Held before it has a name: whoever counts takes a file that nobody holds for one whose
        # owner is dead. The lock goes with the process, however that ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new.rename(path)
        sync_folder(folders.spool)
    except OSError:
        os.close(handle)
        raise
    return _File(handle, os.getpid(), today)


def _sync(handle: int) -> None:
    try:
        os.fdatasync(handle)
    except OSError as error:
        logger.warning("page views of the last second are not safe from a power failure: %s", error)
    finally:
        os.close(handle)


def is_owned(handle: int) -> bool:
    """Whether a living process may still write to an open file of a spool."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(handle, fcntl.LOCK_UN)
    return False
