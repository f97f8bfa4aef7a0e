"""What the record looked like day by day, kept outside the database.

A chain shows what was changed inside it, but neither that its end was cut off nor that all of it
was written anew. An anchor that was copied to another place shows both.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from portal.audit.models import HASH_LENGTH
from portal.errors import PortalError

_HASH = re.compile(rf"[0-9a-f]{{{HASH_LENGTH}}}")


class AnchorsUnreadableError(PortalError):
    """A file that should hold anchors holds something else."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """On a day in Japan, event ``seq`` was the last one and had this hash."""

    day: date
    seq: int
    hash: str


def anchors_path(data_dir: Path) -> Path:
    """Where this host keeps its anchors."""
    return data_dir / "audit-anchors.jsonl"


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """The anchors in a file, one per line; none if there is no file.

    A last line without an end was never finished and is passed over.

    :raises AnchorsUnreadableError: a line is no anchor.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    return tuple(_parse(path, number, line) for number, line in enumerate(lines, start=1))


def _parse(path: Path, number: int, line: bytes) -> Anchor:
    try:
        fields = json.loads(line)
        day, seq, known = fields["day"], fields["seq"], fields["hash"]
        if type(seq) is int and seq >= 1 and _HASH.fullmatch(known):
            return Anchor(date.fromisoformat(day), seq, known)
    except (ValueError, TypeError, KeyError) as error:
        raise AnchorsUnreadableError(f"line {number} of {path} is no anchor") from error
    raise AnchorsUnreadableError(f"line {number} of {path} is no anchor")


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Add an anchor to the end of a file, unless it is the last one already."""
    if read_anchors(path)[-1:] == (anchor,):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(asdict(anchor) | {"day": anchor.day.isoformat()}) + "\n"
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Over what a power cut may have left of a line.
        end = _end_of_last_line(file)
        os.ftruncate(file, end)
        os.pwrite(file, line.encode(), end)
        os.fsync(file)
    finally:
        os.close(file)


def _end_of_last_line(file: int) -> int:
    size = os.fstat(file).st_size
    return os.pread(file, size, 0).rfind(b"\n") + 1


def distinct(anchors: Iterable[Anchor]) -> list[Anchor]:
    """Anchors of several files in the order of their events, each once."""
    return sorted(set(anchors), key=lambda anchor: (anchor.seq, anchor.day, anchor.hash))
