"""The database: declarative base, engine for SQLite or PostgreSQL, one session per request."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

LARGEST_NUMBER = 2**31 - 1
"""The largest number a row can have. Drivers refuse larger ones, each in its own way."""

THREADS = 32
"""Of a process that serves: waiting for a password's turn costs a thread and nothing else, no
connection either. Those of SQLite are cheap; PostgreSQL has a hundred for all processes."""

SQLITE_BUSY_TIMEOUT_MS = 10_000
SQLITE_WAY_S = 0.12
"""A little more than SQLite sleeps, at most, before it looks again whether the lock is free."""

POSTGRESQL_OPTIONS = "-c statement_timeout=30000 -c lock_timeout=5000 -c timezone=UTC"

# Every constraint has a name that follows from what it guards, so a migration can speak of it.
NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def one_of(column: str, codes: type[StrEnum]) -> str:
    """A CHECK condition that a column holds one of the codes of an enum."""
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


def plausible_day(column: str) -> str:
    """A CHECK condition against slips of the pen, and against "no end" written as the year 9999."""
    return f"{column} BETWEEN '2000-01-01' AND '2100-12-31'"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, which would silently mean another instant on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_engine(database_url: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``.

    The folder of a SQLite file is made, private to the account that runs the portal.
    """
    url = make_url(database_url)
    # Japanese in JSON columns stays readable, and so can be searched when there is no index.
    write_json = partial(json.dumps, ensure_ascii=False)
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(
            url, json_serializer=write_json, hide_parameters=True, max_overflow=THREADS
        )
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite_transaction)
        return engine
    return create_engine(
        url,
        json_serializer=write_json,
        # What people typed or keep is in no log, not even of what went wrong.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=3,
        connect_args={"options": POSTGRESQL_OPTIONS, "connect_timeout": 3},
    )


def _prepare_sqlite_connection(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes late (only before writes); ours, on "begin", makes every
    # transaction see one state of the database, reads included.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite_transaction(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit that ends a request."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def write_transaction(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that commits when the block ends well and rolls back when it does not.

    It takes SQLite's write lock at once and so waits its turn. A transaction that reads first and
    writes later is refused without waiting as soon as another one wrote in between.
    """
    with sessions.begin() as session:
        session.connection(execution_options={"writes": True})
        yield session


def give_way(engine: Engine) -> None:
    """Let others write who wait, between two of many transactions in a row.

    Whoever waits for PostgreSQL's locks is served in order. SQLite's waiters look now and then
    whether the lock is free, and do not see that it was between two looks.
    """
    if engine.dialect.name == "sqlite":
        time.sleep(SQLITE_WAY_S)


def take_turn(connection: Connection, turn: int) -> None:
    """Wait until no other transaction that took the same turn is running, and keep others waiting.

    PostgreSQL needs to be told (an advisory lock, freed at the end of the transaction); writers of
    SQLite take turns by nature.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": turn})
