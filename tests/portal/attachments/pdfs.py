"""PDF files made by hand, so that each is bad in one way that a test can name."""

import io
import zipfile
import zlib
from collections.abc import Sequence

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
END = b"%%EOF\n"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def packed(data: bytes, entries: bytes = b"") -> bytes:
    """The same, deflated."""
    return stream(zlib.compress(data, 9), entries + b"/Filter/FlateDecode")


def pdf(
    *more: bytes,
    root: bytes = b"",
    page: bytes = b"",
    trailer: bytes = b"",
    header: bytes = HEADER,
    pages: int = 1,
    contents: bytes | None = None,
) -> bytes:
    """A whole PDF. Objects of ``more`` are numbered from 10 on; ``root``, ``page`` and ``trailer``
    are entries of those dictionaries."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%s>>" % page,
        4: contents if contents is not None else stream(b"BT ET"),
        **{10 + place: body for place, body in enumerate(more)},
    }
    written, places = header, {}
    for number, body in objects.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 1\n0000000000 65535 f \n" + b"".join(
        b"%d 1\n%010d 00000 n \n" % item for item in places.items()
    )
    size = max(objects) + 1
    last = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n" % (size, trailer, len(written))
    return written + table + last + END


def pdf_with_packed_objects(inside: Sequence[bytes], root: bytes = b"") -> bytes:
    """A PDF as programs of today write it: ``inside``, numbered from 10 on, are in an object
    stream, and the table of objects is a stream, too."""
    bodies = [b"<</Type/Catalog/Pages 2 0 R%s>>" % root]
    bodies += [b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    bodies += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"]
    offsets, joined = [], b""
    for place, body in enumerate(inside):
        offsets.append(b"%d %d" % (10 + place, len(joined)))
        joined += body + b" "
    index = b" ".join(offsets) + b" "
    entries = b"/Type/ObjStm/N %d/First %d" % (len(inside), len(index))
    written, rows = HEADER, {0: (0, 0, 255)}
    for number, body in enumerate([*bodies, packed(index + joined, entries)], start=1):
        rows[number] = (1, len(written), 0)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    for place in range(len(inside)):
        rows[10 + place] = (2, 4, place)
    rows[5] = (1, len(written), 0)
    ranges = b" ".join(b"%d 1" % number for number in sorted(rows))
    data = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + bytes([place])
        for kind, where, place in (rows[number] for number in sorted(rows))
    )
    table = b"/Type/XRef/W[1 4 1]/Index[%s]/Size %d/Root 1 0 R" % (ranges, 10 + len(inside))
    last = b"5 0 obj\n%s\nendobj\nstartxref\n%d\n" % (packed(data, table), len(written))
    return written + last + END


def archive(comment: bytes = b"") -> bytes:
    """A ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("word/document.xml", "<w:document/>")
        zipped.comment = comment
    return file.getvalue()


GOOD = pdf()
