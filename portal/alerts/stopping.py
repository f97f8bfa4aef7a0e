"""Stopping what an address in a mail names. Callers commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.alerts import queries, services
from portal.alerts.models import AlertState
from portal.alerts.sealed_links import Subject
from portal.errors import NotFoundError


def is_stopped(session: Session, subject: Subject, number: int) -> bool:
    """Whether it is stopped already.

    :raises NotFoundError: it is gone.
    """
    if subject is Subject.SAVED_SEARCH:
        return queries.get_search(session, number).state == AlertState.STOPPED
    raise NotFoundError(f"there are no mails of {subject.value}")


def stop(session: Session, subject: Subject, number: int, *, now: datetime) -> None:
    """Send no more of it; does nothing where that is so.

    :raises NotFoundError: it is gone.
    """
    if subject is Subject.SAVED_SEARCH:
        services.stop(queries.get_held(session, number), now=now)
        return
    raise NotFoundError(f"there are no mails of {subject.value}")
