"""Browsers that somebody has signed in with before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.session_services import TOKEN_BYTES, hash_token
from portal.accounts.sign_in_models import KnownDevice

TRUSTED_FOR = timedelta(days=180)


def is_known(session: Session, device: str | None, user_id: int, *, now: datetime) -> bool:
    """Whether a user has signed in with the browser that holds this device token."""
    if not is_token(device):
        return False
    row = session.get(KnownDevice, (user_id, hash_token(str(device))))
    return row is not None and now < row.trusted_until


def is_token(device: str | None) -> bool:
    """Whether a cookie can be one of ours."""
    return bool(device) and str(device).isascii() and len(str(device)) <= 2 * TOKEN_BYTES


def trust(session: Session, device: str, user_id: int, *, now: datetime) -> None:
    """Remember that a user has signed in with a browser."""
    session.merge(
        KnownDevice(
            user_id=user_id, device_hash=hash_token(device), trusted_until=now + TRUSTED_FOR
        )
    )


def list_known(session: Session, user_id: int) -> Sequence[KnownDevice]:
    """The browsers of a user, the newest last."""
    wanted = select(KnownDevice).where(KnownDevice.user_id == user_id)
    return session.scalars(wanted.order_by(KnownDevice.trusted_until)).all()


def forget_all(session: Session, user_id: int) -> None:
    """Know no browser of a user any more."""
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def prune(session: Session, *, now: datetime) -> int:
    """Drop devices that were not used for long; returns how many."""
    old = delete(KnownDevice).where(KnownDevice.trusted_until <= now)
    return session.connection().execute(old).rowcount
