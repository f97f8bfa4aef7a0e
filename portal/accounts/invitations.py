"""Invitations: the only way, besides the command line, to an account of an agency or of the
prefecture. Each is a link that works once, for one address, role and agency."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import emails, invitation_queries, queries, tokens
from portal.accounts.letters import Letterhead, letter
from portal.accounts.permissions import (
    AGENCY_ROLES,
    SECOND_FACTOR_ROLES,
    Role,
)
from portal.accounts.services import name_problem
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.accounts.tokens import Place
from portal.agencies.models import Agency
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.db import take_turn
from portal.errors import FieldProblem, InvalidInputError
from portal.mail import services as mail

PATH = "/invitations"
"""Where the links of invitations lead, followed by the token."""

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4C2

INVITED_ROLES = SECOND_FACTOR_ROLES


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody wants to invite; ``name`` may be empty."""

    email: str
    role: Role
    agency: Agency | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Inviter:
    """For whom somebody may invite: everybody, or the staff of one agency.

    ``agency_id`` is None where there is no bound.
    """

    actor: Actor
    agency_id: int | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles they may invite to."""
        return INVITED_ROLES if self.agency_id is None else (Role.STAFF,)


def problems_of(
    session: Session, wanted: Wanted, inviter: Inviter, *, now: datetime
) -> list[FieldProblem]:
    """Why somebody cannot be invited, with the field to mend."""
    found = person_problems(session, wanted.email, wanted.name, now=now)
    if wanted.role not in inviter.roles:
        found.append(FieldProblem("role", "この権限には招待できません。選び直してください。"))
    elif problem := place_problem(wanted.role, wanted.agency):
        found.append(FieldProblem("agency", problem))
    elif inviter.agency_id not in (None, wanted.agency.id if wanted.agency else 0):
        message = "自分の実施機関の担当者だけを招待できます。自分の実施機関を選んでください。"
        found.append(FieldProblem("agency", message))
    return found


def person_problems(
    session: Session, email: str, name: str, *, now: datetime
) -> list[FieldProblem]:
    """Why nobody of this address and name can be invited, whatever to."""
    found = _email_problems(session, email, now)
    if name.strip() and (problem := name_problem(name)):
        found.append(FieldProblem("name", problem))
    return found


def place_problem(role: Role, agency: Agency | None) -> str | None:
    """Why a role and an agency do not go together, in Japanese; None if they do."""
    if role in AGENCY_ROLES and agency is None:
        return "担当者と承認者には実施機関が必要です。実施機関を選んでください。"
    if role not in AGENCY_ROLES and agency is not None:
        return f"{role.label}は実施機関に属しません。実施機関を空にしてください。"
    return None


def _email_problems(session: Session, email: str, now: datetime) -> list[FieldProblem]:
    tidy = emails.tidy(email)
    if not emails.is_usable(tidy):
        message = emails.NO_ADDRESS
    elif emails.is_demo(emails.fold(email)):
        message = (
            f"{emails.DEMO_DOMAIN} は見本のアカウントだけが使います。別のアドレスを入れてください。"
        )
    elif queries.find_by_email(session, email):
        message = (
            "このメールアドレスはもう登録されています。権限や実施機関を変えるには、"
            "県の担当者が利用者の一覧から変更します。"
        )
    elif invitation_queries.find_open(session, email, now=now):
        message = (
            "このメールアドレスには招待を送ってあります。一覧の「招待中」から送り直せます。"
            "そこにないときは別の権限か機関への招待なので、県の担当者にお尋ねください。"
        )
    else:
        return []
    return [FieldProblem("email", message)]


def invite(
    session: Session, wanted: Wanted, inviter: Inviter, letterhead: Letterhead, *, now: datetime
) -> OneTimeToken:
    """Send somebody an invitation. One that was not accepted in time is replaced.

    :raises InvalidInputError: they cannot be invited.
    """
    # Two may invite the same person at this moment.
    take_turn(session.connection(), _TURN)
    if found := problems_of(session, wanted, inviter, now=now):
        raise InvalidInputError(found)
    email, name = emails.tidy(wanted.email), wanted.name.strip() or None
    session.execute(delete(OneTimeToken).where(invitation_queries.is_pending_to(email)))
    place = Place(email, wanted.role, wanted.agency.id if wanted.agency else None, name)
    token = tokens.new_token()
    row = tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=now)
    row.agency, row.invited_by_id = wanted.agency, inviter.actor.id
    _send(session, row, token, letterhead, now=now)
    _record(session, AuditAction.USER_INVITED, row, inviter.actor, is_again=False, now=now)
    return row


def send_again(
    session: Session, row: OneTimeToken, letterhead: Letterhead, *, actor: Actor, now: datetime
) -> None:
    """Send a new link for another 48 hours; the old one works no more.

    :raises InvalidInputError: the address has an account by now, or the invitation was taken back.
    """
    _hold(session, row)
    if queries.find_by_email(session, row.email or ""):
        message = (
            "このメールアドレスはもう登録されています。権限や実施機関が違うときは、"
            "県の担当者が利用者の一覧から変更します。招待は取り消してください。"
        )
        raise InvalidInputError([FieldProblem("email", message)])
    token = tokens.new_token()
    row.invited_by_id = actor.id
    tokens.renew(session, row, token=token, now=now)
    _send(session, row, token, letterhead, now=now)
    _record(session, AuditAction.USER_INVITED, row, actor, is_again=True, now=now)


def withdraw(session: Session, row: OneTimeToken, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back: its link works no more.

    :raises InvalidInputError: it was accepted, or taken back by somebody else, at this moment.
    """
    _hold(session, row)
    session.delete(row)
    session.flush()
    _record(session, AuditAction.INVITATION_WITHDRAWN, row, actor, now=now)


def _hold(session: Session, row: OneTimeToken) -> None:
    """See an invitation as it is now, and keep it so until the transaction ends."""
    held = session.get(OneTimeToken, row.id, populate_existing=True, with_for_update=True)
    if held is None or held.used_at is not None:
        message = "この招待は、たったいま受け入れられたか取り消されました。一覧で確かめてください。"
        raise InvalidInputError([FieldProblem("email", message)])


def _send(
    session: Session, row: OneTimeToken, token: str, letterhead: Letterhead, *, now: datetime
) -> None:
    role = Role(str(row.role))
    mail.enqueue(
        session,
        letter(
            "invitation",
            to=str(row.email),
            subject="利用者登録のご案内",
            letterhead=letterhead,
            values={
                "link": letterhead.link_url + token,
                "name": row.name or "",
                "role": role.label,
                "agency": row.agency.name if row.agency else "",
            },
            good_until=row.expires_at,
        ),
        now=now,
    )


def _record(
    session: Session,
    action: AuditAction,
    row: OneTimeToken,
    actor: Actor,
    *,
    is_again: bool | None = None,
    now: datetime,
) -> None:
    # By number and not by address: whoever never comes does not stay in the record for ever. Whose
    # account became of which number is told when an invitation is accepted.
    detail: dict[str, str | int | bool | None] = {"role": row.role}
    if is_again is not None:
        detail["again"] = is_again
    agency_code = row.agency.code if row.agency else None
    target = Target("invitation", str(row.id), agency_code)
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)
