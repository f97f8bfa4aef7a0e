"""The folders of an index on disk: one is current, which a pointer file says.

    <root>/CURRENT              the name of the current folder
    <root>/generation-…/        the current one, the one before it, one being built
    <root>/write.lock, rebuild.lock

Everything is for the owner alone: what is there decides what searches find.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from search_index.errors import IndexLockedError, SearchUnavailableError
from search_index.storage.durable import sync_folder, write_durably

_FOLDER_NAME = re.compile(r"generation-[0-9a-f]{16}")
_LONGEST_NAME = 64


class Generations:
    """Finds, makes and removes generation folders, and locks them against other processes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pointer = root / "CURRENT"
        self._pointer_name = str(self._pointer)

    def current(self) -> Path:
        """The folder to read from and write to.

        :raises SearchUnavailableError: there is none, or the pointer is damaged.
        """
        try:
            with self._pointer.open("rb") as file:
                name = file.read(_LONGEST_NAME).decode("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise SearchUnavailableError(f"no pointer to an index: {error}") from error
        if not _FOLDER_NAME.fullmatch(name):
            raise SearchUnavailableError(f"{self._pointer} does not name a generation")
        return self._root / name

    def pointer_state(self) -> tuple[int, ...]:
        """Something that changes when the pointer does; what every search asks first.

        :raises SearchUnavailableError: there is no pointer.
        """
        try:
            state = os.stat(self._pointer_name)
        except OSError as error:
            raise SearchUnavailableError(f"no pointer to an index: {error}") from error
        return state.st_ino, state.st_mtime_ns, state.st_ctime_ns, state.st_size

    @contextmanager
    def writing(self, timeout: float) -> Iterator[None]:
        """Keep other writers out, waiting up to ``timeout`` seconds for them.

        :raises IndexLockedError: another writer kept the lock.
        :raises SearchUnavailableError: there is nothing to write to.
        """
        self.current()
        with self._locked("write.lock", timeout):
            yield

    @contextmanager
    def building(
        self, switch_timeout: float, can_be_continued: Callable[[Path], bool]
    ) -> Iterator[Path]:
        """A folder to build in, which becomes current when the block is left without error. It is
        new, or one that an earlier process left and that ``can_be_continued``.

        Writers are kept out for the switch only, waited for up to ``switch_timeout`` seconds. The
        folder that was current stays for those who still read from it; older ones go.

        :raises IndexLockedError: another rebuild is running, or a writer kept the lock.
        :raises SearchUnavailableError: the disk is full, read-only or not ours.
        """
        with _disk_failures():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._root.chmod(0o700)
        with self._locked("rebuild.lock", 0):
            with _disk_failures():
                folder = self._unfinished(can_be_continued) or self._new_folder()
                self._remove_all_but(folder)
            try:
                yield folder
                with self._locked("write.lock", switch_timeout), _disk_failures():
                    self._switch_to(folder)
            except Exception:
                # What was interrupted may go on another time, what failed would fail again.
                shutil.rmtree(folder, ignore_errors=True)
                raise

    def _switch_to(self, folder: Path) -> None:
        written = self._root / "CURRENT.new"
        write_durably(written, folder.name.encode("ascii"))
        os.replace(written, self._pointer)
        sync_folder(self._root)

    def _unfinished(self, can_be_continued: Callable[[Path], bool]) -> Path | None:
        """What a rebuild left behind that was interrupted."""
        return next((folder for folder in self._others() if can_be_continued(folder)), None)

    def _new_folder(self) -> Path:
        folder = self._root / f"generation-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        return folder

    def _remove_all_but(self, folder: Path) -> None:
        for other in self._others():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def _others(self) -> list[Path]:
        """All generations but the current one."""
        try:
            current = self.current()
        except SearchUnavailableError:
            current = None
        folders = [path for path in self._root.iterdir() if _FOLDER_NAME.fullmatch(path.name)]
        return [folder for folder in folders if folder != current]

    @contextmanager
    def _locked(self, name: str, timeout: float) -> Iterator[None]:
        # A lock of its own each time: one object would let the same thread in twice.
        lock = FileLock(self._root / name, timeout=timeout)
        try:
            with _disk_failures():
                lock.acquire()
        except Timeout as error:
            raise IndexLockedError(f"{lock.lock_file} is held by another process") from error
        try:
            yield
        finally:
            lock.release()


@contextmanager
def _disk_failures() -> Iterator[None]:
    try:
        yield
    except Timeout:
        raise  # a kind of OSError, but no fault of the disk
    except OSError as error:
        raise SearchUnavailableError(f"cannot use the folder of the index: {error}") from error
