"""The report as CSV: all tables below each other, as a spreadsheet program opens them."""

from collections.abc import Iterator, Sequence
from itertools import chain

from portal.reports import wording
from portal.reports.files import sheets as report_sheets
from portal.reports.files.tables import Row, Sheet, Table
from portal.reports.yearly import YearlyReport
from portal.spreadsheets import csv_chunks


def csv_file(report: YearlyReport) -> bytes:
    """The report; its third line is the summary row."""
    return csv_of(wording.title(report), report_sheets.sheets(report))


def csv_of(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Tables in UTF-8 with a byte order mark, a blank line between them.

    :param title: the first line.
    """
    first, *others = (table for sheet in sheets for table in sheet.tables)
    below = (row for table in others for row in ((), *_rows(table)))
    return "".join(csv_chunks([title], chain(_rows(first), below))).encode()


def _rows(table: Table) -> Iterator[Row]:
    if table.title:
        yield (table.title,)
    if table.note:
        yield (table.note,)
    if not table.rows and table.empty:
        yield (table.empty,)
    if table.rows or table.ends:
        yield tuple(column.name for column in table.columns)
    yield from table.rows
    yield from table.ends
