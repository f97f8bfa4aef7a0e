"""Where raw lines lie on the disk of a host: files that are being written, and the archive."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from portal.disk import sync_folder

_NAME = re.compile(r"(\d{4})(\d{2})\d{2}-[0-9a-f]{32}\.jsonl")
LONGEST_PLACE = 200
_UNNAMED = ".new"
"""Of a file whose owner does not hold it yet: nobody else touches it."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of page views below a data folder, open to the portal's account alone."""

    data_dir: Path

    @property
    def place(self) -> str:
        """What tells this data folder from all others that share a database, by whatever name its
        host and path go by now. It is made up the first time, with the name of the host in it.

        :raises OSError: it cannot be kept.
        """
        file = self.root / "place"
        if not file.exists():
            self._make_up_place(file)
        return file.read_text()

    def _make_up_place(self, file: Path) -> None:
        self.make()
        own = self.root / f"place.{uuid4().hex}"
        with own.open("w") as made:
            made.write(f"{socket.gethostname()}-{uuid4().hex[:8]}"[-LONGEST_PLACE:])
            made.flush()
            os.fsync(made.fileno())
        # Of two processes that come first at once, one is late.
        with suppress(FileExistsError):
            os.link(own, file)
        own.unlink()
        sync_folder(self.root)

    @property
    def root(self) -> Path:
        """Of all that follows."""
        return self.data_dir / "pageviews"

    @property
    def spool(self) -> Path:
        """Files that processes append to, and those that wait to be counted to the end."""
        return self.root / "spool"

    @property
    def archive(self) -> Path:
        """Whole files, compressed, by the month they were begun in."""
        return self.root / "archive"

    def make(self) -> None:
        """Make what is missing.

        :raises OSError: they cannot be made.
        """
        for folder in (self.spool, self.archive):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def new_path(self, day: date) -> Path:
        """A name in the spool that no file had before. It begins with the day it is made on."""
        return self.spool / f"{day:%Y%m%d}-{uuid4().hex}.jsonl"

    def files(self) -> Iterator[Path]:
        """The files of the spool, the oldest first."""
        if self.spool.is_dir():
            yield from sorted(path for path in self.spool.iterdir() if _NAME.fullmatch(path.name))

    def first_day(self) -> date | None:
        """The day in Japan on which the oldest file of the spool was begun: no line in it, and so
        none in the spool, is older. None if there is no file."""
        for path in self.files():
            with suppress(ValueError):
                return date.fromisoformat(path.name[:8])
        return None

    def archived_path(self, name: str) -> Path:
        """Where a file of the spool goes when it is whole.

        :raises ValueError: no such file has this name.
        """
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError(f"{name!r} is no file of page views")
        return self.archive / f"{found[1]}-{found[2]}" / f"{name}.gz"

    def find_text(self, name: str) -> Path | None:
        """Where the lines of a file are, compressed or not; None if they are gone."""
        candidates = (self.spool / name, self.archived_path(name))
        return next((path for path in candidates if path.is_file()), None)


def unnamed(path: Path) -> Path:
    """What a file is called until its owner holds it."""
    return path.with_name(path.name + _UNNAMED)
