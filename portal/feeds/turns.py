"""A bound on what programs can make the portal work on at once, so that people are answered."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Response

from portal import error_pages
from portal.feeds.answers import open_to_any_origin

RUNNING = 1
"""Answers a process makes at the same time: each takes a core for some tenths of a second, of which
a page waits for its part."""

WAITING = 4
"""How many more wait for their turn, each with a thread that then answers nobody else."""

_RETRY_AFTER_S = 60

P = ParamSpec("P")
R = TypeVar("R")


class Turns:
    """Lets a few do something at a time, some wait, and sends the rest away at once."""

    def __init__(self, running: int = RUNNING, waiting: int = WAITING) -> None:
        self._counting = threading.Lock()
        self._running = threading.Semaphore(running)
        self.room = running + waiting
        """How many more are let in."""

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Whether there is a turn; it lasts until the block ends."""
        if not self._enter():
            yield False
            return
        try:
            with self._running:
                yield True
        finally:
            with self._counting:
                self.room += 1

    def _enter(self) -> bool:
        with self._counting:
            if self.room:
                self.room -= 1
                return True
            return False


TURNS = Turns()
"""Those of this process."""


def in_turn(view: Callable[P, R]) -> Callable[P, R | tuple[Response, int]]:
    """Make the answers of a view one after the other. Whoever is sent away has what was fetched
    before, and is told when to ask again."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R | tuple[Response, int]:
        with TURNS.take() as has_turn:
            if has_turn:
                return view(*args, **kwargs)
        response, status = error_pages.problem(503, "ただいま混み合っています")
        response.headers["Retry-After"] = str(_RETRY_AFTER_S)
        return open_to_any_origin(response), status

    return answer
