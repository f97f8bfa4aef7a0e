"""Reading a sheet with other libraries than the one that wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp

POINTS = 72
DOTS = 150
"""For each inch: less than any copier."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the page in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Place:
    """The frame of a listing, and what is printed in it."""

    frame: Box
    text: str
    characters: tuple[Box, ...]


@contextmanager
def opened(file: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(file)
    try:
        yield document
    finally:
        document.close()


def code_on(file: bytes) -> str:
    """What the one QR code on the first page says, as a phone would see it."""
    with opened(file) as document:
        picture = document[0].render(scale=DOTS / POINTS, grayscale=True).to_numpy()
        (found,) = zxingcpp.read_barcodes(picture.squeeze().copy())
    return str(found.text)


def places(file: bytes) -> list[Place]:
    """The frames of the one page of a file, from above."""
    with opened(file) as document:
        assert len(document) == 1
        page = document[0]
        texts = page.get_textpage()
        frames = {
            Box(*item.get_bounds())
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
            if _is_frame(Box(*item.get_bounds()))
        }
        boxes = [Box(*texts.get_charbox(number)) for number in range(texts.count_chars())]
        found = [
            Place(
                frame,
                texts.get_text_bounded(frame.left, frame.bottom, frame.right, frame.top),
                tuple(box for box in boxes if _meets(box, frame)),
            )
            for frame in frames
        ]
        texts.close()
    return sorted(found, key=lambda place: -place.frame.top)


def _is_frame(box: Box) -> bool:
    millimetre = POINTS / 25.4
    is_wide = abs(box.right - box.left - 180 * millimetre) < 2 * millimetre
    return is_wide and box.top - box.bottom > 30 * millimetre


def _meets(box: Box, frame: Box) -> bool:
    return box.top > frame.bottom and box.bottom < frame.top and box.top > box.bottom
