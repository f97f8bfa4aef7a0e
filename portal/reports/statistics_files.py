"""The statistics of an agency as files: the tables of their page, whole, as CSV and as XLSX."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from portal.reports import wording
from portal.reports.agency_statistics import AgencyStatistics, Measure, Numbers
from portal.spreadsheets import Cell, csv_chunks, guarded

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WIDEST = 60
_AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it is called; None is an empty cell."""

    title: str
    about: str
    """Whose numbers they are, of which year, and whether they are made up."""
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def heading(self) -> str:
        """What stands above it."""
        return f"{self.title}：{self.about}"


def tables(statistics: AgencyStatistics, notes: Iterable[str]) -> tuple[Table, ...]:
    """All that is told, table by table.

    :param notes: sentences on what the numbers mean.
    """
    mark = f"（{wording.SAMPLE}）" if statistics.is_sample else ""
    about = f"{statistics.agency_name} {statistics.fiscal_year.label}{mark}"
    return (
        _overview(statistics, about, notes),
        _months(statistics, about),
        _listings(statistics, about),
        _searches(statistics, about),
    )


def to_csv(found: Sequence[Table]) -> str:
    """One file with the tables one below the other, an empty line between them."""
    rows: list[Sequence[Cell]] = []
    for table in found:
        rows += [(table.heading,), table.header, *table.rows, ()]
    first, *others = rows[:-1]
    return "".join(csv_chunks([str(cell) for cell in first], others))


def to_xlsx(found: Sequence[Table], made_at: datetime) -> bytes:
    """One workbook with a sheet for each table.

    :param made_at: an aware instant, which the workbook says it was made at.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _AS_TEXT) as workbook:
        workbook.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        styles = _Styles(workbook)
        for table in found:
            _write(workbook.add_worksheet(table.title), table, styles)
    return buffer.getvalue()


def counted_until(until: datetime | None) -> str:
    """Until when everything is counted, in words."""
    return f"{wording.moment(until)}までの集計" if until else "まだ集計していません"


class _Styles:
    """What cells look like, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.title = workbook.add_format({"bold": True})
        self.head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        # What edits the cell later takes it for a text, too.
        self.guarded = workbook.add_format(
            {"text_wrap": True, "valign": "top", "quote_prefix": True}
        )
        self.number = workbook.add_format({"num_format": "#,##0", "valign": "top"})


def _write(sheet: Worksheet, table: Table, styles: _Styles) -> None:
    sheet.write_string(0, 0, table.heading, styles.title)
    for column, name in enumerate(table.header):
        sheet.write_string(1, column, name, styles.head)
        sheet.set_column(column, column, _width(table, column))
    for place, row in enumerate(table.rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                style = styles.text if guarded(cell) == cell else styles.guarded
                sheet.write_string(place, column, cell, style)
            elif cell is not None:
                sheet.write_number(place, column, cell, styles.number)
    _set_up_print(sheet, len(table.header))


def _set_up_print(sheet: Worksheet, columns: int) -> None:
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_paper(9)  # A4
    if columns > 4:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _width(table: Table, column: int) -> int:
    texts = [str(row[column]) for row in table.rows if len(row) > column and row[column]]
    longest = max((len(text) for text in [table.header[column], *texts]), default=0)
    # A Japanese character is as wide as two digits.
    return min(_WIDEST, 2 * longest + 2)


def _overview(statistics: AgencyStatistics, about: str, notes: Iterable[str]) -> Table:
    year = statistics.fiscal_year
    sample = [(wording.SAMPLE, wording.SAMPLE_NOTICE, None)] if statistics.is_sample else []
    rows: list[tuple[Cell, ...]] = [
        *sample,
        ("実施機関", statistics.agency_name, None),
        ("年度", year.label, None),
        ("集計", counted_until(statistics.counted_until), None),
        *(
            (measure.label, statistics.total[measure], statistics.previous_total[measure])
            for measure in Measure
        ),
        ("いまのお気に入り", statistics.favorites, None),
        *(("数え方", note, None) for note in notes),
    ]
    return Table("概要", about, ("項目", year.label, "前の年度"), tuple(rows))


def _months(statistics: AgencyStatistics, about: str) -> Table:
    header = ("月", *(measure.label for measure in Measure), "前の年の閲覧")
    rows = [
        (month.label, *_cells(month.numbers), month.previous_views) for month in statistics.months
    ]
    total = ("合計", *_cells(statistics.total), statistics.previous_total[Measure.VIEWS])
    return Table("月別", about, header, (*rows, total))


def _listings(statistics: AgencyStatistics, about: str) -> Table:
    header = (
        *("番号", "支援情報", "いま"),
        *(measure.label for measure in Measure),
        *("前の年度の閲覧", "いまのお気に入り"),
    )
    rows = [
        (
            *(row.public_id, row.title, "公開中" if row.is_public else "公開していない"),
            *_cells(row.numbers),
            *(row.previous_views, row.favorites),
        )
        for row in statistics.listings
    ]
    total = (
        *("合計", None, None),
        *_cells(statistics.total),
        *(statistics.previous_total[Measure.VIEWS], statistics.favorites),
    )
    return Table("支援情報別", about, header, (*rows, total))


def _searches(statistics: AgencyStatistics, about: str) -> Table:
    header = ("検索の条件", "番号", "支援情報", "訪問", "日数")
    rows = [
        (row.label, row.public_id, row.title, row.visits, row.days) for row in statistics.searches
    ]
    return Table("検索", about, header, tuple(rows))


def _cells(numbers: Numbers) -> tuple[Cell, ...]:
    return tuple(numbers[measure] for measure in Measure)
