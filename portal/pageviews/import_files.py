"""The file of what a predecessor of this portal counted.

It has three columns, ``fiscal_year,month,page_views``; without a month, a row is of a whole year.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.db import LARGEST_NUMBER
from portal.errors import FieldProblem, InvalidInputError
from portal.fiscal_year import FiscalYear

COLUMNS = ("fiscal_year", "month", "page_views")
WHOLE_YEAR = 0
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_BYTES = 1_000_000
MOST_PROBLEMS = 20
"""More are not told at once."""

_ENCODINGS = ("utf-8-sig", "cp932")
_NUMBER = re.compile(r"\d{1,12}|\d{1,3}(,\d{3}){1,3}", re.ASCII)
_FILE = "file"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row of such a file. ``number`` counts its rows as spreadsheet programs do, the header 1."""

    number: int
    fiscal_year: int
    month: int
    views: int

    @property
    def label(self) -> str:
        """What it is of: 令和4年度, 令和4年度の4月."""
        year = FiscalYear(self.fiscal_year).label
        return year if self.month == WHOLE_YEAR else f"{year}の{self.month}月"


def read(content: bytes) -> tuple[ImportedRow, ...]:
    """The rows of a file in UTF-8, with or without byte order mark, or in CP932.

    :raises InvalidInputError: some rows cannot be read; each problem names its row.
    """
    table = _table(_text(content))
    header = [_plain(name).lower() for name in table[0]] if table else []
    if tuple(header) != COLUMNS:
        raise refused(f"1行目は {','.join(COLUMNS)} という見出しにしてください。")
    rows, problems = [], []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            rows.append(_row(number, [_plain(cell) for cell in cells]))
        except ValueError as error:
            problems.append(f"{number}行目: {error}")
    problems += _contradictions(rows)
    if problems:
        raise refused(*problems)
    if not rows:
        raise refused("2行目から、年度・月・閲覧数を1行ずつ入れてください。")
    return tuple(rows)


def refused(*problems: str) -> InvalidInputError:
    """What is wrong with a file, a problem for each."""
    told = problems[:MOST_PROBLEMS]
    rest = len(problems) - len(told)
    told = (*told, f"ほかに{rest}個の間違いがあります。") if rest else told
    return InvalidInputError([FieldProblem(_FILE, each) for each in told])


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise refused("ファイルが大きすぎます。1MBまでにしてください。")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("文字コードが分かりません。UTF-8 か Shift_JIS のCSVにしてください。")


def _table(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", "�"), newline=""), strict=True))
    except csv.Error as error:
        raise refused('CSVとして読めません。引用符（"）が閉じているか確かめてください。') from error


def _row(number: int, cells: Sequence[str]) -> ImportedRow:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)}つの列（年度・月・閲覧数）にしてください。")
    year, month, views = cells
    fiscal_year = _number(year)
    if fiscal_year is None or not FIRST_YEAR <= fiscal_year <= LAST_YEAR:
        raise ValueError(f"年度「{_shown(year)}」は、2022 のように西暦で入れてください。")
    month_number = _number(month) if month else WHOLE_YEAR
    if month_number is None or (month and not 1 <= month_number <= 12):
        raise ValueError(f"月「{_shown(month)}」は、1から12にするか、1年分なら空にしてください。")
    count = _number(views)
    if count is None or count > LARGEST_NUMBER:
        raise ValueError(
            f"閲覧数「{_shown(views)}」は、31272 のように0以上の整数で入れてください。"
        )
    return ImportedRow(number, fiscal_year, month_number, count)


def _contradictions(rows: Sequence[ImportedRow]) -> Iterator[str]:
    first: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (row.fiscal_year, row.month)
        if key in first:
            other = first[key]
            yield f"{row.number}行目: {row.label}は{other}行目にもあります。1つにしてください。"
        first.setdefault(key, row.number)
    for row in rows:
        whole = first.get((row.fiscal_year, WHOLE_YEAR))
        if row.month != WHOLE_YEAR and whole is not None:
            yield (
                f"{row.number}行目: {FiscalYear(row.fiscal_year).label}は"
                f"{whole}行目に1年分があります。1年分か月ごとか、どちらかにしてください。"
            )


def _number(text: str) -> int | None:
    return int(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _shown(cell: str) -> str:
    return cell if len(cell) <= 20 else f"{cell[:20]}…"
