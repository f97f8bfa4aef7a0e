"""A consultation sheet as a PDF file."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

from portal.sheets.presenters import Sheet
from portal.typesetting.typesetter import Typesetter

_TEMPLATE = Path(__file__).parent / "sheet.typ"


def pdf(sheet: Sheet, typesetter: Typesetter, *, today: date) -> bytes:
    """The file: one A4 page. The same sheet gives the same bytes on the same day.

    :raises BusyError: it was not our turn for two seconds.
    """
    return typesetter.pdf(_TEMPLATE, asdict(sheet), made_at=datetime.combine(today, time(), UTC))
