"""Many processes record at once, and there is one chain without forks or gaps."""

import subprocess
import sys
from collections import Counter

from tests.portal.audit.conftest import Record

WRITERS = 8
EVENTS_EACH = 1_000

_WRITER = """
import sys
from portal.audit import services
from portal.audit.actions import AuditAction
from portal.audit.types import Actor
from portal.clock import Clock
from portal.db import make_engine, make_session_factory, write_transaction

url, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sessions = make_session_factory(make_engine(url))
actor = Actor(number, f"writer {number}", "staff")

def record(is_kept):
    with write_transaction(sessions) as session:
        services.record(session, AuditAction.SIGN_IN, actor=actor, now=Clock().now())
        if not is_kept:
            session.rollback()

print("ready", flush=True)
sys.stdin.readline()
for turn in range(count):
    record(is_kept=True)
    if turn % 5 == 0:
        record(is_kept=False)
"""


def write_at_once(url: str) -> None:
    """Let all writers record their events; they begin together."""
    writers = [
        subprocess.Popen(  # noqa: S603  (our own code)
            [sys.executable, "-c", _WRITER, url, str(number), str(EVENTS_EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        writer.communicate(b"go\n")
    assert [writer.returncode for writer in writers] == [0] * WRITERS


def test_writers_make_one_chain(record: Record) -> None:
    write_at_once(record.engine.url.render_as_string(hide_password=False))
    events = record.events()
    assert [event.seq for event in events] == list(range(1, 5 + WRITERS * EVENTS_EACH + 1))
    assert len({event.previous_hash for event in events}) == len(events)
    assert record.verify().fault is None
    assert Counter(event.actor_id for event in events[5:]) == dict.fromkeys(
        range(WRITERS), EVENTS_EACH
    )
