"""Data and a template made a PDF file: tagged, with its fonts inside (ADR 30)."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"
LONGEST_WAIT_S = 2.0
"""How long a document waits for those before it."""


class BusyError(Exception):
    """Others have documents made, more than can be waited for."""


class Typesetter:
    """Makes documents, one at a time: however many are asked for, pages get the rest of the
    machine.

    Made empty; fonts and templates are read for the first document, in the process that prints it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fonts: typst.Fonts | None = None
        self._compilers: dict[Path, typst.Compiler] = {}

    def pdf(self, template: Path, data: Mapping[str, object], *, made_at: datetime) -> bytes:
        """The file, PDF/UA-1. The same data give the same bytes for the same instant.

        :param template: finds the data as JSON in ``sys.inputs.data``, and only its own folder.
        :param data: texts in characters that are drawn (``texts.clean``).
        :param made_at: an aware instant, which the file says it is of.
        :raises BusyError: it was not our turn for two seconds.
        """
        with self.turn():
            found = self._prepared(template).compile(
                format="pdf",
                # Data, never markup: what listings say is not read as commands.
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards="ua-1",
                timestamp=made_at,
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

    def _prepared(self, template: Path) -> typst.Compiler:
        if self._fonts is None:
            self._fonts = typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[str(FONTS)],
            )
        if template not in self._compilers:
            self._compilers[template] = typst.Compiler(
                str(template), root=str(template.parent), font_paths=self._fonts
            )
        return self._compilers[template]
