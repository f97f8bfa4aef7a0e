"""Looking into the outbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select
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


def count_waiting_since(session: Session, before: datetime) -> int:
    """How many mails were written before an instant and wait still."""
    late = select(func.count()).where(_IS_WAITING, OutgoingMail.created_at < before)
    return session.scalar(late) or 0


def list_troubled(session: Session, *, late_before: datetime, most: int) -> Sequence[OutgoingMail]:
    """Mails that were given up, or were written before an instant and wait still; newest first."""
    is_late = _IS_WAITING & (OutgoingMail.created_at < late_before)
    troubled = or_(OutgoingMail.state == MailState.FAILED.value, is_late)
    newest_first = select(OutgoingMail).where(troubled).order_by(OutgoingMail.id.desc())
    return session.scalars(newest_first.limit(most)).all()


def list_of(session: Session, owner_id: int, address: str) -> Sequence[OutgoingMail]:
    """All mail that is about an account, or to its address in small letters; the newest last."""
    is_to_it = func.lower(OutgoingMail.recipient) == address
    wanted = select(OutgoingMail).where(or_(OutgoingMail.owner_id == owner_id, is_to_it))
    return session.scalars(wanted.order_by(OutgoingMail.id)).all()


def prune(session: Session, *, before: datetime) -> int:
    """Drop what was written before an instant and waits no longer; returns how many mails."""
    old = delete(OutgoingMail).where(~_IS_WAITING, OutgoingMail.created_at < before)
    return session.connection().execute(old).rowcount
