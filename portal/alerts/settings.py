"""Which mails about favourites a member wants. Callers commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import queries as account_queries
from portal.alerts.favorite_models import AlertSetting


def find_setting(session: Session, user_id: int) -> AlertSetting:
    """What a member wants; of one who never said, a setting that is in no table."""
    row = session.get(AlertSetting, user_id)
    return row or AlertSetting(user_id=user_id, has_deadline_mails=True, has_change_mails=True)


def choose(
    session: Session,
    user_id: int,
    *,
    deadline_mails: bool | None = None,
    change_mails: bool | None = None,
    now: datetime,
) -> None:
    """Turn mails on or off; None leaves them as they are.

    :raises NotFoundError: there is no such user any more.
    """
    account_queries.hold(session, user_id)
    row = find_setting(session, user_id)
    if deadline_mails is not None:
        if deadline_mails and not row.has_deadline_mails:
            row.deadline_mails_from = now
        row.has_deadline_mails = deadline_mails
    if change_mails is not None:
        row.has_change_mails = change_mails
    session.add(row)
    session.flush()
