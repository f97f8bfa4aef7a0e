"""What happens to users: made, stopped, moved, given another name or password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import devices, emails, password_rules, queries, session_services, tokens
from portal.accounts.actors import actor_of, target_of
from portal.accounts.models import LONGEST_NAME, User
from portal.accounts.permissions import AGENCY_ROLES, Role
from portal.accounts.sign_in_models import TokenPurpose
from portal.agencies.models import Agency
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor
from portal.errors import FieldProblem, InvalidInputError


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is known of somebody who gets an account; the password comes apart, as a hash."""

    email: str
    name: str
    role: Role
    agency: Agency | None = None


def check_new_user(session: Session, wanted: NewUser, password: str) -> None:
    """Refuse what an account cannot be made of; the password has to be hashed after this.

    :raises InvalidInputError: with all that has to be mended.
    """
    found = [*_identity_problems(session, wanted)]
    agency = (wanted.agency.name, wanted.agency.code) if wanted.agency else ()
    context = password_rules.words_of_new(wanted.email, wanted.name, *agency)
    weakness = password_rules.problem_of(password, role=wanted.role, context=context)
    if weakness:
        found.append(FieldProblem("password", f"パスワード: {weakness}"))
    if found:
        raise InvalidInputError(found)


def _identity_problems(session: Session, wanted: NewUser) -> list[FieldProblem]:
    found = []
    if not emails.is_usable(emails.tidy(wanted.email)):
        found.append(FieldProblem("email", emails.NO_ADDRESS))
    elif queries.find_by_email(session, wanted.email):
        found.append(FieldProblem("email", "このメールアドレスはもう使われています。"))
    if problem := name_problem(wanted.name):
        found.append(FieldProblem("name", problem))
    if wanted.role in AGENCY_ROLES and wanted.agency is None:
        found.append(FieldProblem("agency", "担当者と承認者には実施機関が必要です。"))
    if wanted.role == Role.MEMBER and wanted.agency is not None:
        found.append(FieldProblem("agency", "会員は実施機関に属しません。"))
    return found


def name_problem(name: str) -> str | None:
    """Why a name cannot be used, in Japanese; None for a good one."""
    if not name.strip():
        return "名前を入れてください。"
    if len(name.strip()) > LONGEST_NAME:
        return f"名前は{LONGEST_NAME}文字以内にしてください。"
    if not name.strip().replace("\u3000", " ").isprintable():
        return "名前に使えない文字があります。入れ直してください。"
    return None


def create_user(
    session: Session,
    wanted: NewUser,
    password_hash: str,
    *,
    actor: Actor | None,
    action: AuditAction = AuditAction.USER_CREATED,
    invitation_id: int | None = None,
    now: datetime,
) -> User:
    """Make an account of what ``check_new_user`` let pass.

    :param actor: None for somebody who makes their own.
    :param invitation_id: the number of the invitation it was made by, if by one.
    """
    email = emails.tidy(wanted.email)
    user = User(
        email=email,
        email_folded=emails.fold(email),
        name=wanted.name.strip(),
        role=wanted.role.value,
        agency=wanted.agency,
        password_hash=password_hash,
        password_changed_at=now,
        created_at=now,
    )
    session.add(user)
    session.flush()
    detail: dict[str, str | int | bool | None] = {"role": user.role}
    if invitation_id is not None:
        detail["invitation"] = invitation_id
    audit.record(
        session,
        action,
        actor=actor or actor_of(user),
        target=target_of(user),
        detail=detail,
        now=now,
    )
    return user


def disable(session: Session, user: User, *, actor: Actor, now: datetime) -> bool:
    """Keep somebody out from their next request on, and whom they invited and who has not come yet:
    an invitation is worth no more than who sent it. Returns False if they were kept out before."""
    # A session that begins at this moment waits, or is among those that end.
    queries.hold(session, user.id)
    if user.is_disabled:
        return False
    user.disabled_at, user.disabled_by_id = now, actor.id
    session_services.end_all(session, user.id)
    _revoke_links(session, user)
    withdrawn = tokens.revoke_invitations_by(session, user.id)
    session.flush()
    audit.record(
        session,
        AuditAction.USER_DISABLED,
        actor=actor,
        target=target_of(user),
        detail={"invitations_withdrawn": withdrawn},
        now=now,
    )
    return True


def change_role(
    session: Session,
    user: User,
    role: Role,
    agency: Agency | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Give somebody another role, agency or both. They sign in anew: no session keeps old rights.
    Nor does an invitation: whoever is no administrator now may not have sent those that wait.

    :raises InvalidInputError: the role and the agency do not go together.
    """
    if (role in AGENCY_ROLES and agency is None) or (role == Role.MEMBER and agency is not None):
        message = "担当者と承認者には実施機関が必要で、会員は実施機関に属しません。"
        raise InvalidInputError([FieldProblem("agency", message)])
    queries.hold(session, user.id)
    before, agency_before = user.role, user.agency
    user.role, user.agency = role.value, agency
    session.flush()
    session_services.end_all(session, user.id)
    withdrawn = 0 if role == Role.ADMIN else tokens.revoke_invitations_by(session, user.id)
    session.flush()
    is_move = before == role.value
    audit.record(
        session,
        AuditAction.USER_MOVED if is_move else AuditAction.ROLE_CHANGED,
        actor=actor,
        target=target_of(user),
        detail={
            "role": role.value,
            "role_before": before,
            "agency_before": agency_before.code if agency_before else None,
            "invitations_withdrawn": withdrawn,
        },
        now=now,
    )


def rename(session: Session, user: User, name: str, *, now: datetime) -> bool:
    """Somebody who is signed in gave themselves another name; returns False if it is the one they
    have. The record, which cannot be erased, tells that it changed and not to what.

    :raises InvalidInputError: it cannot be used.
    """
    if problem := name_problem(name):
        raise InvalidInputError([FieldProblem("name", problem)])
    queries.hold(session, user.id)
    if name.strip() == user.name:
        return False
    user.name = name.strip()
    session.flush()
    audit.record(
        session,
        AuditAction.USER_RENAMED,
        actor=actor_of(user),
        target=target_of(user),
        now=now,
    )
    return True


def change_password(session: Session, user: User, password_hash: str, *, now: datetime) -> None:
    """Somebody who is signed in chose a new password: every session ends, theirs begins anew."""
    _set_password(session, user, password_hash, now=now)
    audit.record(
        session,
        AuditAction.PASSWORD_CHANGED,
        actor=actor_of(user),
        target=target_of(user),
        now=now,
    )


def reset_password(session: Session, token: str, password_hash: str, *, now: datetime) -> User:
    """Somebody chose a new password by a link. It proves the mailbox and nothing else, so signing
    in goes on to ask for the password and the second factor.

    :raises UnusableTokenError: the link does not work, or not any more.
    """
    row = tokens.use(session, TokenPurpose.PASSWORD_RESET, token, now=now)
    if row.user is None:
        raise tokens.UnusableTokenError("this link is for no user")
    _set_password(session, row.user, password_hash, now=now)
    audit.record(
        session,
        AuditAction.PASSWORD_RESET,
        actor=actor_of(row.user),
        target=target_of(row.user),
        now=now,
    )
    return row.user


def _set_password(session: Session, user: User, password_hash: str, *, now: datetime) -> None:
    queries.hold(session, user.id)
    user.password_hash = password_hash
    user.password_changed_at = now
    session.flush()
    session_services.end_all(session, user.id)
    devices.forget_all(session, user.id)
    _revoke_links(session, user)
    session.flush()


def _revoke_links(session: Session, user: User) -> None:
    """Make links stop working that somebody may have asked for who is kept out from now on: one to
    another address would open the account again."""
    for purpose in (TokenPurpose.PASSWORD_RESET, TokenPurpose.EMAIL_CHANGE):
        tokens.revoke_of_user(session, purpose, user.id)
