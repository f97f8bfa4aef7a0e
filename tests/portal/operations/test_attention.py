"""What needs somebody is counted alike on each kind of database."""

from datetime import timedelta

from portal.accounts.permissions import Role
from portal.accounts.user_queries import UNUSED_AFTER
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs.models import JobRun
from portal.mail import services as mail
from portal.mail.services import Mail
from portal.operations.attention import Attention, attention
from tests.accounts import make_user
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


def test_nothing_is_wanted_of_an_empty_portal(unindexed: Resources) -> None:
    with unindexed.sessions() as session:
        assert attention(session, now=NOW) == Attention((), 0, 0, 0, 0, 0)


def test_everything_is_counted(unindexed: Resources) -> None:
    make_user(unindexed, "clerk@town.example.jp", role=Role.STAFF)
    with write_transaction(unindexed.sessions) as session:
        long_ago = NOW - timedelta(days=3)
        session.add(JobRun(name="mail-prune", place="", started_at=NOW, is_failed=True))
        session.add(JobRun(name="sign-in-prune", place="", started_at=long_ago))
        content = Mail("a@shop.example.jp", "お知らせ", "本文", "<p>本文</p>")
        mail.enqueue(session, content, now=long_ago)
    with unindexed.sessions() as session:
        found = attention(session, now=NOW)
    assert found == Attention(("sign-in-prune", "mail-prune"), 1, 0, 0, 0, 0)


def test_account_counts_as_unused_after_ninety_days_to_the_second(unindexed: Resources) -> None:
    make_user(unindexed, "clerk@town.example.jp", role=Role.STAFF)
    with unindexed.sessions() as session:
        assert attention(session, now=NOW + UNUSED_AFTER).unused_accounts == 0
        assert attention(session, now=NOW + UNUSED_AFTER + SECOND).unused_accounts == 1
