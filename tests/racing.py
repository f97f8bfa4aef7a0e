"""Acts that meet at one moment, each in a thread and a transaction of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import OPERATOR
from tests.conftest import NOW

LONGEST_S = 4.0
"""Under the time after which PostgreSQL gives up waiting for a lock."""

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _record(session: Session) -> None:
    audit.record(session, AuditAction.DATA_EXPORTED, actor=OPERATOR, now=NOW)


def race(
    database: sessionmaker[Session],
    acts: Sequence[Callable[[], object]],
    *,
    until: Callable[[Session], object] = _record,
) -> list[object]:
    """What each act returned, or the exception it raised.

    All are under way before one comes further than where a transaction of ours stops them:
    PostgreSQL starts one after the other, when those before it have come as far as they can;
    SQLite lets one in at a time, in any order.

    :param until: what that transaction does; what is not said records, as most acts do last.
    """
    outcomes: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            outcomes[number] = acts[number]()
        except Exception as error:
            # Told to the test, which knows what is to be expected.
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    with database() as holder:
        connection = holder.connection(execution_options={"writes": True})
        until(holder)
        for started, thread in enumerate(threads, start=1):
            thread.start()
            if connection.dialect.name == "postgresql":
                wait_until_stuck(database, threads[:started])
        holder.rollback()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def wait_until_stuck(database: sessionmaker[Session], threads: Sequence[threading.Thread]) -> None:
    """Until each thread waits for a lock, or has come to its end."""
    end = time.monotonic() + LONGEST_S
    with database() as session:
        connection = session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        while time.monotonic() < end:
            alive = sum(thread.is_alive() for thread in threads)
            if connection.scalar(_WAITING) >= alive:
                return
    raise TimeoutError("the acts do not wait for each other")


class JustBeforeWriting(sessionmaker[Session]):
    """Sessions of a database in which something happens once: after all that was read, and before
    the first transaction that writes."""

    def __init__(self, database: sessionmaker[Session], act: Callable[[], object]) -> None:
        super().__init__(**database.kw)
        self._acts = [act]

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction, after what had to happen."""
        if self._acts:
            self._acts.pop()()
        return super().begin()
