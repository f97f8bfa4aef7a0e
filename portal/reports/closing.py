"""Closing a fiscal year: its report is final, and its four files are given out as they were made.

Making the files takes seconds, and on SQLite nobody could write meanwhile. So they are made first,
and stored only if the report is still the same when nobody else writes.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import db
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.models import AuditEvent
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, PortalError
from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import standing
from portal.pageviews.models import SpoolFile, SpoolPlace
from portal.reports import services
from portal.reports.activity_queries import begins_at, ends_at
from portal.reports.models import ClosedReportFile, ClosedYear
from portal.reports.services import Maker
from portal.reports.yearly import ReportFormat, YearlyReport

logger = logging.getLogger(__name__)

TARGET = "fiscal_year"

SETTLED_AFTER = timedelta(minutes=1)
"""A view of the last second of a year may be written a little later: where the spool is refused,
its line waits for the database."""

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4B7

Render = Callable[[YearlyReport, ReportFormat], bytes]


class CannotCloseError(PortalError):
    """A year that cannot be closed, or not yet. The message is Japanese and says why."""


class DamagedFileError(PortalError):
    """A stored file is not as it was stored. The message is Japanese and names it."""


def take_turn(session: Session) -> None:
    """Keep others from closing a year, and from changing what its report tells, until the
    transaction ends."""
    db.take_turn(session.connection(), _TURN)


def is_closed(session: Session, year: FiscalYear) -> bool:
    """Whether the report of a year is final."""
    return session.get(ClosedYear, year.year) is not None


def closed_years(session: Session) -> frozenset[int]:
    """All years that are closed."""
    return frozenset(session.scalars(select(ClosedYear.fiscal_year)))


def settled_years(session: Session) -> frozenset[int]:
    """The same, and no other is closed until the transaction ends."""
    take_turn(session)
    return closed_years(session)


def refuse_unless_due(session: Session, year: FiscalYear, *, now: datetime) -> None:
    """Do nothing if a year may be closed.

    :raises CannotCloseError: it is closed, not over, or not all of it is counted.
    """
    if is_closed(session, year):
        raise CannotCloseError(f"{year.label}は、もう締めてあります。")
    if now < ends_at(year):
        raise CannotCloseError(
            f"{year.label}はまだ終わっていません。{year.ends_on.year}年4月1日から締められます。"
        )
    if late := lagging_places(session, year):
        raise CannotCloseError(
            f"{year.label}の閲覧のうち、まだ集計していないものがあるかもしれません。"
            f"サーバー（{'、'.join(late)}）が動いているか確かめ、数分後にもう一度締めてください。"
            "もう使っていないサーバーなら、サーバーの管理者に外してもらってください"
            "（portal pageviews forget-place）。"
        )
    if standing.has_uncounted_lines(session, before=ends_at(year)):
        raise CannotCloseError(
            f"{year.label}の閲覧のうち、まだ集計していないものがあります。"
            "数分後にもう一度締めてください。"
        )


def why_open(session: Session, report: YearlyReport, *, now: datetime) -> str | None:
    """What keeps the year of a report from being closed; None if nothing does."""
    try:
        refuse_unless_due(session, report.fiscal_year, now=now)
        _refuse_unknown(report)
    except CannotCloseError as error:
        return str(error)
    return None


def lagging_places(session: Session, year: FiscalYear) -> list[str]:
    """Hosts that wrote raw lines of a year and have not counted all of them."""
    wrote = (
        select(SpoolFile.name)
        .where(SpoolFile.place == SpoolPlace.place, SpoolFile.last_on >= year.starts_on)
        .exists()
    )
    asked = select(SpoolPlace.place).where(
        SpoolPlace.counted_until < ends_at(year) + SETTLED_AFTER,
        or_(SpoolPlace.counted_until > begins_at(year), wrote),
    )
    return list(session.scalars(asked.order_by(SpoolPlace.place)))


def _refuse_unknown(report: YearlyReport) -> None:
    if report.total_page_views is None:
        label = report.fiscal_year.label
        raise CannotCloseError(f"{label}の閲覧数は分からないので、締められません。")


def prepare(
    session: Session, year: FiscalYear, render: Render, *, vocabulary: Vocabulary, maker: Maker
) -> tuple[YearlyReport, Mapping[ReportFormat, bytes]]:
    """The report of a year as it is going to be final, and its files.

    :raises CannotCloseError: it cannot be closed, or nothing is known of it.
    """
    refuse_unless_due(session, year, now=maker.now)
    report = _final(session, year, vocabulary=vocabulary, maker=maker)
    _refuse_unknown(report)
    return report, {each: render(report, each) for each in ReportFormat}


def close(
    session: Session,
    report: YearlyReport,
    files: Mapping[ReportFormat, bytes],
    *,
    vocabulary: Vocabulary,
    maker: Maker,
    actor: Actor,
) -> None:
    """Store what ``prepare`` made, in a transaction that keeps others from writing.

    :raises CannotCloseError: the year cannot be closed any more.
    :raises ChangedMeanwhileError: the report tells something else by now.
    """
    take_turn(session)
    year, now = report.fiscal_year, maker.now
    refuse_unless_due(session, year, now=now)
    if _final(session, year, vocabulary=vocabulary, maker=maker) != report:
        raise ChangedMeanwhileError(f"the report of {year.year} changed while it was closed")
    session.add(ClosedYear(fiscal_year=year.year, closed_at=now, closed_by=maker.name))
    session.flush()
    sums = {each: hashlib.sha256(content).hexdigest() for each, content in files.items()}
    for each, content in files.items():
        stored = ClosedReportFile(
            fiscal_year=year.year, format=each.value, content=content, sha256=sums[each]
        )
        session.add(stored)
    audit.record(
        session,
        AuditAction.REPORT_YEAR_CLOSED,
        actor=actor,
        target=Target(TARGET, str(year.year)),
        detail={"page_views": report.total_page_views}
        | {_name_of_sum(each): digest for each, digest in sums.items()},
        now=now,
    )


def stored_file(session: Session, year: FiscalYear, report_format: ReportFormat) -> bytes | None:
    """A file of the report of a closed year; None if the year is not closed.

    :raises DamagedFileError: it is not there, or not as it was stored.
    """
    if not is_closed(session, year):
        return None
    row = session.get(ClosedReportFile, (year.year, report_format.value))
    digest = hashlib.sha256(row.content).hexdigest() if row else None
    if row is None or not digest == row.sha256 == _recorded_sum(session, year, report_format):
        logger.error("the stored %s file of fiscal year %d is damaged", report_format, year.year)
        raise DamagedFileError(
            f"締めた{year.label}の{report_format.value.upper()}ファイルが、締めたときの内容と違います。"
            "渡さずに止めました。サーバーの管理者に、バックアップから戻すよう頼んでください。"
        )
    return row.content


def _recorded_sum(session: Session, year: FiscalYear, report_format: ReportFormat) -> str | None:
    """The checksum as the record of events has it, which nobody changes unseen: whoever changes a
    file could change the one beside it, too."""
    closed = select(AuditEvent.detail).where(
        AuditEvent.action == AuditAction.REPORT_YEAR_CLOSED.value,
        AuditEvent.target_type == TARGET,
        AuditEvent.target_id == str(year.year),
    )
    detail = session.scalar(closed.order_by(AuditEvent.seq.desc()).limit(1))
    sums = {} if detail is None else json.loads(detail)
    return sums.get(_name_of_sum(report_format))


def _name_of_sum(report_format: ReportFormat) -> str:
    return f"sha256_{report_format.value}"


def stored_total(session: Session, year: FiscalYear) -> int | None:
    """The page views that a closed year was reported with; None if the year is not closed.

    :raises DamagedFileError: the file that says so is not as it was stored.
    """
    content = stored_file(session, year, ReportFormat.JSON)
    return None if content is None else int(json.loads(content)["total_page_views"])


def _final(
    session: Session, year: FiscalYear, *, vocabulary: Vocabulary, maker: Maker
) -> YearlyReport:
    found = services.yearly_report(session, year, vocabulary=vocabulary, maker=maker)
    return replace(found, closed_at=maker.now)
