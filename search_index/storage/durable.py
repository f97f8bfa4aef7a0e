"""Writing so that a power cut leaves the old or the new, and reading nothing that was changed.

magic (8 bytes), CRC-32 of the content (uint32), content
"""

import os
import struct
import zlib
from pathlib import Path

_PREFIX = struct.Struct("<8sI")


def seal(magic: bytes, content: bytes) -> bytes:
    """Content with what tells whether it is still the same; ``magic`` says of which kind it is."""
    return _PREFIX.pack(magic, zlib.crc32(content)) + content


def unseal(magic: bytes, sealed: bytes) -> bytes:
    """The content that ``seal`` was given.

    :raises ValueError: it is of another kind, or not as it was.
    """
    content = sealed[_PREFIX.size :]
    if sealed[: _PREFIX.size] != _PREFIX.pack(magic, zlib.crc32(content)):
        raise ValueError(f"damaged, or not {magic.decode()}")
    return content


def write_durably(path: Path, content: bytes) -> None:
    """Write a file; what is in it is on disk when this returns, its name is after
    ``sync_folder``."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Put the names in a folder on disk: files made, renamed and removed in it so far."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
