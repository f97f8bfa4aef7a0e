"""A mail that the server took is not sent again because the database is locked at that moment."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from portal.db import make_engine
from portal.mail import delivery
from portal.mail.delivery import CLAIMED_FOR, Delivered
from tests.portal.mail.conftest import Outbox, SendTo
from tests.smtp_server import RunningServer

MOMENT_MS = 20
LOCKS = {"sqlite": "SELECT 1", "postgresql": "LOCK TABLE outgoing_mail IN EXCLUSIVE MODE"}


class Lock:
    """Keeps everybody else from writing to the outbox while it is held."""

    def __init__(self, engine: Engine) -> None:
        self._engine = make_engine(engine.url.render_as_string(hide_password=False))
        self._connection: Connection | None = None
        self.refused = 0

    def take(self) -> None:
        connection = self._engine.connect().execution_options(writes=True)
        connection.exec_driver_sql(LOCKS[connection.dialect.name])
        self._connection = connection

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


@pytest.fixture
def lock(outbox: Outbox, server: RunningServer, send_to: SendTo) -> Lock:
    """A lock that is taken once the server has a mail; the outbox waits for it only a moment."""
    send_to(server.port)
    engine = outbox.sessions.kw["bind"]
    lock = Lock(engine)
    server.sink.on_taken = lock.take
    is_sqlite = engine.dialect.name == "sqlite"
    patience = (
        f"PRAGMA busy_timeout = {MOMENT_MS}" if is_sqlite else f"SET lock_timeout = {MOMENT_MS}"
    )

    @event.listens_for(engine, "begin")
    def be_impatient(connection: Connection) -> None:
        connection.connection.cursor().execute(patience)

    return lock


def test_what_was_sent_is_written_down_once_the_lock_is_gone(
    outbox: Outbox, server: RunningServer, lock: Lock
) -> None:
    @event.listens_for(outbox.sessions.kw["bind"], "handle_error")
    def release_at_the_third(_context: object) -> None:
        lock.refused += 1
        if lock.refused == 3:
            lock.release()

    outbox.write()
    assert outbox.deliver() == Delivered(sent=1)
    assert lock.refused == 3
    assert (outbox.row().state, outbox.row().attempts) == ("sent", 1)
    assert outbox.deliver(after=CLAIMED_FOR) == Delivered()
    assert len(server.sink.taken) == 1


def test_it_is_left_to_the_next_when_the_claim_is_over(
    outbox: Outbox, server: RunningServer, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CLAIMED_FOR", timedelta(seconds=1))
    outbox.write()
    with pytest.raises(OperationalError):
        outbox.deliver()
    lock.release()
    assert (outbox.row().state, outbox.row().attempts) == ("waiting", 1)
    server.sink.on_taken = lambda: None
    assert outbox.deliver(after=timedelta(seconds=1)) == Delivered(sent=1)
    first, second = server.sink.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
