"""Writing so that a power cut leaves the old or the new, never half of it."""

import os
from pathlib import Path


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
