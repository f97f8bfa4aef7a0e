"""The secret of an app that is being set up: it travels sealed in the form, for this session."""

from datetime import datetime, timedelta

from portal.accounts.sign_in_models import UserSession
from portal.secret_key import SecretKey, UnreadableSealError

LIFE = timedelta(hours=1)
_BOX = "totp-offer"


def seal_offer(secret: str, row: UserSession, *, key: SecretKey, now: datetime) -> str:
    """A secret that is shown and not taken yet."""
    return key.box(_BOX).seal(f"{row.id} {secret}".encode(), now=now)


def open_offer(sealed: str, row: UserSession, *, key: SecretKey, now: datetime) -> str:
    """The secret again.

    :raises UnreadableSealError: it was not offered to this session, or too long ago.
    """
    session_id, _, secret = key.box(_BOX).open(sealed, now=now, within=LIFE).decode().partition(" ")
    if session_id != str(row.id):
        raise UnreadableSealError("this was offered to somebody else")
    return secret
