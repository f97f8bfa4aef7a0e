"""A record with events in it, and ways to tamper with it that only the owner of a database has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from portal.audit import services
from portal.audit.actions import AuditAction
from portal.audit.anchors import Anchor
from portal.audit.models import AuditEvent
from portal.audit.types import Actor
from portal.audit.verification import Verification, verify
from portal.db import make_engine, make_session_factory, write_transaction
from tests.conftest import NOW

CLERK = Actor(7, "clerk@city.example.jp", "staff", "02201")


@dataclass(frozen=True)
class Record:
    """The record of one database."""

    sessions: sessionmaker[Session]
    engine: Engine

    def add(self, count: int, actor: Actor = CLERK) -> None:
        """More events, a minute apart."""
        for _ in range(count):
            with write_transaction(self.sessions) as session:
                known = len(self.events())
                services.record(
                    session,
                    AuditAction.SIGN_IN,
                    actor=actor,
                    detail={"number": known},
                    now=NOW + timedelta(minutes=known),
                )

    def events(self) -> list[AuditEvent]:
        with self.sessions() as session:
            return list(session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))

    def verify(self, *anchors: Anchor) -> Verification:
        with self.sessions() as session:
            return verify(session, anchors)

    def anchor(self, seq: int, *, days: int = 0) -> Anchor:
        """How a day is anchored that ended with an event."""
        day = (NOW + timedelta(days=days)).date()
        return Anchor(day, seq, self.events()[seq - 1].hash)

    def tamper(self, *statements: str) -> None:
        """Change the table as somebody who may do everything, past the triggers."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        with self.engine.begin() as connection:
            if is_sqlite:
                names = connection.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all()
                for name in names:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def record_on(database_url: str) -> Iterator[Record]:
    """A record of five events on a database."""
    engine = make_engine(database_url)
    try:
        record = Record(make_session_factory(engine), engine)
        record.add(5)
        yield record
    finally:
        engine.dispose()


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    """A record of five events, on a database of each kind."""
    with record_on(database_url) as record:
        yield record
