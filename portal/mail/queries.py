"""Looking into the outbox."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from portal.mail.models import MailState, OutgoingMail

_IS_WAITING = OutgoingMail.state == MailState.WAITING.value


def has_due(session: Session, now: datetime) -> bool:
    """Whether a mail waits for its next attempt."""
    return bool(session.scalar(select(exists().where(_IS_WAITING, OutgoingMail.not_before <= now))))


def find_due(session: Session, now: datetime) -> OutgoingMail | None:
    """The mail that is due for longest, kept from other transactions until the end of this one."""
    return session.scalar(
        select(OutgoingMail)
        .where(_IS_WAITING, OutgoingMail.not_before <= now)
        .order_by(OutgoingMail.not_before, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def count_by_state(session: Session) -> dict[MailState, int]:
    """How many mails of each state there are."""
    counted = session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return dict.fromkeys(MailState, 0) | {MailState(state): count for state, count in counted}


def prune(session: Session, *, before: datetime) -> int:
    """Drop what was written before an instant and waits no longer; returns how many mails."""
    old = delete(OutgoingMail).where(~_IS_WAITING, OutgoingMail.created_at < before)
    return session.connection().execute(old).rowcount
