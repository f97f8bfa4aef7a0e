"""Becoming a user by a link: of an invitation, or of signing up as a member."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import emails, limits, password_rules, queries, services, tokens
from portal.accounts.letters import Letterhead, letter
from portal.accounts.models import User
from portal.accounts.origins import Source, origin_of
from portal.accounts.permissions import Role
from portal.accounts.services import NewUser
from portal.accounts.sign_in import SignIn
from portal.accounts.sign_in_models import AttemptKind, OneTimeToken, TokenPurpose
from portal.accounts.tokens import Place
from portal.audit.actions import AuditAction
from portal.db import write_transaction
from portal.errors import FieldProblem, PortalError
from portal.mail import services as mail
from portal.mail.services import Mail

_ACTIONS = {
    TokenPurpose.INVITATION: AuditAction.INVITATION_ACCEPTED,
    TokenPurpose.SIGN_UP: AuditAction.MEMBER_SIGNED_UP,
}


class AddressTakenError(PortalError):
    """The address of a link has an account by now."""


def request_sign_up(
    sign_in: SignIn, email: str, source: Source, letterhead: Letterhead, *, now: datetime
) -> None:
    """Send a mail to an address that wants to become a member: a link, or that it has an account
    already. Whoever asks cannot tell the difference.

    :raises TooManyAttemptsError: this network, or all together, asked too often. An address that
        was asked for too often gets no further mail, and nobody is told.
    """
    with write_transaction(sign_in.sessions) as session:
        user = queries.find_by_email(session, email)
        origin = origin_of(session, email, user, source, secret_key=sign_in.secret_key, now=now)
        if not limits.may_ask(session, AttemptKind.ADDRESS_CHECK, origin, now=now):
            return
        token, place = tokens.new_token(), Place(emails.tidy(email), Role.MEMBER, None)
        # Done for every address and taken back where it has an account: the time it takes tells
        # nothing.
        with session.begin_nested() as attempt:
            row = tokens.issue(session, TokenPurpose.SIGN_UP, place, token=token, now=now)
            good_until = row.expires_at
            if user is not None:
                attempt.rollback()
        asking = _sign_up_letter(email, user, letterhead, token, good_until)
        mail.enqueue(session, asking, now=now)


def get_place(
    session: Session, purpose: TokenPurpose, token: str, *, now: datetime
) -> OneTimeToken:
    """What the bearer of a link is going to be.

    :raises UnusableTokenError: the link does not work.
    :raises AddressTakenError: its address has an account by now.
    """
    row = tokens.get_usable(session, purpose, token, now=now)
    if queries.find_by_email(session, str(row.email)):
        raise AddressTakenError("this address has an account")
    return row


def problems_of(row: OneTimeToken, name: str, password: str) -> list[FieldProblem]:
    """What has to be mended before the bearer of a link gets an account."""
    found = []
    if problem := services.name_problem(name):
        found.append(FieldProblem("name", problem))
    agency = (row.agency.name, row.agency.code) if row.agency else ()
    context = password_rules.words_of_new(str(row.email), name, *agency)
    if weakness := password_rules.problem_of(password, role=str(row.role), context=context):
        found.append(FieldProblem("new_password", weakness))
    return found


def accept(
    session: Session,
    purpose: TokenPurpose,
    token: str,
    name: str,
    password_hash: str,
    *,
    now: datetime,
) -> User:
    """Make the account a link is for. However many use it at once, there is one account.

    :raises UnusableTokenError: the link does not work, or not any more.
    :raises AddressTakenError: its address has an account by now.
    """
    row = tokens.use(session, purpose, token, now=now)
    email = str(row.email)
    if queries.find_by_email(session, email):
        raise AddressTakenError("this address has an account")
    wanted = NewUser(email, name, Role(str(row.role)), row.agency)
    try:
        return services.create_user(
            session,
            wanted,
            password_hash,
            actor=None,
            action=_ACTIONS[purpose],
            invitation_id=row.id if purpose is TokenPurpose.INVITATION else None,
            now=now,
        )
    except IntegrityError as error:
        # Another link to the same address was used at this moment.
        raise AddressTakenError("this address has an account") from error


def _sign_up_letter(
    email: str, user: User | None, letterhead: Letterhead, token: str, good_until: datetime
) -> Mail:
    if user is not None:
        return letter(
            "sign_up_known",
            to=user.email,
            subject="会員登録のお申し込み",
            letterhead=letterhead,
            values={},
        )
    return letter(
        "sign_up",
        to=emails.tidy(email),
        subject="会員登録のお申し込み",
        letterhead=letterhead,
        values={"link": letterhead.link_url + token},
        good_until=good_until,
    )
