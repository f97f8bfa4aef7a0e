"""Files that must not be taken, with what is said of each."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from hashlib import sha512

from portal.attachments.sizes import MOST_BYTES
from tests.portal.attachments.pdfs import (
    END,
    GOOD,
    HEADER,
    archive,
    packed,
    pdf,
    pdf_with_packed_objects,
    stream,
)

Make = Callable[[], bytes]

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200) + b"\xff\xd9"
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def _annotation(entries: bytes, *more: bytes) -> Make:
    """A page with something on it that acts."""
    return partial(
        pdf, b"<</Type/Annot/Rect[0 0 9 9]%s>>" % entries, *more, page=b"/Annots[10 0 R]"
    )


@cache
def _zeros() -> bytes:
    """A stream of 260 megabytes that are a quarter of one."""
    return packed(bytes(260_000_000))


def _many_objects() -> bytes:
    table = b"xref\n0 200002\n" + b"0000000015 00000 n \n" * 200_002
    place = len(HEADER)
    return b"%s%strailer\n<</Size 200002/Root 1 0 R>>\nstartxref\n%d\n%s" % (
        HEADER,
        table,
        place,
        END,
    )


NOT_A_PDF: Mapping[str, tuple[Make, str]] = {
    "nothing": (bytes, "空（0バイト）"),
    "ten megabytes and one": (
        lambda: GOOD.ljust(MOST_BYTES + 1, b"\n"),
        "大きすぎます（10,485,761バイト）",
    ),
    "web page": (lambda: PAGE, "ウェブページ（HTML）"),
    "web page after lines": (lambda: b"\xef\xbb\xbf\r\n\r\n" + PAGE, "ウェブページ（HTML）"),
    "archive": (archive, "ZIPか、Word"),
    "old office file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "古いWord"),
    "photograph": (lambda: JPEG, "写真（JPEG）"),
    "drawing": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(64), "画像（PNG）"),
    "animation": (lambda: b"GIF89a" + bytes(64), "画像（GIF）"),
    "program of Windows": (lambda: b"MZ" + bytes(128), "プログラム"),
    "program of Linux": (lambda: b"\x7fELF" + bytes(128), "プログラム"),
    "rich text": (lambda: b"{\\rtf1 x}", "リッチテキスト"),
    "test virus": (lambda: EICAR, "PDFではありません"),
    "plain text": (lambda: "青森県の補助金".encode(), "PDFではありません"),
    "zeros": (lambda: bytes(4_096), "PDFではありません"),
    "mark alone": (lambda: b"%PDF", "PDFではありません"),
    "version that never was": (lambda: b"%PDF-9.9\n" + GOOD[9:], "版が分かりません"),
    "small letters": (lambda: GOOD.replace(b"%PDF-", b"%pdf-"), "PDFではありません"),
}

TWO_IN_ONE: Mapping[str, tuple[Make, str]] = {
    "photograph before": (lambda: JPEG + GOOD, "写真（JPEG）"),
    "archive before": (lambda: archive() + GOOD, "ZIPか、Word"),
    "web page before": (lambda: PAGE + GOOD, "ウェブページ（HTML）"),
    "line before": (lambda: b"\n" + GOOD, "PDFの前に"),
    "byte order mark before": (lambda: b"\xef\xbb\xbf" + GOOD, "PDFの前に"),
    "archive behind": (lambda: GOOD + archive(), "PDFの後ろに"),
    "web page behind": (lambda: GOOD + PAGE, "PDFの後ろに"),
    "photograph behind": (lambda: GOOD + JPEG, "PDFの後ろに"),
    "archive behind that ends like a PDF": (lambda: GOOD + archive(comment=END), "1つになった"),
    "archive in a stream": (lambda: pdf(stream(archive())), "1つになった"),
    "web page in the first comment": (
        lambda: pdf(header=HEADER + b"%" + PAGE + b"\n"),
        "1つになった",
    ),
    "web page in the first stream": (lambda: pdf(contents=stream(PAGE)), "1つになった"),
    "script between objects": (
        lambda: pdf(b"(" + b"x" * 9_000 + b"<script src=x>)"),
        "1つになった",
    ),
    "program of a web server": (lambda: pdf(b"(<?php system\\(1\\) ?>)"), "1つになった"),
    "photograph between objects": (
        lambda: pdf(header=HEADER + b"%" + JPEG + b"\n"),
        "1つになった",
    ),
    "part of an archive between objects": (
        lambda: pdf(header=HEADER + b"%PK\x03\x04" + bytes(30) + b"\n"),
        "1つになった",
    ),
    "tape archive": (
        lambda: pdf(header=HEADER.ljust(257, b"%") + b"ustar\x0000\n"),
        "1つになった",
    ),
    "medical picture": (lambda: pdf(header=HEADER.ljust(128, b"%") + b"DICM\n"), "1つになった"),
    "disc": (lambda: pdf(header=HEADER.ljust(32_769, b"%") + b"CD001\n"), "1つになった"),
    "archive of RAR": (lambda: pdf(stream(b"Rar!\x1a\x07\x01\x00")), "1つになった"),
    "archive of 7-Zip": (lambda: pdf(stream(b"7z\xbc\xaf\x27\x1c")), "1つになった"),
}

BROKEN: Mapping[str, tuple[Make, str]] = {
    "no end": (lambda: GOOD.removesuffix(END), "終わりの印がありません"),
    "cut in half": (lambda: GOOD[: len(GOOD) // 2], "終わりの印がありません"),
    "no page": (partial(pdf, pages=0), "PDFとして読めません"),
    "no beginning": (
        lambda: GOOD.replace(b"/Type/Catalog/Pages", b"/Type/Katalog/Pagen"),
        "PDFとして読めません",
    ),
    "noise": (lambda: HEADER + sha512(b"x").digest() * 200 + END, "PDFとして読めません"),
    "only its two ends": (lambda: HEADER + END, "PDFとして読めません"),
    "pages that hold themselves": (
        lambda: GOOD.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        "PDFとして読めません",
    ),
    "brackets without end": (lambda: pdf(b"[" * 100_000), "PDFとして読めません"),
    "too many objects": (_many_objects, "複雑すぎて"),
}

PROTECTED = "保護がかかった"
PROGRAM = "JavaScript"
STARTS = "ほかのプログラムを起動"
INSIDE = "中に別のファイル"
PLAYS = "動画・音声・立体図"
SWELLS = "大きくふくらむ"

HARMFUL: Mapping[str, tuple[Make, str]] = {
    "password": (
        partial(
            pdf,
            b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O(%s)/U(%s)>>" % (b"o" * 32, b"u" * 32),
            trailer=b"/Encrypt 10 0 R/ID[(a)(a)]",
        ),
        PROTECTED,
    ),
    "script on opening": (partial(pdf, SCRIPT, root=b"/OpenAction 10 0 R"), PROGRAM),
    "script of a page": (partial(pdf, SCRIPT, page=b"/AA<</O 10 0 R>>"), PROGRAM),
    "script by name": (
        partial(pdf, SCRIPT, root=b"/Names<</JavaScript<</Names[(a)10 0 R]>>>>"),
        PROGRAM,
    ),
    "script written otherwise": (
        partial(pdf, b"<</S/J#61vaScript/J#53(x)>>", root=b"/OpenAction 10 0 R"),
        PROGRAM,
    ),
    "script told elsewhere": (
        partial(pdf, b"<</S 11 0 R/A 1>>", b"/#4aavaScript", root=b"/OpenAction 10 0 R"),
        PROGRAM,
    ),
    "script that nothing refers to": (partial(pdf, SCRIPT), PROGRAM),
    "script in a packed object": (
        partial(pdf_with_packed_objects, [SCRIPT], root=b"/OpenAction 10 0 R"),
        PROGRAM,
    ),
    "script of a link": (_annotation(b"/Subtype/Link/A 11 0 R", SCRIPT), PROGRAM),
    "script that the table does not name": (
        lambda: GOOD.replace(b"xref\n0 1", b"99 0 obj " + SCRIPT + b" endobj\nxref\n0 1", 1),
        PROGRAM,
    ),
    "program to start": (
        _annotation(b"/Subtype/Link/A<</S/Launch/F(cmd.exe)>>"),
        STARTS,
    ),
    "program to start, packed": (
        partial(pdf_with_packed_objects, [b"<</S/Launch/F(cmd.exe)>>"], root=b"/OpenAction 10 0 R"),
        STARTS,
    ),
    "data to fetch": (_annotation(b"/Subtype/Link/A<</S/ImportData/F(x.fdf)>>"), STARTS),
    "file inside": (
        partial(
            pdf,
            b"<</Type/Filespec/F(a.exe)/EF<</F 11 0 R>>>>",
            stream(b"MZ", b"/Type/EmbeddedFile"),
            root=b"/Names<</EmbeddedFiles<</Names[(a)10 0 R]>>>>",
        ),
        INSIDE,
    ),
    "file pinned to a page": (_annotation(b"/Subtype/FileAttachment/FS<</F(a.exe)>>"), INSIDE),
    "file inside, packed": (
        partial(pdf_with_packed_objects, [b"<</Type/Filespec/EF<</F 11 0 R>>>>"]),
        INSIDE,
    ),
    "portfolio": (partial(pdf, root=b"/Collection<</View/D>>"), INSIDE),
    "link into a file inside": (_annotation(b"/Subtype/Link/A<</S/GoToE/D[0/Fit]>>"), INSIDE),
    "form of another kind": (
        partial(pdf, stream(b"<xdp/>"), root=b"/AcroForm<</Fields[]/XFA 10 0 R>>"),
        "XFA",
    ),
    "rich media": (_annotation(b"/Subtype/RichMedia/RichMediaContent<<>>"), PLAYS),
    "film": (_annotation(b"/Subtype/Movie/Movie<</F(a.avi)>>"), PLAYS),
    "sound": (_annotation(b"/Subtype/Sound/Sound 11 0 R", stream(b"x")), PLAYS),
    "solid": (_annotation(b"/Subtype/3D/3DD 11 0 R", stream(b"x")), PLAYS),
    "screen": (_annotation(b"/Subtype/Screen/A<</S/Rendition/OP 0>>"), PLAYS),
    "bomb of four parts": (lambda: pdf(*[_zeros()] * 4), SWELLS),
    "bomb in a bomb": (
        lambda: pdf(stream(b"x", b"/Filter[/FlateDecode/FlateDecode]")),
        SWELLS,
    ),
    "bomb of mixed packing": (
        lambda: pdf(stream(b"x", b"/Filter[/ASCIIHexDecode/LZWDecode/RunLengthDecode]")),
        SWELLS,
    ),
    "picture of ten thousand million points": (
        lambda: pdf(stream(b"x", b"/Subtype/Image/Width 100000/Height 100000")),
        SWELLS,
    ),
}

BAD = {**NOT_A_PDF, **TWO_IN_ONE, **BROKEN, **HARMFUL}
