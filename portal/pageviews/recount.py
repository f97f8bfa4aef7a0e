"""Counting all raw lines that are kept again, by the lists of bots of today."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import in_japan
from portal.db import write_transaction
from portal.fiscal_year import FiscalYear
from portal.pageviews import archive, rollup, totals
from portal.pageviews.agents import BOT_LIST
from portal.pageviews.folders import Folders
from portal.pageviews.models import SpooledLine, SpoolFile
from portal.pageviews.tally import Tally

TURN_S = 60.0
"""How long a recount waits for whoever counts."""

ClosedYears = Callable[[Session], Collection[int]]
"""Finds the fiscal years that are closed, and sees that none is until the transaction ends."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """The totals before and after, as texts of which equal ones mean equal totals."""

    since: date
    """Totals of earlier days stay as they are: their raw lines are gone."""
    lines: int
    before: str
    after: str
    bot_list: str
    kept_years: tuple[int, ...]
    """Fiscal years that are closed, whose totals stay."""

    @property
    def is_same(self) -> bool:
        """Whether the recount came to what there was, byte for byte."""
        return self.before == self.after

    @property
    def digests(self) -> tuple[str, str]:
        """The SHA-256 of both texts."""
        texts = (self.before, self.after)
        first, second = (hashlib.sha256(text.encode()).hexdigest() for text in texts)
        return first, second


def recount(
    sessions: sessionmaker[Session],
    folders: Folders,
    *,
    now: datetime,
    closed_years: ClosedYears = lambda _: (),
    is_trial: bool = False,
) -> Recounted:
    """Count again what is kept, and put it in place of the totals, all at once or not at all.

    :param closed_years: fiscal years whose totals stay, as a report was made of them.
    :param is_trial: only tell; nothing is changed.
    :raises BusyError: another process counts and does not end, or what has to stay changed.
    :raises ArchiveError: raw lines are missing here, or are not as they were.
    """
    since = archive.first_kept_day(in_japan(now).date())
    with rollup.turn(folders, timeout=TURN_S):
        with sessions() as session:
            closed = frozenset(closed_years(session))
        spans = list(_open_spans(since, closed))
        rollup.roll_up_here(sessions, folders, now=now)
        # Counted outside a transaction, which would keep writers waiting for as long.
        with sessions() as session:
            read_to = _read_to(session)
            before = totals.read(session, spans)
            found = _tally(session, folders)
        after = totals.within(totals.of_tally(found), spans)
        if not is_trial:
            with write_transaction(sessions) as session:
                if frozenset(closed_years(session)) != closed:
                    raise rollup.BusyError("a fiscal year was closed meanwhile: recount again")
                rollup.keep_hosts_waiting(session)
                if _read_to(session) != read_to:
                    raise rollup.BusyError("another host counted meanwhile: recount again")
                totals.replace(session, before, after)
                session.execute(update(SpoolFile).values(bot_list=BOT_LIST))
    kept = tuple(sorted(year for year in closed if FiscalYear(year).ends_on >= since))
    texts = (totals.as_text(before), totals.as_text(after))
    return Recounted(since, found.lines, *texts, BOT_LIST, kept)


def _read_to(session: Session) -> tuple[int, int, int]:
    """What moves whenever somebody counts."""
    files = select(func.count(), func.coalesce(func.sum(SpoolFile.consumed_bytes), 0))
    count, length = session.execute(files.select_from(SpoolFile)).one()
    counted = select(func.count()).select_from(SpooledLine).where(SpooledLine.is_counted)
    return count, length, session.scalar(counted) or 0


def _tally(session: Session, folders: Folders) -> Tally:
    tally = Tally()
    for row in session.scalars(select(SpoolFile).order_by(SpoolFile.name)):
        with archive.counted_lines(folders, row) as found:
            tally.add_lines(found, {})
    counted = select(SpooledLine).where(SpooledLine.is_counted).order_by(SpooledLine.id)
    for line in session.scalars(counted):
        tally.add_lines(line.text.encode().splitlines(), {})
    return tally


def _open_spans(since: date, closed_years: Collection[int]) -> Iterator[tuple[date, date]]:
    """The days from one on, without those of closed years."""
    first = since
    for year in sorted(map(FiscalYear, closed_years)):
        if year.ends_on < first:
            continue
        if first < year.starts_on:
            yield first, date.fromordinal(year.starts_on.toordinal() - 1)
        first = date.fromordinal(year.ends_on.toordinal() + 1)
    yield first, date.max
