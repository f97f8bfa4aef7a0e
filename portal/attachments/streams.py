"""What of a PDF stands outside its streams, where pictures and texts are packed."""

import re

# Some programs end the line with a space before it, or with a carriage return alone.
_BEGIN = re.compile(rb"\bstream[ \t]?(?:\r\n|\n|\r)")


def outside_streams(content: bytes) -> bytes:
    """The file without the bytes of its streams, found in one pass by where they begin and end."""
    parts, place = [], 0
    while True:
        begin = _BEGIN.search(content, place)
        end = content.find(b"endstream", begin.end()) if begin else -1
        if begin is None or end < 0:
            parts.append(content[place:])
            return b"".join(parts)
        parts.append(content[place : begin.end()])
        place = end
