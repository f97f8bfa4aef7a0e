"""Tables as a workbook of Excel, ready to be printed, with a chart that Excel draws."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import zip_longest

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.reports.files.tables import Cell, CellKind, Row, Sheet, Table
from portal.spreadsheets import guarded

_FONT = "BIZ UDPGothic"
_A4 = 9
_WIDEST_UPRIGHT = 100
"""Letters that are still read easily on an upright page."""
_LINE_POINTS = 15.0
_FRAME = {"border": 1, "border_color": "#A5B1BE"}

_NUMBERS = {
    CellKind.COUNT: "#,##0_ ",
    CellKind.DIFFERENCE: "+#,##0_ ;-#,##0_ ;0_ ",
    CellKind.TENTHS: "#,##0.0_ ",
    CellKind.PERCENT: "+0.0_ ;-0.0_ ;0.0_ ",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the tables of every sheet, and in the properties of the file."""

    title: str
    subtitle: str
    author: str
    made_at: datetime
    """An aware instant, so that the file does not tell when it was taken."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart beside the first table of a sheet: the numbers of its second and third column, named
    by its first."""

    sheet: str
    title: str
    description: str
    """For whoever does not see it."""


def workbook_of(cover: Cover, sheets: Sequence[Sheet], chart: Columns | None = None) -> bytes:
    """The file. Texts are texts in it, whatever they begin with, and no cell is a formula.

    :param chart: drawn unless its table has no rows.
    """
    buffer = BytesIO()
    with _workbook(buffer, cover) as workbook:
        styles = _Styles(workbook)
        for sheet in sheets:
            drawn = chart if chart and chart.sheet == sheet.name and sheet.tables[0].rows else None
            page = _Page(workbook.add_worksheet(sheet.name), styles, cover)
            heads = page.write(sheet, is_wide=bool(drawn))
            if drawn:
                _add_chart(workbook, page.sheet, drawn, heads[0], sheet.tables[0].rows)
    return buffer.getvalue()


def _workbook(buffer: BytesIO, cover: Cover) -> Workbook:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(buffer, options)
    workbook.set_properties(
        {
            "title": cover.title,
            "author": cover.author,
            "comments": cover.subtitle,
            "created": cover.made_at.astimezone(UTC).replace(tzinfo=None),
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
            **_FRAME,
            bg_color="#DCE9F5",
            text_wrap=True,
            valign="vcenter",
            align="left" if kind is CellKind.TEXT else "right",
        )

    def cell(self, kind: CellKind, value: Cell, *, is_end: bool) -> Format:
        """Of a cell below it."""
        more: dict[str, object] = {"bold": True, "bg_color": "#F3F7FB"} if is_end else {}
        if kind is not CellKind.TEXT:
            return self._of(**_FRAME, valign="top", num_format=_NUMBERS[kind], **more)
        if isinstance(value, str) and guarded(value) != value:
            # What edits the cell later takes it for a text, too.
            more["quote_prefix"] = True
        return self._of(**_FRAME, valign="top", text_wrap=True, **more)

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
    cover: Cover
    row: int = 0

    def write(self, sheet: Sheet, *, is_wide: bool) -> list[int]:
        """All tables below the title, ready to be printed; returns the rows of their headings.

        :param is_wide: whether there is going to be something beside the tables.
        """
        self._line(self.cover.title, self.styles.title)
        self._line(self.cover.subtitle, self.styles.soft)
        widths = _widths(sheet)
        heads = [self._table(table, widths) for table in sheet.tables]
        for number, width in enumerate(widths):
            self.sheet.set_column(number, number, width)
        if len(heads) == 1:
            self.sheet.freeze_panes(heads[0] + 1, 0)
            self.sheet.repeat_rows(heads[0])
        self._set_up_print(sheet.name, is_wide=is_wide or sum(widths) > _WIDEST_UPRIGHT)
        return heads

    def _line(self, said: str, style: Format) -> None:
        if said:
            self.sheet.write_string(self.row, 0, said, style)
            self.row += 1

    def _table(self, table: Table, widths: Sequence[int]) -> int:
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
            self._make_room([column.name for column in table.columns], widths)
            self.row += 1
        for row in table.rows:
            self._row(table, row, widths, is_end=False)
        for row in table.ends:
            self._row(table, row, widths, is_end=True)
        return head

    def _row(self, table: Table, row: Row, widths: Sequence[int], *, is_end: bool) -> None:
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            style = self.styles.cell(column.kind, value, is_end=is_end)
            if value is None:
                self.sheet.write_blank(self.row, number, None, style)
            elif isinstance(value, str):
                self.sheet.write_string(self.row, number, value, style)
            else:
                self.sheet.write_number(self.row, number, value, style)
        self._make_room(row, widths)
        self.row += 1

    def _make_room(self, row: Sequence[Cell], widths: Sequence[int]) -> None:
        """As many lines as the longest text takes: not every program does that by itself."""
        lines = max(
            -(-_letters(value) // (width - 1)) if isinstance(value, str) else 1
            for value, width in zip(row, widths, strict=False)
        )
        if lines > 1:
            self.sheet.set_row(self.row, _LINE_POINTS * lines)

    def _set_up_print(self, name: str, *, is_wide: bool) -> None:
        self.sheet.set_paper(_A4)
        if is_wide:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        title = self.cover.title.replace("&", "&&")
        self.sheet.set_header(f"&L{title}&R{name}")
        self.sheet.set_footer("&C&P/&N")


def _widths(sheet: Sheet) -> list[int]:
    """Of the columns, each as wide as the widest of its tables."""
    columns = zip_longest(*([column.width for column in table.columns] for table in sheet.tables))
    return [max(width for width in widths if width) for widths in columns]


def _letters(text: str) -> int:
    """How many letters of a Western font are as wide."""
    return sum(1 if unicodedata.east_asian_width(one) in ("N", "Na", "H") else 2 for one in text)


def _add_chart(
    workbook: Workbook, sheet: Worksheet, drawn: Columns, head: int, rows: Sequence[Row]
) -> None:
    """Draw two rows of columns, to the right of their table; one if nothing is known of the other.

    :param head: the row of its headings.
    """
    name, first, last = sheet.get_name(), head + 1, head + len(rows)
    chart = workbook.add_chart({"type": "column"})
    for column, fill in ((1, "#FFFFFF"), (2, "#0055AD")):
        if all(row[column] is None for row in rows):
            continue
        chart.add_series(
            {
                "name": [name, head, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": fill},
                "border": {"color": "#00316A", "width": 1},
                "gap": 60,
            }
        )
    chart.set_title({"name": drawn.title, "overlay": False})
    chart.set_y_axis({"num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "top"})
    chart.set_size({"width": 620, "height": 340})
    sheet.insert_chart(head, 4, chart, {"x_offset": 16, "description": drawn.description})
