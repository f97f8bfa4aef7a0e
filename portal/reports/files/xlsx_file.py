"""The report as a workbook of Excel: a sheet for each question, and a chart that Excel draws."""

from dataclasses import dataclass
from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.reports import wording
from portal.reports.files.sheets import MONTHS, Sheet, sheets
from portal.reports.files.tables import Cell, CellKind, Row, Table
from portal.reports.yearly import YearlyReport
from portal.spreadsheets import guarded

_FONT = "BIZ UDPGothic"
_A4 = 9
_WIDEST_UPRIGHT = 100
"""Letters that are still read easily on an upright page."""

_NUMBERS = {
    CellKind.COUNT: "#,##0",
    CellKind.DIFFERENCE: "+#,##0;-#,##0;0",
    CellKind.TENTHS: "#,##0.0",
    CellKind.PERCENT: "+0.0;-0.0;0.0",
}


def xlsx_file(report: YearlyReport) -> bytes:
    """The file. Texts are texts in it, whatever they begin with, and no cell is a formula."""
    buffer = BytesIO()
    with _workbook(buffer, report) as workbook:
        styles = _Styles(workbook)
        for sheet in sheets(report):
            page = _Page(workbook.add_worksheet(sheet.name), styles, report)
            heads = page.write(sheet)
            if sheet.name == MONTHS and sheet.tables[0].rows:
                _add_chart(workbook, page.sheet, heads[0], report)
    return buffer.getvalue()


def _workbook(buffer: BytesIO, report: YearlyReport) -> Workbook:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(buffer, options)
    workbook.set_properties(
        {
            "title": wording.title(report),
            "author": report.portal_name,
            "comments": wording.counted_until(report),
            # That of the report, so that the file does not tell when it was taken.
            "created": report.made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    return workbook


class _Styles:
    """Formats by what they are for, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self.title = self._of(bold=True, font_size=14)
        self.soft = self._of(font_color="#505A66")
        self.table_title = self._of(bold=True, font_size=12)

    def heading(self, kind: CellKind) -> Format:
        """Of the head of a column."""
        return self._of(
            bold=True,
            border=1,
            bg_color="#DCE9F5",
            text_wrap=True,
            valign="vcenter",
            align="left" if kind is CellKind.TEXT else "right",
        )

    def cell(self, kind: CellKind, value: Cell, *, is_end: bool) -> Format:
        """Of a cell below it."""
        more: dict[str, object] = {"bold": True, "bg_color": "#F3F7FB"} if is_end else {}
        if kind is not CellKind.TEXT:
            return self._of(border=1, valign="top", num_format=_NUMBERS[kind], **more)
        if isinstance(value, str) and guarded(value) != value:
            # What edits the cell later takes it for a text, too.
            more["quote_prefix"] = True
        return self._of(border=1, valign="top", text_wrap=True, **more)

    def _of(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(
                {"font_name": _FONT, "font_size": 10, **properties}
            )
        return self._made[key]


@dataclass(slots=True)
class _Page:
    """A worksheet that is filled from above."""

    sheet: Worksheet
    styles: _Styles
    report: YearlyReport
    row: int = 0

    def write(self, sheet: Sheet) -> list[int]:
        """All tables below the title of the report, ready to be printed; returns the rows of their
        headings."""
        self._line(wording.title(self.report), self.styles.title)
        self._line(wording.counted_until(self.report), self.styles.soft)
        heads = [self._table(table) for table in sheet.tables]
        self._set_up(sheet, heads[0] if len(heads) == 1 else None)
        return heads

    def _line(self, said: str, style: Format) -> None:
        if said:
            self.sheet.write_string(self.row, 0, said, style)
            self.row += 1

    def _table(self, table: Table) -> int:
        """Write a table after an empty row; returns the row of its headings."""
        self.row += 1
        self._line(table.title, self.styles.table_title)
        self._line(table.note, self.styles.soft)
        if not table.rows:
            self._line(table.empty, self.styles.soft)
        head = self.row
        if table.rows or table.ends:
            for number, column in enumerate(table.columns):
                self.sheet.write_string(head, number, column.name, self.styles.heading(column.kind))
            self.row += 1
        for row in table.rows:
            self._row(table, row, is_end=False)
        for row in table.ends:
            self._row(table, row, is_end=True)
        return head

    def _row(self, table: Table, row: Row, *, is_end: bool) -> None:
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            style = self.styles.cell(column.kind, value, is_end=is_end)
            if value is None:
                self.sheet.write_blank(self.row, number, None, style)
            elif isinstance(value, str):
                self.sheet.write_string(self.row, number, value, style)
            else:
                self.sheet.write_number(self.row, number, value, style)
        self.row += 1

    def _set_up(self, sheet: Sheet, head: int | None) -> None:
        """Widths, and how it is printed.

        :param head: the row of headings that stays in sight; None if there are several.
        """
        widths: dict[int, int] = {}
        for table in sheet.tables:
            for number, column in enumerate(table.columns):
                widths[number] = max(column.width, widths.get(number, 0))
        for number, width in widths.items():
            self.sheet.set_column(number, number, width)
        if head is not None:
            self.sheet.freeze_panes(head + 1, 0)
            self.sheet.repeat_rows(head)
        self.sheet.set_paper(_A4)
        if sum(widths.values()) > _WIDEST_UPRIGHT or sheet.name == MONTHS:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        name = wording.title(self.report).replace("&", "&&")
        self.sheet.set_header(f"&L{name}&R{sheet.name}")
        self.sheet.set_footer("&C&P/&N")


def _add_chart(workbook: Workbook, sheet: Worksheet, head: int, report: YearlyReport) -> None:
    """Columns of last year and this year beside each other, to the right of the table.

    :param head: the row of its headings.
    """
    first, last = head + 1, head + len(report.by_month)
    chart = workbook.add_chart({"type": "column"})
    for column, fill in ((1, "#FFFFFF"), (2, "#0055AD")):
        chart.add_series(
            {
                "name": [sheet.get_name(), head, column],
                "categories": [sheet.get_name(), first, 0, last, 0],
                "values": [sheet.get_name(), first, column, last, column],
                "fill": {"color": fill},
                "border": {"color": "#00316A", "width": 1},
                "gap": 60,
            }
        )
    chart.set_title({"name": f"{report.fiscal_year.label} 月別のページビュー", "overlay": False})
    chart.set_y_axis({"num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "top"})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 620, "height": 340})
    described = "月ごとのページビュー数を前年度と並べた棒グラフ。数は左の表にあります。"
    sheet.insert_chart(head, 4, chart, {"x_offset": 16, "description": described})
