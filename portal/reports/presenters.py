"""A yearly report as its page shows it: the tables of its files, the longest of them cut short."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from portal.fiscal_year import FiscalYear
from portal.formats import grouped
from portal.reports import wording
from portal.reports.charts import MonthChart, month_chart
from portal.reports.files import breakdowns, overview
from portal.reports.files.tables import Cell, CellKind, Column, Table
from portal.reports.yearly import ReportFormat, SearchedRow, YearlyReport

MOST_ROWS = 10
"""Of a table on the page; the files have all."""
_NOT_TOLD = "―"
_ID_COLUMN, _TITLE_COLUMN, _AGENCY_COLUMN = 1, 2, 3
"""Of the table of listings: id and agency go into the cell of the title."""

FORMAT_LABELS = {
    ReportFormat.PDF: "PDF（印刷用）",
    ReportFormat.XLSX: "Excel（グラフ付き）",
    ReportFormat.CSV: "CSV",
    ReportFormat.JSON: "JSON（プログラム用）",
}
"""In the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell in words; ``address`` where it leads on, ``note`` what is said below."""

    text: str
    is_number: bool
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of the page. The first cell of a row names it."""

    key: str
    title: str
    headings: tuple[PageCell, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    ends: tuple[tuple[PageCell, ...], ...]
    note: str
    empty: str
    left_out: int
    """Rows that only the files have."""


@dataclass(frozen=True, slots=True)
class SummaryFact:
    """A cell of the row that the prefecture's table of measures asks for."""

    key: str
    label: str
    value: str


def summary(report: YearlyReport) -> tuple[SummaryFact, ...]:
    """The row of 施策実施状況, in its order."""
    before = wording.previous_year(report).label
    return (
        SummaryFact("item", "項目名", wording.ITEM),
        SummaryFact(
            "previous",
            f"前年度（{before}）",
            wording.count(report.previous_total_page_views, "件"),
        ),
        SummaryFact(
            "total",
            f"今年度（{report.fiscal_year.label}）",
            wording.count(report.total_page_views, "件"),
        ),
        SummaryFact("change", "増減率", wording.change(report.change_percent)),
        SummaryFact("cost", "事業費", wording.cost(report.cost_yen)),
        SummaryFact(
            "yen_per_view",
            "1閲覧あたり",
            wording.yen(report.yen_per_view),
        ),
    )


def chart(report: YearlyReport) -> MonthChart | None:
    """The months beside those of the year before; None if no number is known."""
    return month_chart(
        report.by_month,
        title=f"{report.fiscal_year.label}の月別の閲覧数",
        label=report.fiscal_year.label,
        previous_label=wording.previous_year(report).label,
    )


def months(report: YearlyReport) -> PageTable:
    """By month, which stands beside the chart."""
    return _page_table("months", breakdowns.months(report), most=None)


def listings(report: YearlyReport, address_of: Callable[[str], str]) -> PageTable:
    """The listings that were viewed most, each leading to its page.

    :param address_of: where a listing is, by its public id.
    """
    shown = _page_table("listings", breakdowns.listings(report), most=MOST_ROWS)

    def joined(cells: tuple[PageCell, ...]) -> tuple[PageCell, ...]:
        number, title, agency = (cell.text for cell in cells[_ID_COLUMN : _AGENCY_COLUMN + 1])
        address = address_of(number) if number else ""
        linked = PageCell(title, False, address, agency)
        return (*cells[:_ID_COLUMN], linked, *cells[_AGENCY_COLUMN + 1 :])

    return replace(
        shown,
        headings=(
            *shown.headings[:_ID_COLUMN],
            *shown.headings[_TITLE_COLUMN:_AGENCY_COLUMN],
            *shown.headings[_AGENCY_COLUMN + 1 :],
        ),
        rows=tuple(map(joined, shown.rows)),
        ends=tuple(map(joined, shown.ends)),
    )


def parts(report: YearlyReport) -> tuple[PageTable, ...]:
    """Page views by each of what they are told by."""
    tables = {
        "page-kinds": breakdowns.page_kinds,
        "agencies": breakdowns.agencies,
        "kinds": breakdowns.kinds,
        "purposes": breakdowns.purposes,
        "industries": breakdowns.industries,
        "regions": breakdowns.regions,
        "devices": breakdowns.devices,
    }
    return tuple(_page_table(key, make(report), most=MOST_ROWS) for key, make in tables.items())


def doings(report: YearlyReport) -> tuple[PageTable, ...]:
    """What was done to listings, and what was pressed on their pages."""
    return (
        _page_table("activity", overview.activity(report), most=None),
        _page_table("clicks", overview.clicks(report), most=None),
    )


def searches(report: YearlyReport) -> tuple[PageTable, ...]:
    """What people searched for, each leading to what it finds now."""
    found = (
        ("top-searches", breakdowns.top_searches, report.top_searches),
        ("searches-with-little", breakdowns.searches_with_little, report.searches_with_little),
    )
    return tuple(
        _linked(_page_table(key, make(report), most=MOST_ROWS), rows) for key, make, rows in found
    )


def left_out(report: YearlyReport) -> PageTable:
    """What is no page view, with how often it was asked for."""
    return _page_table("left-out", overview.left_out(report), most=None)


def jumps(report: YearlyReport, *, is_closed: bool) -> tuple[tuple[str, str], ...]:
    """The parts of the page, a key and a label each: first what is to be done, then what is told.
    Those of which nothing is known are left out."""
    acts = (
        ("files", "ファイルで受け取る"),
        ("cost", "事業費" if is_closed else "事業費を入れる"),
        ("close", "締めた日" if is_closed else "年度を締める"),
    )
    if report.counted_until is None:
        return (*acts, ("months", "月別"), ("listings", "支援情報"), ("definitions", "数え方"))
    told = (
        ("months", "月別"),
        ("listings", "支援情報"),
        ("parts", "内訳"),
        ("activity", "掲載と利用"),
        ("clicks", "クリック"),
        ("top-searches", "検索"),
        ("left-out", "除いたもの"),
        ("definitions", "数え方"),
    )
    return (*acts, *told)


def file_name(year: FiscalYear, report_format: ReportFormat) -> str:
    """What a browser calls a file."""
    return f"yearly-report-{year.year}.{report_format.value}"


def _linked(table: PageTable, rows: Sequence[SearchedRow]) -> PageTable:
    linked = tuple(
        (replace(cells[0], address=row.address), *cells[1:])
        for cells, row in zip(table.rows, rows[: len(table.rows)], strict=True)
    )
    return replace(table, rows=linked)


def _page_table(key: str, table: Table, *, most: int | None) -> PageTable:
    rows = table.rows[:most]
    return PageTable(
        key,
        table.title,
        tuple(map(_heading, table.columns)),
        tuple(_cells(table.columns, row) for row in rows),
        tuple(_cells(table.columns, row) for row in table.ends),
        table.note,
        table.empty,
        len(table.rows) - len(rows),
    )


def _heading(column: Column) -> PageCell:
    """Its name; of a year what it is to the report, with its label below: there is little room."""
    label, _, rest = column.name.partition("（")
    is_number = column.kind is not CellKind.TEXT
    is_year = rest.endswith("年度）")
    return PageCell(rest[:-1] if is_year else column.name, is_number, note=label if is_year else "")


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> tuple[PageCell, ...]:
    return tuple(_cell(column, cell) for column, cell in zip(columns, row, strict=True))


def _cell(column: Column, cell: Cell) -> PageCell:
    if isinstance(cell, str) or column.kind is CellKind.TEXT:
        return PageCell(str(cell or ""), False)
    if cell is None:
        return PageCell(_NOT_TOLD, True)
    if column.kind is CellKind.DIFFERENCE:
        return PageCell(wording.difference(int(cell)), True)
    return PageCell(grouped(cell), True)
