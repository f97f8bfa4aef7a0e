"""Putting whole files of raw lines away, compressed, for 26 months: what was counted can be counted
again."""

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import JAPAN, in_japan
from portal.db import write_transaction
from portal.disk import sync_folder
from portal.errors import PortalError
from portal.pageviews.folders import Folders
from portal.pageviews.models import SpooledLine, SpoolFile

MONTHS_KEPT = 26
"""Two whole fiscal years can be counted again until their reports have been given in."""
_LEFT_AFTER = timedelta(days=1)


class ArchiveError(PortalError):
    """The archive lacks what was put into it, or it is not as it was."""


def put_away(
    sessions: sessionmaker[Session], folders: Folders, path: Path, *, consumed: int, now: datetime
) -> None:
    """Move a file that nobody writes any more, and that is counted, into the archive.

    A crash between any two steps is mended by doing all of it again: the file in the spool goes
    last, and is what the archive is made from.

    :param consumed: how much of it is whole lines, in bytes; what follows was cut.
    """
    text = path.read_bytes()
    if not text:
        path.unlink(missing_ok=True)
        return
    target = folders.archived_path(path.name)
    packed = gzip.compress(text, mtime=0)
    _write_safely(target, packed)
    with write_transaction(sessions) as session:
        row = session.get(SpoolFile, path.name)
        if row is None:
            row = SpoolFile(
                name=path.name, place=folders.place, consumed_bytes=0, lines=0, damaged_lines=0
            )
            session.add(row)
        row.cut_bytes = len(text) - consumed
        row.archived_at = row.archived_at or now
        row.sha256 = hashlib.sha256(packed).hexdigest()
    path.unlink(missing_ok=True)


def _write_safely(target: Path, content: bytes) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
    for folder in (target.parent, target.parent.parent):
        sync_folder(folder)


@contextmanager
def counted_lines(folders: Folders, row: SpoolFile) -> Iterator[Iterator[bytes]]:
    """The lines of a file that were counted, wherever it lies.

    :raises ArchiveError: it is gone, or is not as it was put away.
    """
    path = folders.find_text(row.name)
    if path is None:
        raise ArchiveError(f"the raw lines of {row.place} in {row.name} are not on this host")
    if path.suffix == ".gz" and hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
        raise ArchiveError(f"{path.name} is not as it was put away")
    with path.open("rb") as file:
        text = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        yield _up_to(text, row.consumed_bytes)


def _up_to(file: Iterable[bytes], length: int) -> Iterator[bytes]:
    read = 0
    for line in file:
        read += len(line)
        if read > length:
            return
        yield line


def first_kept_day(today: date) -> date:
    """The day from which on all raw lines are kept: the first of a month."""
    months = today.year * 12 + today.month - 1 - MONTHS_KEPT
    return date(months // 12, months % 12 + 1, 1)


def prune(sessions: sessionmaker[Session], folders: Folders, *, now: datetime) -> int:
    """Throw raw lines away whose time is over; returns how many files. What they come to stays."""
    before = first_kept_day(in_japan(now).date())
    kept_from = datetime.combine(before, time(), JAPAN)
    with sessions() as session:
        old = select(SpoolFile.name).where(
            SpoolFile.place == folders.place,
            SpoolFile.archived_at.is_not(None),
            # What nothing could be read from tells no day.
            or_(
                SpoolFile.last_on < before,
                SpoolFile.last_on.is_(None) & (SpoolFile.archived_at < kept_from),
            ),
        )
        names = session.scalars(old).all()
    with write_transaction(sessions) as session:
        session.execute(delete(SpoolFile).where(SpoolFile.name.in_(names)))
        spent = SpooledLine.written_at < kept_from
        session.execute(delete(SpooledLine).where(SpooledLine.is_counted, spent))
    for name in names:
        folders.archived_path(name).unlink(missing_ok=True)
    _remove_forgotten(sessions, folders, before)
    _remove_unheld(folders, now)
    return len(names)


def _remove_forgotten(sessions: sessionmaker[Session], folders: Folders, before: date) -> None:
    """Files of no row: left by a crash, or brought from a host that has thrown its own away."""
    months = folders.archive.iterdir() if folders.archive.is_dir() else ()
    paths = [
        path
        for month in months
        if month.name < f"{before:%Y-%m}"
        for path in month.glob("*.jsonl.gz")
    ]
    with sessions() as session:
        known = set(session.scalars(select(SpoolFile.name)))
    for path in paths:
        if path.name.removesuffix(".gz") not in known:
            path.unlink(missing_ok=True)


def _remove_unheld(folders: Folders, now: datetime) -> None:
    """Files whose maker was killed before it held them hold nothing."""
    for path in folders.spool.glob("*.new") if folders.spool.is_dir() else ():
        if path.stat().st_mtime < (now - _LEFT_AFTER).timestamp() and not path.stat().st_size:
            path.unlink(missing_ok=True)
