"""What may be done with messages. Callers commit: a message, its mails and its event are one
transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal.accounts import limits
from portal.accounts.letters import Letterhead
from portal.accounts.limits import Origin
from portal.accounts.sign_in_models import AttemptKind
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, FieldProblem, InvalidInputError, NotFoundError
from portal.listings.models import Listing
from portal.mail import services as mail
from portal.messages import letters, recipients
from portal.messages.content import (
    MessageContent,
    find_problems,
    problems_of_length,
    tidy_text,
)
from portal.messages.letters import Letterheads
from portal.messages.models import Message, MessageState

TARGET = "message"

KEPT_HANDLED = timedelta(days=90)
"""How long a message stays that was answered or closed; the page on privacy says so."""

KEPT_AT_MOST = timedelta(days=365)
"""How long any message stays."""


@dataclass(frozen=True, slots=True)
class Sending:
    """From where a message comes, and how those are told whom it is for.

    :param mailbox: of the prefecture; None to tell every administrator.
    """

    origin: Origin
    letterheads: Letterheads
    mailbox: str | None


def send(
    session: Session,
    content: MessageContent,
    listing: Listing | None,
    sending: Sending,
    *,
    now: datetime,
) -> Message:
    """Keep a message of a visitor, and tell those whom it is for.

    :param listing: the public one that it is about; None for a message about the portal.
    :raises InvalidInputError: with all that has to be mended.
    :raises TooManyAttemptsError: this network, or all together, sent too many.
    """
    content = content.tidied()
    if problems := list(find_problems(content, is_about_listing=listing is not None)):
        raise InvalidInputError(problems)
    limits.begin(session, AttemptKind.MESSAGE, sending.origin, now=now)
    message = Message(
        topic=content.topic,
        listing=listing,
        agency=listing.agency if listing else None,
        text=content.text,
        reply_to=content.reply_to or None,
        created_at=now,
    )
    session.add(message)
    session.flush()
    _tell(session, message, sending, now=now)
    _record(session, AuditAction.MESSAGE_RECEIVED, message, actor=None, now=now)
    return message


def _tell(session: Session, message: Message, sending: Sending, *, now: datetime) -> None:
    agency = message.agency
    found = recipients.of_agency(session, agency) if agency else ()
    letterhead = sending.letterheads.agency
    if not found:
        found = recipients.of_prefecture(session, sending.mailbox)
        letterhead = sending.letterheads.prefecture
    for address in found:
        mail.enqueue(session, letters.received(message, address, letterhead), now=now)


def answer(
    session: Session,
    message: Message,
    text: str,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    """Answer a message, by mail if it says where to; else what was done is kept beside it.

    :raises InvalidInputError: the answer is empty or too long.
    :raises ChangedMeanwhileError: somebody answered or closed it meanwhile.
    """
    text = tidy_text(text)
    problems = list(problems_of_length("answer", "回答", text))
    if not text:
        problems = [FieldProblem("answer", "回答を入れてください。")]
    if problems:
        raise InvalidInputError(problems)
    _hold(session, message)
    if message.state != MessageState.OPEN:
        raise ChangedMeanwhileError(f"message {message.id}")
    message.answer = text
    message.state = MessageState.ANSWERED
    message.handled_at = now
    if message.reply_to:
        mail.enqueue(session, letters.answered(message, message.reply_to, letterhead), now=now)
    detail = {"mailed": message.reply_to is not None}
    _record(session, AuditAction.MESSAGE_ANSWERED, message, detail, actor=actor, now=now)


def close(session: Session, message: Message, *, actor: Actor, now: datetime) -> bool:
    """Note that nothing more is to be done; returns False if that was so."""
    _hold(session, message)
    if message.state != MessageState.OPEN:
        return False
    message.state = MessageState.CLOSED
    message.handled_at = now
    _record(session, AuditAction.MESSAGE_CLOSED, message, actor=actor, now=now)
    return True


def reopen(session: Session, message: Message, *, actor: Actor, now: datetime) -> bool:
    """Take back that a message was closed; an answer is out and stays. Returns False if it was
    not closed."""
    _hold(session, message)
    if message.state != MessageState.CLOSED:
        return False
    message.state = MessageState.OPEN
    message.handled_at = None
    _record(session, AuditAction.MESSAGE_REOPENED, message, actor=actor, now=now)
    return True


def prune(session: Session, *, now: datetime) -> int:
    """Forget messages whose time is over; returns how many."""
    is_old = or_(Message.handled_at < now - KEPT_HANDLED, Message.created_at < now - KEPT_AT_MOST)
    return session.connection().execute(delete(Message).where(is_old)).rowcount


def _hold(session: Session, message: Message) -> None:
    """See a message as it is now, and keep others from it until the transaction ends."""
    held = select(Message.id).where(Message.id == message.id).with_for_update()
    if session.scalar(held) is None:
        raise NotFoundError(f"there is no message {message.id} any more")
    session.refresh(message)


def _record(
    session: Session,
    action: AuditAction,
    message: Message,
    more: Mapping[str, bool] | None = None,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """What the record tells can never be erased, so nothing of what was written is in it."""
    listing = {"listing": message.listing.public_id} if message.listing else {}
    detail: dict[str, str | bool] = {**listing, **(more or {})}
    agency_code = message.agency.code if message.agency else None
    target = Target(TARGET, str(message.id), agency_code)
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)
