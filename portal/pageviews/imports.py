"""Taking over what a predecessor of this portal counted: all of a file or nothing.

The same file again changes nothing, and a corrected one corrects.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.fiscal_year import FiscalYear
from portal.pageviews.import_files import WHOLE_YEAR, ImportedRow, refused
from portal.pageviews.models import DailyPageView, ImportedPageView

TARGET = "imported_page_view"

Stored = Mapping[tuple[int, int], ImportedPageView]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows became what."""

    added: int
    changed: int
    unchanged: int


def store(
    session: Session,
    rows: Sequence[ImportedRow],
    *,
    closed_years: Collection[int],
    actor: Actor,
    today: date,
    now: datetime,
) -> ImportResult:
    """Take over what a file says. Callers commit.

    :param closed_years: fiscal years of which nothing may change.
    :raises InvalidInputError: something of it must not be taken over; nothing is.
    """
    table = ImportedPageView
    years = {row.fiscal_year for row in rows}
    there = session.scalars(select(table).where(table.fiscal_year.in_(years)))
    before = {(row.fiscal_year, row.month): row for row in there}
    wanted = [row for row in rows if not _is_same(row, before.get((row.fiscal_year, row.month)))]
    problems = [
        f"{row.number}行目: {problem}"
        for row in wanted
        if (problem := _problem(session, row, before, closed_years, today))
    ]
    if problems:
        raise refused(*problems)
    if not wanted:
        return ImportResult(0, 0, len(rows))
    changed = 0
    for row in wanted:
        stored = before.get((row.fiscal_year, row.month))
        changed += stored is not None
        stored = stored or table(fiscal_year=row.fiscal_year, month=row.month)
        stored.views, stored.imported_at = row.views, now
        session.add(stored)
    audit.record(
        session,
        AuditAction.PAGE_VIEWS_IMPORTED,
        actor=actor,
        target=Target(TARGET, "csv"),
        detail={
            "years": "、".join(str(year) for year in sorted({row.fiscal_year for row in wanted})),
            "rows": len(wanted),
            "page_views": sum(row.views for row in wanted),
        },
        now=now,
    )
    return ImportResult(len(wanted) - changed, changed, len(rows) - len(wanted))


def _problem(
    session: Session,
    row: ImportedRow,
    before: Stored,
    closed_years: Collection[int],
    today: date,
) -> str | None:
    label = FiscalYear(row.fiscal_year).label
    if row.fiscal_year in closed_years:
        return f"{label}は締めてあるので、変えられません。"
    starts_on, ends_on = _days(row)
    if ends_on >= today:
        return f"{row.label}はまだ終わっていません。終わった月か年度だけを入れてください。"
    known = {month for year, month in before if year == row.fiscal_year}
    if known and (row.month == WHOLE_YEAR) != (WHOLE_YEAR in known):
        there = "1年分" if WHOLE_YEAR in known else "月ごとの数"
        return f"{label}は、{there}がもう取り込んであります。両方は入れられません。"
    counted = select(DailyPageView.views).where(DailyPageView.viewed_on.between(starts_on, ends_on))
    if session.execute(counted.limit(1)).first() is not None:
        return f"{row.label}は、このサイトが自分で数えています。前のサイトの数は足せません。"
    return None


def _days(row: ImportedRow) -> tuple[date, date]:
    """The first and last day that a row is of."""
    year = FiscalYear(row.fiscal_year)
    if row.month == WHOLE_YEAR:
        return year.starts_on, year.ends_on
    calendar_year = row.fiscal_year + (row.month < 4)
    next_first = date(calendar_year + row.month // 12, row.month % 12 + 1, 1)
    return date(calendar_year, row.month, 1), next_first - timedelta(days=1)


def _is_same(row: ImportedRow, stored: ImportedPageView | None) -> bool:
    return stored is not None and stored.views == row.views
