"""A copy of all that is known of somebody, for themselves."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import devices, queries, session_services
from portal.accounts.actors import actor_of, target_of
from portal.accounts.models import User
from portal.accounts.sign_in_models import KnownDevice, UserSession
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.clock import in_japan
from portal.mail import queries as mail_queries
from portal.mail.models import OutgoingMail


def own_data(
    session: Session, user: User, *, more: Mapping[str, object], now: datetime
) -> dict[str, object]:
    """What is known, in words for JSON; that they took it is recorded.

    ``more`` is what other features keep of them, by what it is called.

    Nothing in it opens the account: neither what secrets are compared with nor what mails say,
    whose links would let in whoever sits at this browser for a moment.
    """
    data: dict[str, object] = {
        "exported_at": _told(now),
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "agency": user.agency.name if user.agency else None,
        "created_at": _told(user.created_at),
        "password_changed_at": _told(user.password_changed_at),
        "has_second_factor": user.has_second_factor,
        "second_factor_since": _told(user.totp_enrolled_at),
        "recovery_codes_left": queries.count_recovery_codes(session, user.id),
        "last_sign_in_at": _told(user.last_sign_in_at),
        "previous_sign_in_at": _told(user.previous_sign_in_at),
        "sessions": [
            _session(row) for row in session_services.list_current(session, user.id, now=now)
        ],
        "known_devices": [_device(row) for row in devices.list_known(session, user.id)],
        "mails": [_mail(row) for row in mail_queries.list_of(session, user.id, user.email_folded)],
        **more,
    }
    audit.record(
        session, AuditAction.DATA_EXPORTED, actor=actor_of(user), target=target_of(user), now=now
    )
    return data


def _session(row: UserSession) -> dict[str, object]:
    return {
        "browser": row.browser,
        "created_at": _told(row.created_at),
        "last_seen_at": _told(row.last_seen_at),
    }


def _device(row: KnownDevice) -> dict[str, object]:
    # Of a device no more is known than a digest of what its cookie holds.
    return {"known_until": _told(row.trusted_until)}


def _mail(row: OutgoingMail) -> dict[str, object]:
    return {
        "to": row.recipient,
        "subject": row.subject,
        "created_at": _told(row.created_at),
        "state": row.state,
        "sent_at": _told(row.sent_at),
    }


def _told(instant: datetime | None) -> str | None:
    return in_japan(instant).isoformat(timespec="seconds") if instant else None
