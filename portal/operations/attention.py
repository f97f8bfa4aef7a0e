"""What those who look after the portal should look at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.accounts import user_queries
from portal.accounts.user_queries import UserFilter
from portal.jobs import queries as job_queries
from portal.jobs.registry import JOBS
from portal.mail import queries as mail_queries
from portal.mail.models import MailState
from portal.messages import queries as message_queries
from portal.messages.models import MessageState

LATE_AFTER = timedelta(minutes=15)
"""Mail that waits longer did not go at the second attempt."""

LEFT_ALONE_AFTER = timedelta(days=7)
"""When the prefecture is told of messages that their agency has not dealt with."""


@dataclass(frozen=True, slots=True)
class Attention:
    """How much there is of what may need somebody."""

    jobs: tuple[str, ...]
    """Names of jobs that failed, or that did not start at their time."""
    late_mails: int
    failed_mails: int
    """Given up within the time that the outbox remembers."""
    unused_accounts: int
    """As the list of users tells them apart."""
    messages: int
    """Of visitors, about the portal or left alone by their agency."""
    open_messages: int
    """All that nobody has dealt with, those of agencies included."""


def attention(session: Session, *, now: datetime) -> Attention:
    """What there is to look at now."""
    troubled = job_queries.list_failed(session, now=now) | job_queries.list_late(session, now=now)
    return Attention(
        jobs=tuple(job.name for job in JOBS if job in troubled),
        late_mails=mail_queries.count_waiting_since(session, now - LATE_AFTER),
        failed_mails=mail_queries.count_by_state(session)[MailState.FAILED],
        unused_accounts=user_queries.count_users(
            session, UserFilter(is_unused=True), agency_id=None, now=now
        ),
        messages=message_queries.count_waiting(session, left_before=now - LEFT_ALONE_AFTER),
        open_messages=message_queries.count_messages(session, MessageState.OPEN, agency_id=None),
    )
