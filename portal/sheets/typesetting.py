"""A consultation sheet as a PDF file: tagged, with its fonts inside (ADR 30)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

import typst

from portal.sheets.presenters import Sheet

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
LONGEST_WAIT_S = 2.0
"""How long a sheet waits for those before it."""


class BusyError(Exception):
    """Others have sheets made, more than can be waited for."""


class Typesetter:
    """Makes sheets, one at a time: however many are asked for, pages get the rest of the machine.

    Made empty; fonts and template are read for the first sheet, in the process that prints it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._compiler: typst.Compiler | None = None

    def pdf(self, sheet: Sheet, *, today: date) -> bytes:
        """The file: one A4 page, PDF/UA-1. The same sheet gives the same bytes on the same day.

        :raises BusyError: it was not our turn for two seconds.
        """
        with self.turn():
            found = self._prepared().compile(
                format="pdf",
                # Data, never markup: what listings say is not read as commands.
                sys_inputs={"sheet": json.dumps(asdict(sheet), ensure_ascii=False)},
                pdf_standards="ua-1",
                timestamp=datetime.combine(today, time(), UTC),
            )
        if not isinstance(found, bytes):
            raise TypeError("a PDF file is one piece")
        return found

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep others waiting until the block ends.

        :raises BusyError: it was not our turn for too long.
        """
        if not self._lock.acquire(timeout=LONGEST_WAIT_S):
            raise BusyError
        try:
            yield
        finally:
            self._lock.release()

    def _prepared(self) -> typst.Compiler:
        if self._compiler is None:
            fonts = typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[str(FONTS)],
            )
            self._compiler = typst.Compiler(
                str(_HERE / "sheet.typ"), root=str(_HERE), font_paths=fonts
            )
        return self._compiler
