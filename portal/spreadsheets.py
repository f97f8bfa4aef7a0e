"""Tables as CSV for spreadsheet programs, in which no cell becomes a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | float | None

_CSV_TYPE = "text/csv; charset=utf-8"

# How a formula begins, in full width, too, which Japanese versions take for the same.
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_BYTE_ORDER_MARK = "\ufeff"
_ROWS_PER_CHUNK = 500


def csv_headers(name: str) -> dict[str, str]:
    """What goes with a CSV file that is taken under a name, such as ``users.csv``."""
    return {
        "Content-Type": _CSV_TYPE,
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: an apostrophe goes before one.

    Before a text that begins with such an apostrophe goes another, so taking the first one away
    always gives back what there was.
    """
    return f"'{text}" if _needs_guard(text) else text


def unguarded(text: str) -> str:
    """What ``guarded`` made a text of, given back: for files of ours that come in again."""
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def _needs_guard(text: str) -> bool:
    bare = text.lstrip("'")
    # Programs look past what they take for space.
    return bare.startswith(("\t", "\r", "\n")) or bare.lstrip().startswith(_FORMULA_STARTS)


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file bit by bit: with a byte order mark, by which Excel knows UTF-8, and guarded texts.

    Numbers stay numbers; None is an empty cell.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BYTE_ORDER_MARK)
    writer.writerow([guarded(name) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
        if number % _ROWS_PER_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    written = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return written
