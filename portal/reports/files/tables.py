"""Tables, from which the CSV, XLSX and PDF files of a report are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from portal.reports import wording
from portal.reports.yearly import MonthRow, ValueRow, YearlyReport

Cell = str | int | float | None
Row = tuple[Cell, ...]

TOTAL = "合計"


class CellKind(Enum):
    """What the cells of a column are."""

    TEXT = auto()
    COUNT = auto()
    """Whole, and never below 0."""
    DIFFERENCE = auto()
    """Whole, and told with its sign."""
    TENTHS = auto()
    """To one decimal place."""
    PERCENT = auto()
    """To one decimal place, and told with its sign."""


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells below a heading are, and how many letters of a Western font they need."""

    name: str
    kind: CellKind = CellKind.COUNT
    width: int = 20


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings. A cell of None is not known, or is none. The first needs no title: that
    of the report stands above it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    ends: tuple[Row, ...] = ()
    """Below all rows: what belongs to none of them, and the total."""
    note: str = ""
    empty: str = ""
    """Said where there are no rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tables below each other, on a sheet of a workbook.

    :param name: at most 31 characters, none of ``[]:*?/\\``.
    """

    name: str
    tables: tuple[Table, ...]


def text(name: str, width: int = 44) -> Column:
    """A column of texts."""
    return Column(name, CellKind.TEXT, width)


def both_years(report: YearlyReport) -> tuple[Column, Column]:
    """The year before, and that of the report."""
    return (
        Column(f"{wording.previous_year(report).label}（前年度）"),
        Column(f"{report.fiscal_year.label}（今年度）"),
    )


def year_columns(report: YearlyReport) -> tuple[Column, ...]:
    """Both years, and how many more or fewer it became: headings of ``year_cells``."""
    return (*both_years(report), Column("増減", CellKind.DIFFERENCE, 12))


def year_cells(views: int | None, previous: int | None) -> Row:
    """What a row tells of both years."""
    difference = None if views is None or previous is None else views - previous
    return (previous, views, difference)


def nothing_known(report: YearlyReport) -> str:
    """Why a table has no rows."""
    if report.counted_until is None and report.is_taken_over:
        return "前のサイトが数えた年度のため、分かりません。"
    return "この年度の数はありません。"


def total(report: YearlyReport, rows: Sequence[MonthRow] | Sequence[ValueRow]) -> Row:
    """The name of the sum of some rows, and what ``year_cells`` tells of it.

    Where the rows are not all of the year, the name says so, and nothing is said of a year before
    that they are not all of.
    """
    known = [row.views for row in rows if row.views is not None]
    before = sum(row.previous or 0 for row in rows)
    views = sum(known) if known else None
    name = total_name(report, views)
    is_comparable = name == TOTAL and before == report.previous_total_page_views
    return (name, *year_cells(views, before if is_comparable else None))


def total_name(report: YearlyReport, views: int | None) -> str:
    """What a sum of views is called: it may lack what was taken over as a whole."""
    return TOTAL if views in (None, report.total_page_views) else "内訳が分かる分の合計"
