"""Stopping what an address in a mail names. Callers commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import queries as account_queries
from portal.alerts import queries, services, settings
from portal.alerts.models import AlertState
from portal.alerts.sealed_links import Subject


def is_stopped(session: Session, subject: Subject, number: int) -> bool:
    """Whether it is stopped already.

    :raises NotFoundError: it is gone.
    """
    if subject is Subject.SAVED_SEARCH:
        return queries.get_search(session, number).state == AlertState.STOPPED
    setting = settings.find_setting(session, account_queries.get_user(session, number).id)
    is_wanted = {
        Subject.DEADLINES: setting.has_deadline_mails,
        Subject.CHANGES: setting.has_change_mails,
    }
    return not is_wanted[subject]


def stop(session: Session, subject: Subject, number: int, *, now: datetime) -> None:
    """Send no more of it; does nothing where that is so.

    :raises NotFoundError: it is gone.
    """
    match subject:
        case Subject.SAVED_SEARCH:
            services.stop(queries.get_held(session, number), now=now)
        case Subject.DEADLINES:
            settings.choose(session, number, deadline_mails=False, now=now)
        case Subject.CHANGES:
            settings.choose(session, number, change_mails=False, now=now)
