"""What members do with their account besides using it: another address, and its end."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import devices, emails, limits, queries, session_services, tokens
from portal.accounts.actors import actor_of, target_of
from portal.accounts.joining import AddressTakenError
from portal.accounts.letters import Letterhead, letter
from portal.accounts.models import User
from portal.accounts.origins import Source, account_digest, origin_of
from portal.accounts.permissions import Role
from portal.accounts.sign_in import SignIn
from portal.accounts.sign_in_models import AttemptKind, OneTimeToken, TokenPurpose, UserSession
from portal.accounts.tokens import NewAddress
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import write_transaction
from portal.mail import services as mail
from portal.secret_key import SecretKey


def request_email_change(
    sign_in: SignIn,
    asker: UserSession,
    email: str,
    source: Source,
    letterhead: Letterhead,
    *,
    now: datetime,
) -> None:
    """Send a mail to a new address: a link, or that it has an account already. Whoever asks cannot
    tell the difference.

    :raises TooManyAttemptsError: this network, or all together, asked too often.
    :raises SessionGoneError: whoever asks was signed out meanwhile.
    """
    with write_transaction(sign_in.sessions) as session:
        user = session_services.hold(session, asker.id, now=now).user
        holder = queries.find_by_email(session, email)
        origin = origin_of(session, email, holder, source, secret_key=sign_in.secret_key, now=now)
        if not limits.may_ask(session, AttemptKind.ADDRESS_CHECK, origin, now=now):
            return
        tokens.revoke_of_user(session, TokenPurpose.EMAIL_CHANGE, user.id)
        token, address, good_until = tokens.new_token(), emails.tidy(email), None
        if holder is None:
            bearer = NewAddress(user.id, address)
            row = tokens.issue(session, TokenPurpose.EMAIL_CHANGE, bearer, token=token, now=now)
            good_until = row.expires_at
        values = {"link": letterhead.link_url + token, "is_free": holder is None}
        subject = "メールアドレスの確認"
        asking = letter(
            "email_change",
            to=address,
            subject=subject,
            letterhead=letterhead,
            values=values,
            good_until=good_until,
        )
        # It is about this account and goes with it; the address may become somebody else's.
        mail.enqueue(session, asking, owner_id=user.id, now=now)


def change_email(session: Session, token: str, letterhead: Letterhead, *, now: datetime) -> User:
    """Take the address that a link was sent to, and tell the old one.

    :raises UnusableTokenError: the link does not work, or not any more.
    :raises AddressTakenError: the address has an account by now.
    """
    row = tokens.use(session, TokenPurpose.EMAIL_CHANGE, token, now=now)
    user, email = row.user, str(row.email)
    if user is None or user.role != Role.MEMBER:
        # By now they work for an agency, whose invitation was bound to the address.
        raise tokens.UnusableTokenError("this link is for no member")
    if queries.find_by_email(session, email):
        raise AddressTakenError("this address has an account")
    old = user.email
    try:
        user.email, user.email_folded = email, emails.fold(email)
        session.flush()
    except IntegrityError as error:
        # Somebody else took it at this moment.
        raise AddressTakenError("this address has an account") from error
    # A link that waits in the old mailbox must not open the account.
    tokens.revoke_of_user(session, TokenPurpose.PASSWORD_RESET, user.id)
    values = {"name": user.name}
    subject = "メールアドレスを変更しました"
    told = letter("email_changed", to=old, subject=subject, letterhead=letterhead, values=values)
    mail.enqueue(session, told, now=now)
    # Both go with the account, which will not know this address any more.
    mail.give_to(session, user.id, emails.fold(old))
    _drop_links(session, emails.fold(old), TokenPurpose.SIGN_UP)
    changed = AuditAction.EMAIL_CHANGED
    audit.record(session, changed, actor=actor_of(user), target=target_of(user), now=now)
    return user


def end(session: Session, user: User, *, secret_key: SecretKey, now: datetime) -> None:
    """Remove a member and everything that is known of them. What is left is the record of events:
    that number so-and-so ended and, of one who worked for an agency before, what they did then
    under their address.
    """
    actor, target = actor_of(user), target_of(user)
    devices.forget_all(session, user.id)
    session_services.end_all(session, user.id)
    limits.forget(session, account_digest(user.email, secret_key=secret_key))
    _drop_links(session, user.email_folded, *TokenPurpose)
    number, address = user.id, user.email_folded
    session.delete(user)
    session.flush()
    mail.forget_owner(session, number)
    mail.forget(session, address)
    audit.record(session, AuditAction.USER_DELETED, actor=actor, target=target, now=now)


def _drop_links(session: Session, address: str, *purposes: TokenPurpose) -> None:
    """Links that were sent to an address in small letters, used or not."""
    session.execute(
        delete(OneTimeToken).where(
            func.lower(OneTimeToken.email) == address, OneTimeToken.purpose.in_(purposes)
        )
    )
