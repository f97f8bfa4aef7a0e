"""What is saved while somebody else is at the index is brought into it, though nobody searches."""

import threading

from flask import Flask

from portal import change_log
from portal.accounts.permissions import Role
from tests.acts.listings import WHOLE, with_draft
from tests.conftest import resources_of


def test_publication_does_not_wait_for_a_search_to_be_found(app: Flask) -> None:
    held = resources_of(app)
    approver, path = with_draft(app, Role.APPROVER)
    with held.index.writer(timeout=1):
        answer = approver.send(f"{path}/edit", **WHOLE, version="1", action="publish")
        assert answer.status_code == 303
    for thread in threading.enumerate():
        if thread.name == "index-recovery":
            thread.join(timeout=30)
    with held.sessions() as session:
        assert held.index.applied_seq() == change_log.latest_seq(session) == 1
