"""The statistics of an agency as files: the tables of their page, whole, as CSV and as XLSX."""

from collections.abc import Iterable
from datetime import datetime

from portal.reports import wording
from portal.reports.agency_statistics import AgencyStatistics, Measure, Numbers
from portal.reports.files.csv_file import csv_of
from portal.reports.files.tables import TOTAL, Column, Row, Sheet, Table, text
from portal.reports.files.workbook import Cover, workbook_of
from portal.reports.searched import LEAST_DAYS, LEAST_SEARCHES

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NO_SEARCHES = (
    f"同じ検索から{LEAST_SEARCHES}回以上、{LEAST_DAYS}日以上にわたって開かれた支援情報は、"
    "まだありません。"
)
_TITLE_WIDTH = 56
_NOTE_WIDTH = 90
_MEASURES = tuple(Column(measure.label, width=14) for measure in Measure)


def to_csv(statistics: AgencyStatistics, notes: Iterable[str]) -> bytes:
    """One file with all tables, one below the other.

    :param notes: sentences on what the numbers mean.
    """
    return csv_of(_title(statistics), _sheets(statistics, notes))


def to_xlsx(
    statistics: AgencyStatistics, notes: Iterable[str], *, author: str, made_at: datetime
) -> bytes:
    """One workbook with a sheet for each question."""
    until = counted_until(statistics.counted_until)
    sample = f"。{wording.SAMPLE_NOTICE}" if statistics.is_sample else ""
    cover = Cover(_title(statistics), until + sample, author, made_at)
    return workbook_of(cover, _sheets(statistics, notes))


def counted_until(until: datetime | None) -> str:
    """Until when everything is counted, in words."""
    return f"{wording.moment(until)}までの集計" if until else "まだ集計していません"


def _title(statistics: AgencyStatistics) -> str:
    mark = f"（{wording.SAMPLE}）" if statistics.is_sample else ""
    return f"{statistics.agency_name}の集計 {statistics.fiscal_year.label}{mark}"


def _sheets(statistics: AgencyStatistics, notes: Iterable[str]) -> tuple[Sheet, ...]:
    return (
        Sheet("概要", (_overview(statistics),)),
        Sheet("月別", (_months(statistics),)),
        Sheet("支援情報別", (_listings(statistics),)),
        Sheet("検索", (_searches(statistics),)),
        Sheet("数え方", (_about(statistics, notes),)),
    )


def _overview(statistics: AgencyStatistics) -> Table:
    columns = (text("項目", 26), Column(statistics.fiscal_year.label), Column("前の年度"))
    counted = [
        (measure.label, statistics.total[measure], statistics.previous_total[measure])
        for measure in Measure
    ]
    kept = ("いまのお気に入り", statistics.favorites, None)
    return Table("", columns, (*counted, kept))


def _months(statistics: AgencyStatistics) -> Table:
    rows = [
        (month.label, *_cells(month.numbers), month.previous_views) for month in statistics.months
    ]
    total = (TOTAL, *_cells(statistics.total), statistics.previous_total[Measure.VIEWS])
    columns = (text("月", 14), *_MEASURES, Column("前の年の閲覧", width=14))
    return Table("月別", columns, tuple(rows), (total,))


def _listings(statistics: AgencyStatistics) -> Table:
    columns = (
        *(text("番号", 12), text("支援情報", _TITLE_WIDTH), text("いま", 16)),
        *_MEASURES,
        *(Column("前の年度の閲覧", width=14), Column("いまのお気に入り", width=14)),
    )
    rows: list[Row] = [
        (
            *(row.public_id, row.title, "公開中" if row.is_public else "公開していない"),
            *_cells(row.numbers),
            *(row.previous_views, row.favorites),
        )
        for row in statistics.listings
    ]
    total: Row = (
        *(TOTAL, None, None),
        *_cells(statistics.total),
        *(statistics.previous_total[Measure.VIEWS], statistics.favorites),
    )
    return Table("支援情報別", columns, tuple(rows), (total,))


def _searches(statistics: AgencyStatistics) -> Table:
    columns = (
        *(text("検索の条件"), text("番号", 12), text("支援情報", _TITLE_WIDTH)),
        *(Column("訪問", width=10), Column("日数", width=10)),
    )
    rows = tuple(
        (row.label, row.public_id, row.title, row.visits, row.days) for row in statistics.searches
    )
    return Table("支援情報にたどり着いた検索", columns, rows, empty=NO_SEARCHES)


def _about(statistics: AgencyStatistics, notes: Iterable[str]) -> Table:
    columns = (text("項目", 14), text("内容", _NOTE_WIDTH))
    sample = [(wording.SAMPLE, wording.SAMPLE_NOTICE)] if statistics.is_sample else []
    until = ("集計", counted_until(statistics.counted_until))
    return Table("数え方", columns, (*sample, until, *(("数え方", note) for note in notes)))


def _cells(numbers: Numbers) -> Row:
    return tuple(numbers[measure] for measure in Measure)
