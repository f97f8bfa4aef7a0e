"""Hashing passwords with argon2id: few at a time and at a low priority, so that a rush of sign-ins
leaves room for pages that need no password."""

import os
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.config import PasswordCost
from portal.errors import PortalError

PLACES = 24
"""Requests of one process that may be busy with passwords: one with the hash, the others waiting
for it, the last of them two or three seconds. Of 32 threads, eight stay free."""

_NICENESS = 10


class TooBusyError(PortalError):
    """More passwords at once than this process can look at: try again in a moment."""


class Passwords:
    """Makes and checks hashes at a given cost, one after the other."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._places = threading.BoundedSemaphore(PLACES)
        # It has no thread before its first work, so a process may be forked until then.
        self._worker = ThreadPoolExecutor(1, "hashing", initializer=_step_back)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the few places for what needs a hash; whoever finds none comes again.

        Held around all that belongs to one attempt: who waits for the database waits here, too.

        :raises TooBusyError: all are taken.
        """
        if not self._places.acquire(blocking=False):
            raise TooBusyError("too many sign-ins at once")
        try:
            yield
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """A hash of a password, with its salt and cost in it."""
        return self._worker.submit(self._hasher.hash, _normal(password)).result()

    def verify(self, password: str, stored: str | None) -> bool:
        """Whether a password is the one of a stored hash. Without one, False after as much work."""
        nobody = self._nobody
        against = nobody if stored is None else stored
        try:
            self._worker.submit(self._hasher.verify, against, _normal(password)).result()
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made at another cost than new ones."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobody(self) -> str:
        return self.hash("nobody has this password")


def _step_back() -> None:
    """Let whatever else wants the processor go first; hashing threads inherit it."""
    # Linux gives threads priorities of their own; elsewhere this one stays as it is.
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _normal(password: str) -> str:
    """One way of writing what looks the same: keyboards differ in how they send accents."""
    return unicodedata.normalize("NFC", password)
