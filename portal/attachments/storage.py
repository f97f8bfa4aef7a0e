"""Files of attachments on disk, named by their hash: nothing of who sent them is in a path."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from portal.disk import sync_folder

FOLDER = "attachments"
_HASH = re.compile(r"[0-9a-f]{64}")


class AttachmentStore:
    """A folder below the data folder, readable by the account of the portal alone.

    Nothing here changes the database: bytes are on disk, safe from a power failure, before a row
    speaks of them, and go after no row does. A crash between leaves a file that nobody names, which
    the job that looks for such files removes.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def put(self, content: bytes) -> str:
        """Keep bytes; returns their hash. What is there already is written anew, which heals it."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        # The names, too, and not only what they name.
        for folder in (path.parent, self._folder, self._folder.parent):
            sync_folder(folder)
        return digest

    def find(self, digest: str) -> Path | None:
        """Where the bytes of a hash lie; None if they are gone."""
        path = self._path(digest)
        return path if path.is_file() else None

    def remove(self, digest: str) -> None:
        """Throw the bytes of a hash away."""
        self._path(digest).unlink(missing_ok=True)

    def list_older_than(self, instant: datetime) -> Iterator[str]:
        """Hashes of files that were written before an instant."""
        for path in self._files():
            if _HASH.fullmatch(path.stem) and path.stat().st_mtime < instant.timestamp():
                yield path.stem

    def remove_leftovers(self, before: datetime) -> int:
        """Throw away what was being written when the portal was killed; returns how many."""
        found = [
            path
            for path in self._files()
            if not _HASH.fullmatch(path.stem) and path.stat().st_mtime < before.timestamp()
        ]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("??/*")) if self._folder.is_dir() else []

    def _path(self, digest: str) -> Path:
        if not _HASH.fullmatch(digest):
            raise ValueError(f"{digest!r} is no hash")
        return self._folder / digest[:2] / f"{digest}.pdf"
