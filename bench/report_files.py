"""``make bench-report-files``: what LibreOffice makes of the files of a yearly report.

Titles are what spreadsheet programs take for formulas. No cell may be one, and every cell has to
say what was written. A file without our guard is opened, too: if no formula were found in it,
nothing would be proven by finding none in ours.
"""

import argparse
import csv
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import openpyxl

from bench import results
from bench.report import table, write_between_markers
from bench.search import DOCUMENT
from portal.reports.files import render
from portal.reports.yearly import ListingRow, ReportFormat, YearlyReport
from portal.spreadsheets import unguarded
from portal.typesetting.typesetter import Typesetter
from tests.portal.reports.some_report import some_report

_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", " =", "'=")
_ENDS = (
    "1+1",
    "SUM(A1:A9)",
    'HYPERLINK("http://127.0.0.1/","開く")',
    "cmd|' /C calc'!A0",
    "2+5+cmd|' /C calc'!A0",
    'WEBSERVICE("http://127.0.0.1/")',
    "DDE(1;2;3)",
    "B2",
    "補助金（見本）",
)
_LONGEST_OPENING_S = 120
_UTF_8 = "44,34,76,1,,0,false,true,false"
"""How LibreOffice is told that a CSV file has commas, quotation marks and UTF-8, and that numbers
are to be found in it: as its window offers on opening one."""

Cell = tuple[str, int, int]
Said = str | int | float | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as LibreOffice has it after opening, and what differs from what was written."""

    name: str
    cells: int
    formulas: int
    differing: int
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Open all, print, and with ``--write`` put the table into the documentation."""
    parser = argparse.ArgumentParser(prog="bench.report_files", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the table into {DOCUMENT}")
    options = parser.parse_args(arguments)
    office = shutil.which("soffice")
    if office is None:
        sys.stderr.write("LibreOffice is missing: apt-get install libreoffice-calc-nogui\n")
        return 1
    titles = ["".join(parts) for parts in product(_STARTS, _ENDS)]
    with tempfile.TemporaryDirectory() as folder:
        found = list(_open_all(office, Path(folder), _report(titles), titles))
        version = _told(office, Path(folder), "--version").split("(")[0].strip()
    text = f"{results.today()}; {results.machine()}; {' '.join(version.split()[:2])}.\n\n" + (
        "\n".join(_table(found, len(titles)))
    )
    print(text)
    if options.write:
        write_between_markers(DOCUMENT, "bench-report-files", text)
    *ours, unguarded_file = found
    is_kept = all(not one.formulas and not one.differing for one in ours)
    return 0 if is_kept and unguarded_file.formulas else 1


def _report(titles: Sequence[str]) -> YearlyReport:
    listings = tuple(
        ListingRow(f"L{number:06}", title, title, len(titles) - number, None)
        for number, title in enumerate(titles)
    )
    views = sum(row.views or 0 for row in listings)
    whole = some_report()
    return replace(
        whole, by_listing=listings, views_without_listing=(whole.total_page_views or 0) - views
    )


def _open_all(
    office: str, folder: Path, report: YearlyReport, titles: Sequence[str]
) -> Iterator[Opened]:
    workbook = folder / "report.xlsx"
    workbook.write_bytes(render(report, ReportFormat.XLSX, Typesetter()))
    yield _opened("XLSX", office, workbook, dict(_cells(workbook)))
    sheet = folder / "table.csv"
    content = render(report, ReportFormat.CSV, Typesetter())
    sheet.write_bytes(content)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if not set(titles) <= {unguarded(cell) for row in rows for cell in row}:
        raise ValueError("taking the guards away does not give the titles back")
    yield _opened("CSV", office, sheet, dict(_csv_cells(rows)))
    bare = folder / "bare.csv"
    with bare.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([title] for title in titles)
    yield _opened("CSV without the guard", office, bare, {})


def _opened(name: str, office: str, path: Path, written: dict[Cell, Said]) -> Opened:
    began = time.perf_counter()
    out = path.parent / "opened"
    infilter = [f"--infilter=CSV:{_UTF_8}"] if path.suffix == ".csv" else []
    _told(office, path.parent, *infilter, "--convert-to", "xlsx", "--outdir", str(out), str(path))
    seconds = time.perf_counter() - began
    book = openpyxl.load_workbook(out / f"{path.stem}.xlsx")
    formulas = sum(
        cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
    )
    found = dict(_cells(out / f"{path.stem}.xlsx"))
    differing = sum(found.get(place) != said for place, said in written.items())
    return Opened(name, len(found), formulas, differing, seconds)


def _told(office: str, folder: Path, *arguments: str) -> str:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    return subprocess.run(  # noqa: S603  (our own arguments)
        [office, profile, "--headless", *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=_LONGEST_OPENING_S,
    ).stdout


def _cells(path: Path) -> Iterator[tuple[Cell, Said]]:
    """What the cells of a workbook say that say anything, by number of sheet, row and column."""
    for number, sheet in enumerate(openpyxl.load_workbook(path)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield (str(number), cell.row, cell.column), _comparable(cell.value)


def _csv_cells(rows: Sequence[Sequence[str]]) -> Iterator[tuple[Cell, Said]]:
    for number, row in enumerate(rows, start=1):
        for column, said in enumerate(row, start=1):
            if said:
                yield ("0", number, column), _comparable(_number(said))


def _number(said: str) -> Said:
    try:
        return float(said)
    except ValueError:
        return said


def _comparable(value: object) -> Said:
    """What is the same before and after: programs write the end of a line in different ways."""
    if isinstance(value, int | float):
        return float(value)
    return str(value).replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n")


def _table(found: Sequence[Opened], titles: int) -> list[str]:
    head = ["file", "cells that say something", "formulas", "cells that differ", "opened in s"]
    rows = [
        [
            *(one.name, f"{one.cells:,}", str(one.formulas)),
            *(str(one.differing) if one is not found[-1] else "–", f"{one.seconds:.1f}"),
        ]
        for one in found
    ]
    return [
        f"{titles} titles that look like formulas, each twice in a row:",
        "",
        *table(head, rows),
    ]


if __name__ == "__main__":
    sys.exit(main())
