"""What is known of the alerts of somebody, for themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.alerts import favorite_queries, queries
from portal.alerts.models import SavedSearch
from portal.alerts.settings import find_setting
from portal.clock import in_japan
from portal.listings.models import public_id_of


def told_searches(session: Session, user: User) -> list[dict[str, object]]:
    """The saved searches of an account and its address, in words for JSON."""
    return [_told(row) for row in queries.list_of(session, user)]


def told_mails(session: Session, user: User) -> dict[str, object]:
    """Which mails about favourites an account wants, and what they told, in words for JSON."""
    setting = find_setting(session, user.id)
    return {
        "deadline_mails": setting.has_deadline_mails,
        "change_mails": setting.has_change_mails,
        "told_deadlines": [
            {
                "listing": public_id_of(row.listing_id),
                "closes_on": row.closes_on.isoformat(),
                "days_before": row.days_before,
                "told_at": _instant(row.told_at),
            }
            for row in favorite_queries.list_deadline_notices(session, user.id)
        ],
        "told_changes": [
            {"listing": public_id_of(row.listing_id), "told_at": _instant(row.told_at)}
            for row in favorite_queries.list_change_notices(session, user.id)
        ],
    }


def _told(row: SavedSearch) -> dict[str, object]:
    return {
        "criteria": row.criteria,
        "frequency": row.frequency,
        "state": row.state,
        "requested_at": _instant(row.requested_at),
        "watched_from": _instant(row.watched_from),
        "stopped_at": _instant(row.stopped_at),
        "looked_at": _instant(row.looked_at),
        "known": _public_ids(row.known),
        "excluded": _public_ids(row.excluded),
    }


def _instant(instant: datetime | None) -> str | None:
    return in_japan(instant).isoformat(timespec="seconds") if instant else None


def _public_ids(ids: frozenset[int] | None) -> list[str]:
    return [public_id_of(id_) for id_ in sorted(ids or ())]
