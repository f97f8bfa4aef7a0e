"""Whether bytes are a PDF and nothing else besides, told by where formats have their marks.

A file that is two things at once, a picture or a page to one program and a PDF to another, is how
something gets past a check. So a PDF begins at the first byte, ends with its last, and shows no
mark of another format where that format would be looked for.
"""

import io
import re
import zipfile

from portal.attachments.sizes import MOST_BYTES
from portal.attachments.streams import outside_streams
from portal.formats import grouped

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n\t %]")
_END = b"%%EOF"
_PADDING = b"\x00\t\n\x0c\r "

_OTHER_FORMATS = (
    (b"PK\x03\x04", "ZIPか、Word・Excel・PowerPointのファイル"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古いWord・Excelのファイル"),
    (b"\xff\xd8\xff", "写真（JPEG）"),
    (b"\x89PNG\r\n", "画像（PNG）"),
    (b"GIF8", "画像（GIF）"),
    (b"MZ", "プログラム"),
    (b"\x7fELF", "プログラム"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
)
_PAGE = re.compile(rb"<(?:!doctype html|html|script|svg|iframe|\?php)\b", re.IGNORECASE)
_SNIFFED = 4096
"""Bytes from the beginning in which browsers and mail programs look for a web page."""

_FOREIGN = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|PK\x03\x04|PK\x05\x06")
_AT_A_PLACE = ((128, b"DICM"), (257, b"ustar"), (32_769, b"CD001"))
_ANYWHERE = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")

_TWO_IN_ONE = "PDFと別の種類のデータが1つになったファイルは、受け付けていません。"
_MEND = "元の文書から、もう一度PDFとして保存してください。"


def fault_of(content: bytes) -> str | None:
    """Why a file is not taken, in words that say how to mend it; None if it is one whole PDF."""
    if not content:
        return "ファイルが空（0バイト）です。中身のあるPDFを選んでください。"
    if len(content) > MOST_BYTES:
        return too_large(len(content))
    if not _HEADER.match(content):
        return _other_format(content)
    return _fault_of_end(content) or _fault_of_inside(content)


def too_large(size: int) -> str:
    """What is said of a file of so many bytes."""
    most = MOST_BYTES // (1024 * 1024)
    return (
        f"ファイルが大きすぎます（{grouped(size)}バイト）。{most}MB（{grouped(MOST_BYTES)}バイト）"
        "までです。画像を小さくして保存し直すか、ファイルを分けてください。"
    )


def _other_format(content: bytes) -> str:
    for mark, name in _OTHER_FORMATS:
        if content.startswith(mark):
            return f"PDFではなく、{name}です。PDFとして保存し直したものを選んでください。"
    if _PAGE.search(content[:_SNIFFED]):
        return "PDFではなく、ウェブページ（HTML）です。PDFとして保存し直したものを選んでください。"
    if content.startswith(b"%PDF-"):
        return f"PDFの版が分かりません。{_MEND}"
    if b"%PDF-" in content:
        return f"PDFの前に、別のデータが付いています。{_MEND}"
    return "PDFではありません。名前が「.pdf」でも、中身がPDFでないものは付けられません。"


def _fault_of_end(content: bytes) -> str | None:
    place = content.rfind(_END)
    if place < 0:
        return f"PDFの終わりの印がありません。途中で切れたファイルのようです。{_MEND}"
    if content[place + len(_END) :].strip(_PADDING):
        return f"PDFの後ろに、別のデータが付いています。{_MEND}"
    return None


def _fault_of_inside(content: bytes) -> str | None:
    outside = outside_streams(content)
    is_page = _PAGE.search(outside) or _PAGE.search(content[:_SNIFFED])
    is_archive = zipfile.is_zipfile(io.BytesIO(content)) or any(
        mark in content for mark in _ANYWHERE
    )
    is_at_a_place = any(content.startswith(mark, place) for place, mark in _AT_A_PLACE)
    if is_page or is_archive or is_at_a_place or _FOREIGN.search(outside):
        return f"{_TWO_IN_ONE}{_MEND}"
    return None
