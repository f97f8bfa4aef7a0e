"""Counting raw lines: whole lines become daily totals, and in the same transaction it is noted how
far a file was read. Killed anywhere, no line is lost and none is counted twice."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from math import inf
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from filelock import FileLock, Timeout
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import JAPAN
from portal.db import take_turn, write_transaction
from portal.errors import PortalError
from portal.pageviews import archive, totals
from portal.pageviews.agents import BOT_LIST
from portal.pageviews.folders import Folders
from portal.pageviews.models import SpooledLine, SpoolFile, SpoolPlace
from portal.pageviews.spool import is_owned
from portal.pageviews.tally import Tally

logger = logging.getLogger(__name__)

CHUNK = 512 * 1024
"""Bytes that are counted in one transaction, which keeps other writers of SQLite waiting."""
LINES_AT_ONCE = 500
"""Of those in the database."""

_AGENT = b'"agent":'

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4B8


class BusyError(PortalError):
    """Another process counts, and did not end in time."""


class CountedMeanwhileError(PortalError):
    """Somebody else noted another position: what was read here is theirs to count."""


@dataclass(slots=True)
class Counted:
    """What a roll-up did."""

    lines: int = 0
    damaged_lines: int = 0
    archived_files: int = 0
    refused_files: int = 0
    """That could not be read to their end: they wait for the next time."""
    is_cut_short: bool = False
    """Whether there was more than could be counted in the time given."""


@contextmanager
def turn(folders: Folders, *, timeout: float) -> Iterator[None]:
    """Keep others on this host from counting. The lock goes with the process.

    :param timeout: seconds to wait for whoever is at it.
    :raises BusyError: they did not end.
    """
    folders.make()
    lock = FileLock(folders.root / "rollup.lock", timeout=timeout)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError("page views are being counted by another process") from None
    try:
        yield
    finally:
        lock.release()


def keep_hosts_waiting(session: Session) -> None:
    """Keep all hosts that share the database from adding to the totals until the transaction
    ends."""
    take_turn(session.connection(), _TURN)


def roll_up(
    sessions: sessionmaker[Session],
    folders: Folders,
    *,
    now: datetime,
    timeout: float = 0.0,
    longest: float = inf,
) -> Counted:
    """Count all that was written on this host before ``now``, and put whole files away.

    :param timeout: seconds to wait for whoever is at it.
    :param longest: seconds after which what is left is left to the next time.
    :raises BusyError: another process is at it.
    """
    with turn(folders, timeout=timeout):
        return roll_up_here(sessions, folders, now=now, longest=longest)


def roll_up_here(
    sessions: sessionmaker[Session], folders: Folders, *, now: datetime, longest: float = inf
) -> Counted:
    """The same, for whoever has the turn."""
    done, end = Counted(), monotonic() + longest
    _register(sessions, folders, now)
    for path in folders.files():
        if monotonic() >= end:
            done.is_cut_short = True
            return done
        try:
            _count_file(sessions, folders, path, now, done, end)
        except OSError as error:
            # One bad file, or a disk without room for the archive, keeps none of the others.
            logger.error("page views in %s wait: %s", path.name, error)
            done.refused_files += 1
    _count_spooled_lines(sessions, done)
    if done.refused_files or done.is_cut_short:
        # It cannot be said that all is counted: no year that is not can be closed.
        return done
    with write_transaction(sessions) as session:
        place = session.get(SpoolPlace, folders.place) or SpoolPlace(place=folders.place)
        place.counted_until, place.bot_list = now, BOT_LIST
        session.add(place)
    return done


def _register(sessions: sessionmaker[Session], folders: Folders, now: datetime) -> None:
    """Have a new host waited for when a year is closed, also if nothing of it can be counted."""
    with sessions() as session:
        if session.get(SpoolPlace, folders.place) is not None:
            return
    first = folders.first_day()
    begun = datetime.combine(first, time(), JAPAN) if first else now
    with write_transaction(sessions) as session:
        session.add(SpoolPlace(place=folders.place, counted_until=min(begun, now)))


def _count_file(
    sessions: sessionmaker[Session],
    folders: Folders,
    path: Path,
    now: datetime,
    done: Counted,
    end: float,
) -> None:
    with path.open("rb") as file:
        # Asked before it is read: nobody adds to a file that nobody holds.
        is_whole = not is_owned(file.fileno())
        with sessions() as session:
            row = session.get(SpoolFile, path.name)
        position = row.consumed_bytes if row else 0
        if row is None or row.archived_at is None:
            agents = _agents_in(file.read(position))
            while chunk := _read_whole_lines(file):
                # Safe on disk before it is noted as read, so that a recount finds it.
                os.fdatasync(file.fileno())
                tally = Tally()
                tally.add_lines(chunk.split(b"\n")[:-1], agents)
                with write_transaction(sessions) as session:
                    keep_hosts_waiting(session)
                    _note(session, path.name, folders.place, position, len(chunk), tally)
                    totals.add(session, totals.of_tally(tally))
                position += len(chunk)
                done.lines += tally.lines
                done.damaged_lines += tally.damaged_lines
                if monotonic() >= end:
                    done.is_cut_short = True
                    return
        if is_whole:
            archive.put_away(sessions, folders, path, consumed=position, now=now)
            done.archived_files += 1


def _read_whole_lines(file: BinaryIO) -> bytes:
    """The next lines of a file; nothing where no line ends any more."""
    begin = file.tell()
    chunk = file.read(CHUNK)
    if not chunk.endswith(b"\n"):
        chunk += file.readline()
    whole = chunk[: chunk.rfind(b"\n") + 1]
    file.seek(begin + len(whole))
    return whole


def _agents_in(text: bytes) -> dict[int, str]:
    """The agents that lines which were counted before gave a number."""
    agents: dict[int, str] = {}
    Tally().add_lines((line for line in text.splitlines() if _AGENT in line), agents)
    return agents


def _note(
    session: Session, name: str, place: str, position: int, length: int, tally: Tally
) -> None:
    row = session.get(SpoolFile, name, with_for_update=True)
    if row is None:
        row = SpoolFile(name=name, place=place, consumed_bytes=0, lines=0, damaged_lines=0)
        row.cut_bytes = 0
        session.add(row)
    if row.consumed_bytes != position:
        raise CountedMeanwhileError(f"{name} was counted by somebody else meanwhile")
    row.consumed_bytes = position + length
    row.lines += tally.lines
    row.damaged_lines += tally.damaged_lines
    row.last_on = max(filter(None, (row.last_on, tally.last_on)), default=None)
    row.bot_list = BOT_LIST


def _count_spooled_lines(sessions: sessionmaker[Session], done: Counted) -> None:
    """Count what is in the database. Hosts share it; who comes second leaves it to the first."""
    wanted = select(SpooledLine).where(SpooledLine.is_counted.is_(False)).order_by(SpooledLine.id)
    while True:
        with sessions() as session:
            rows = session.scalars(wanted.limit(LINES_AT_ONCE)).all()
        if not rows:
            return
        tally = Tally()
        for row in rows:
            tally.add_lines(row.text.encode().splitlines(), {})
        ids = [row.id for row in rows]
        mark = update(SpooledLine).where(SpooledLine.id.in_(ids), SpooledLine.is_counted.is_(False))
        with write_transaction(sessions) as session:
            keep_hosts_waiting(session)
            if session.connection().execute(mark.values(is_counted=True)).rowcount != len(ids):
                session.rollback()
                return
            totals.add(session, totals.of_tally(tally))
        done.lines += tally.lines
        done.damaged_lines += tally.damaged_lines
