"""Asking for a link by which a forgotten password is replaced."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import emails, limits, queries, tokens
from portal.accounts.actors import target_of
from portal.accounts.letters import Letterhead, letter
from portal.accounts.models import User
from portal.accounts.origins import Source, origin_of
from portal.accounts.permissions import Role
from portal.accounts.sign_in import SignIn
from portal.accounts.sign_in_models import AttemptKind, TokenPurpose
from portal.accounts.tokens import Place
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import write_transaction
from portal.mail import services as mail
from portal.mail.services import Mail


def request_reset(
    sign_in: SignIn, email: str, source: Source, letterhead: Letterhead, *, now: datetime
) -> None:
    """Send a link to an address if it has an account. Whoever asks cannot tell the difference: as
    much is done and written down for any address.

    :param email: one that can be used.
    :raises TooManyAttemptsError: this network, or all together, asked too often. An account that
        was asked for too often gets no further mail, and nobody is told.
    """
    with write_transaction(sign_in.sessions) as session:
        user = queries.find_by_email(session, email)
        key = sign_in.secret_key
        origin = origin_of(session, email, user, source, secret_key=key, now=now)
        if not limits.may_ask(session, AttemptKind.PASSWORD_RESET, origin, now=now):
            return
        _send_link(session, email, user, letterhead, now=now)
        audit.record(
            session,
            AuditAction.PASSWORD_RESET_REQUESTED,
            actor=None,
            target=target_of(user) if user else None,
            now=now,
        )


def _send_link(
    session: Session, email: str, user: User | None, letterhead: Letterhead, *, now: datetime
) -> None:
    token = tokens.new_token()
    is_for_somebody = user is not None and not user.is_disabled
    bearer = user if user and is_for_somebody else Place(emails.tidy(email), Role.MEMBER, None)
    # Done for every address and taken back where it is nobody's: the time it takes tells nothing.
    with session.begin_nested() as attempt:
        row = tokens.issue(session, TokenPurpose.PASSWORD_RESET, bearer, token=token, now=now)
        mail.enqueue(session, _letter(bearer, letterhead, token, row.expires_at), now=now)
        if not is_for_somebody:
            attempt.rollback()


def _letter(bearer: User | Place, letterhead: Letterhead, token: str, good_until: datetime) -> Mail:
    return letter(
        "password_reset",
        to=bearer.email,
        subject="パスワードの再設定",
        letterhead=letterhead,
        values={
            "link": letterhead.link_url + token,
            "name": bearer.name if isinstance(bearer, User) else "",
        },
        good_until=good_until,
    )
