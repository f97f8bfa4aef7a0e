"""Looks into a PDF for what no notice needs and attackers do: runs as a process of its own.

``python -I -m portal.attachments.structure`` reads the file from its input and writes one line of
JSON: ``{"pages": 3}`` or ``{"fault": "script"}``. Files come from anybody who can sign in, and a
parser that is fed bad bytes may never end or take all memory; so it gets little of both, and what
becomes of it does not matter to the server. It imports nothing of the portal but its own package.
"""

import io
import json
import logging
import re
import resource
import sys
import zlib
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from portal.attachments.faults import Fault
from portal.attachments.streams import outside_streams

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 10

MOST_OBJECTS = 200_000
MOST_UNPACKED = 1_000_000_000
"""Bytes of all streams together: some forty pages scanned in colour and packed without loss."""
MOST_PIXELS = 400_000_000
"""Of one picture: A2 at 600 dpi twice over."""


class FaultyError(Exception):
    """A file that is not taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


_FAULT_OF_KEY = {
    "/JS": Fault.SCRIPT,
    "/JavaScript": Fault.SCRIPT,
    "/EmbeddedFiles": Fault.EMBEDDED_FILE,
    "/EmbeddedFile": Fault.EMBEDDED_FILE,
    "/EF": Fault.EMBEDDED_FILE,
    "/Collection": Fault.EMBEDDED_FILE,
    "/XFA": Fault.XFA,
    "/RichMediaContent": Fault.RICH_MEDIA,
    "/RichMediaSettings": Fault.RICH_MEDIA,
}
_FAULT_OF_ACTION = {
    "/JavaScript": Fault.SCRIPT,
    "/Rendition": Fault.RICH_MEDIA,
    "/Movie": Fault.RICH_MEDIA,
    "/Sound": Fault.RICH_MEDIA,
    "/RichMediaExecute": Fault.RICH_MEDIA,
    "/GoTo3DView": Fault.RICH_MEDIA,
    "/Launch": Fault.LAUNCH,
    "/ImportData": Fault.LAUNCH,
    "/GoToE": Fault.EMBEDDED_FILE,
}
_FAULT_OF_KIND = {
    "/EmbeddedFile": Fault.EMBEDDED_FILE,
    "/FileAttachment": Fault.EMBEDDED_FILE,
    "/RichMedia": Fault.RICH_MEDIA,
    "/3D": Fault.RICH_MEDIA,
    "/Movie": Fault.RICH_MEDIA,
    "/Sound": Fault.RICH_MEDIA,
    "/Screen": Fault.RICH_MEDIA,
}

# What the table of objects does not name, readers that mend broken files find all the same.
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME = re.compile(rb"/(Encrypt|JavaScript|JS|Launch|EmbeddedFiles?|XFA|RichMedia)(?![A-Za-z0-9])")
_FAULT_OF_NAME = {
    b"Encrypt": Fault.ENCRYPTED,
    b"JavaScript": Fault.SCRIPT,
    b"JS": Fault.SCRIPT,
    b"Launch": Fault.LAUNCH,
    b"EmbeddedFile": Fault.EMBEDDED_FILE,
    b"EmbeddedFiles": Fault.EMBEDDED_FILE,
    b"XFA": Fault.XFA,
    b"RichMedia": Fault.RICH_MEDIA,
}

_FLATE = ("/FlateDecode", "/Fl")
_UNPACKING = (*_FLATE, "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/BrotliDecode")
_PIECE = 1 << 14


def look_into(content: bytes) -> int:
    """How many pages a PDF has.

    :raises FaultyError: it holds what is not taken, or cannot be read.
    """
    _refuse_names(content)
    try:
        pages = _read(content)
    except FaultyError:
        raise
    except LimitReachedError:
        raise FaultyError(Fault.BOMB) from None
    except MemoryError:
        raise FaultyError(Fault.TOO_HEAVY) from None
    except Exception as error:
        # The library meets bytes that nobody thought of: whatever it stumbles over is no good PDF.
        raise FaultyError(Fault.BROKEN) from error
    if pages < 1:
        raise FaultyError(Fault.BROKEN)
    return pages


def _read(content: bytes) -> int:
    # Readers that people use take what is a little wrong, so this one does, too.
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise FaultyError(Fault.ENCRYPTED)
    budget = MOST_UNPACKED
    for found in _objects(reader):
        _refuse_parts(found)
        if isinstance(found, StreamObject):
            budget -= _unpacked_size(found, budget)
            if _value(found, "/Type") == "/ObjStm":
                # Objects packed into it that no table names; it was measured before.
                _refuse_names(found.get_data())
    return len(reader.pages)


def _refuse_names(content: bytes) -> None:
    plain = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), outside_streams(content))
    found = _NAME.search(plain)
    if found:
        raise FaultyError(_FAULT_OF_NAME[found[1]])


def _objects(reader: PdfReader) -> Iterator[PdfObject]:
    """The trailer, and every object that the file's own tables name, used or not."""
    yield reader.trailer
    numbers = {
        (number, generation) for generation, ids in reader.xref.items() for number in ids
    } | {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise FaultyError(Fault.TOO_HEAVY)
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is not None:
            yield found


def _refuse_parts(whole: PdfObject) -> None:
    """Look at an object and all that stands in it; what it refers to has its own turn."""
    waiting: list[object] = [whole]
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            _refuse_dictionary(part)
            waiting.extend(part.raw_get(key) for key in part)
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))


def _refuse_dictionary(part: DictionaryObject) -> None:
    for key in part:
        fault = _FAULT_OF_KEY.get(str(key))
        if fault:
            raise FaultyError(fault)
    for key, faults in (
        ("/S", _FAULT_OF_ACTION),
        ("/Type", _FAULT_OF_KIND),
        ("/Subtype", _FAULT_OF_KIND),
    ):
        fault = faults.get(str(_value(part, key)))
        if fault:
            raise FaultyError(fault)


def _unpacked_size(stream: StreamObject, budget: int) -> int:
    """Bytes that a stream unpacks to, at least as far as the budget goes.

    :raises FaultyError: it is more than the budget, or packed several times over.
    """
    is_picture = _value(stream, "/Subtype") == "/Image"
    if is_picture and _number(stream, "/Width") * _number(stream, "/Height") > MOST_PIXELS:
        raise FaultyError(Fault.BOMB)
    filters = _filters(stream)
    packings = [name for name in filters if name in _UNPACKING]
    if len(packings) > 1:
        raise FaultyError(Fault.BOMB)
    if not packings:
        return 0
    if filters[0] in _FLATE:
        return _inflated_size(stream._data, budget)
    size = len(stream.get_data())
    if size > budget:
        raise FaultyError(Fault.BOMB)
    return size


def _inflated_size(packed: bytes, budget: int) -> int:
    """Counts without keeping: a piece at a time, which can be a thousand times as large."""
    unpacker, size = zlib.decompressobj(), 0
    for place in range(0, len(packed), _PIECE):
        try:
            size += len(unpacker.decompress(packed[place : place + _PIECE]))
        except zlib.error:
            # Readers show what came before; what follows cannot be unpacked by anybody.
            return size
        if size > budget:
            raise FaultyError(Fault.BOMB)
    return size


def _filters(stream: StreamObject) -> list[str]:
    named = _value(stream, "/Filter")
    if isinstance(named, ArrayObject):
        return [str(name) for name in named]
    return [] if named is None else [str(named)]


def _number(stream: StreamObject, key: str) -> int:
    value = _value(stream, key)
    return int(value) if isinstance(value, int | float) else 0


def _value(part: DictionaryObject, key: str) -> object:
    """What stands under a key, or what it refers to from there; None for nothing."""
    if key not in part:
        return None
    return part[key]


def main() -> None:
    """Answer for the file on the input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    logging.disable(logging.CRITICAL)
    try:
        answer: dict[str, object] = {"pages": look_into(sys.stdin.buffer.read())}
    except FaultyError as error:
        answer = {"fault": error.fault.value}
    except MemoryError:
        answer = {"fault": Fault.TOO_HEAVY.value}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
