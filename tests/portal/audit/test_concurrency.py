"""Many processes record at once, and there is one chain without forks or gaps."""

from collections import Counter
from itertools import pairwise

from tests.portal.audit.conftest import Record
from tests.processes import run_at_once

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


def test_writers_make_one_chain(record: Record) -> None:
    url = record.engine.url.render_as_string(hide_password=False)
    run_at_once(_WRITER, [(url, str(number), str(EVENTS_EACH)) for number in range(WRITERS)])
    events = record.events()
    assert [event.seq for event in events] == list(range(1, 5 + WRITERS * EVENTS_EACH + 1))
    assert len({event.previous_hash for event in events}) == len(events)
    assert record.verify().fault is None
    writers = [event.actor_id for event in events[5:]]
    assert sum(one != other for one, other in pairwise(writers)) > WRITERS
    assert Counter(writers) == dict.fromkeys(range(WRITERS), EVENTS_EACH)
