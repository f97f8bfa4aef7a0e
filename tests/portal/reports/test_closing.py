"""Closing a year: when it may be, what is given out from then on, and that nothing changes it."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import Resources
from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import import_files, imports
from portal.pageviews.models import SpooledLine, SpoolFile, SpoolPlace
from portal.reports import closing, costs
from portal.reports.closing import CannotCloseError, DamagedFileError
from portal.reports.models import ClosedReportFile
from portal.reports.services import Maker
from portal.reports.yearly import ReportFormat, YearlyReport
from tests.conftest import NOW
from tests.factories import make_views

YEAR = FiscalYear(2025)
ENDS_AT = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""Midnight in Japan after 31 March."""
MAKER = Maker("青森 花子", NOW)
SECOND = timedelta(seconds=1)

Sessions = sessionmaker[Session]


def render(report: YearlyReport, report_format: ReportFormat) -> bytes:
    return f"{report_format} {report.total_page_views} {report.closed_at}".encode()


def close(
    sessions: Sessions,
    vocabulary: Vocabulary,
    year: FiscalYear = YEAR,
    maker: Maker = MAKER,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    with sessions() as session:
        report, files = closing.prepare(session, year, render, vocabulary=vocabulary, maker=maker)
    meanwhile()
    with write_transaction(sessions) as session:
        closing.close(session, report, files, vocabulary=vocabulary, maker=maker, actor=OPERATOR)


def add(sessions: Sessions, *rows: object) -> None:
    with write_transaction(sessions) as session:
        session.add_all(rows)


def views(sessions: Sessions, on: date = date(2025, 6, 1), count: int = 12) -> None:
    with sessions() as session:
        make_views(session, on=on, views=count)


def stored(sessions: Sessions, report_format: ReportFormat = ReportFormat.CSV) -> bytes | None:
    with sessions() as session:
        return closing.stored_file(session, YEAR, report_format)


def test_closed_year_gives_out_what_was_stored_whatever_happens_later(
    database: Sessions, vocabulary: Vocabulary
) -> None:
    views(database)
    add(database, SpoolPlace(place="a", counted_until=ENDS_AT + closing.SETTLED_AFTER))
    assert stored(database) is None
    close(database, vocabulary)
    views(database, on=date(2025, 6, 2))
    assert stored(database) == f"csv 12 {NOW}".encode()
    with database() as session:
        files = {row.format: row for row in session.scalars(select(ClosedReportFile))}
        assert set(files) == {each.value for each in ReportFormat}
        for row in files.values():
            assert row.sha256 == hashlib.sha256(row.content).hexdigest()
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.target_id) == ("report_year_closed", "2025")
        assert files["pdf"].sha256 in event.detail
    with pytest.raises(CannotCloseError, match="もう締めてあります"):
        close(database, vocabulary)
    with pytest.raises(InvalidInputError, match="締めてある"), write_transaction(database) as own:
        costs.set_cost(own, YEAR, 5, actor=OPERATOR, now=NOW)
    rows = import_files.read(b"fiscal_year,month,page_views\n2025,,7\n")
    with database() as session:
        known = {"closed_years": closing.closed_years(session), "today": NOW.date(), "now": NOW}
        with pytest.raises(InvalidInputError, match="締めてある"):
            imports.store(session, rows, actor=OPERATOR, **known)


def test_year_is_closed_only_when_all_of_it_is_counted(
    database: Sessions, vocabulary: Vocabulary
) -> None:
    views(database)
    wrote = SpoolFile(name="x", place="b", last_on=date(2026, 3, 31))
    begin = datetime(2025, 3, 31, 15, tzinfo=UTC)
    gone_before = SpoolPlace(place="gone before", counted_until=begin)
    settled = ENDS_AT + closing.SETTLED_AFTER
    add(database, gone_before, SpoolPlace(place="a", counted_until=settled - SECOND))
    add(database, SpoolPlace(place="b", counted_until=begin), wrote)
    with pytest.raises(CannotCloseError, match="サーバー（a、b）"):
        close(database, vocabulary)
    with write_transaction(database) as session:
        for place in session.scalars(select(SpoolPlace).where(SpoolPlace.place.in_(["a", "b"]))):
            place.counted_until = settled
    add(database, SpooledLine(written_at=ENDS_AT - SECOND, text="…"))
    with pytest.raises(CannotCloseError, match="数分後"):
        close(database, vocabulary)
    with write_transaction(database) as session:
        session.scalars(select(SpooledLine)).one().is_counted = True
    add(database, SpooledLine(written_at=ENDS_AT, text="of the year after"))
    close(database, vocabulary)
    assert stored(database) is not None


@pytest.mark.parametrize(
    ("year", "at", "message"),
    [
        (2025, ENDS_AT - SECOND, "まだ終わっていません。2026年4月1日から"),
        (2026, NOW, "まだ終わっていません。2027年4月1日から"),
        (2021, NOW, "分からないので、締められません"),
    ],
)
def test_year_that_goes_on_or_is_not_known_is_not_closed(
    session: Session,
    resources: Resources,
    vocabulary: Vocabulary,
    year: int,
    at: datetime,
    message: str,
) -> None:
    make_views(session, on=date(2025, 6, 1))
    with pytest.raises(CannotCloseError, match=message):
        close(resources.sessions, vocabulary, FiscalYear(year), Maker("青森 花子", at))


def test_files_that_are_old_by_the_time_they_are_stored_are_not(
    resources: Resources, vocabulary: Vocabulary
) -> None:
    views(resources.sessions)

    def count_more() -> None:
        views(resources.sessions, on=date(2025, 6, 2))

    with pytest.raises(ChangedMeanwhileError):
        close(resources.sessions, vocabulary, meanwhile=count_more)
    assert stored(resources.sessions) is None
    close(resources.sessions, vocabulary)
    assert stored(resources.sessions) == f"csv 24 {NOW}".encode()


@pytest.mark.parametrize("damage", ["changed", "lost", "changed with its checksum"])
def test_stored_file_that_is_not_as_it_was_is_refused(
    resources: Resources, vocabulary: Vocabulary, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    views(resources.sessions)
    close(resources.sessions, vocabulary)
    with write_transaction(resources.sessions) as session:
        row = session.get_one(ClosedReportFile, (2025, "csv"))
        if damage == "lost":
            session.delete(row)
        else:
            row.content += b"0"
        if damage == "changed with its checksum":
            row.sha256 = hashlib.sha256(row.content).hexdigest()
    with pytest.raises(DamagedFileError, match="令和7年度のCSVファイル"):
        stored(resources.sessions)
    assert "damaged" in caplog.text
    assert stored(resources.sessions, ReportFormat.PDF) == f"pdf 12 {NOW}".encode()
