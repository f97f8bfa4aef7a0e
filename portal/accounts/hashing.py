"""Hashing passwords with argon2id, so few at a time that a rush of sign-ins leaves room."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.config import PasswordCost
from portal.errors import PortalError

AT_ONCE = 1
"""Hashes that one process works out at the same time; each takes a core and 64 MiB."""
WAITING = 1
"""Requests of one process that may wait for their turn: of four threads, two stay free for pages
that need no password."""
LONGEST_WAIT_S = 5.0


class TooBusyError(PortalError):
    """More passwords at once than this process can look at: try again in a moment."""


class Passwords:
    """Makes and checks hashes at a given cost."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._places = BoundedSemaphore(AT_ONCE + WAITING)
        self._turns = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """A hash of a password, with its salt and cost in it.

        :raises TooBusyError: there are too many at once.
        """
        with self._turn():
            return self._hasher.hash(_normal(password))

    def verify(self, password: str, stored: str | None) -> bool:
        """Whether a password is the one of a stored hash. Without one, False after as much work.

        :raises TooBusyError: there are too many at once.
        """
        nobody = self._nobody
        with self._turn():
            try:
                self._hasher.verify(stored or nobody, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made at another cost than new ones."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusyError("too many sign-ins at once")
        try:
            if not self._turns.acquire(timeout=LONGEST_WAIT_S):
                raise TooBusyError("too many sign-ins at once")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def _normal(password: str) -> str:
    """One way of writing what looks the same: keyboards differ in how they send accents."""
    return unicodedata.normalize("NFC", password)
