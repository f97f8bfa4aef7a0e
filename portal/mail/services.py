"""Putting mail into the outbox. Callers commit: a mail and what it tells of are one transaction."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, update
from sqlalchemy.orm import Session

from portal.errors import PortalError
from portal.mail.models import LONGEST_SUBJECT, LONGEST_UNSUBSCRIBE_URL, OutgoingMail
from portal.mail_address import is_mail_address

_LINE_END = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# What may stand between the brackets of a header as it is.
_WEB_ADDRESS = re.compile(
    rf"(?=.{{1,{LONGEST_UNSUBSCRIBE_URL}}}\Z)https?://[\w.:/~%+=-]+", re.ASCII
)
_KEPT_CONTROLS = "\n\t"


class UnusableAddressError(PortalError):
    """An address no mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one address: a subject, and the same in plain text and in HTML.

    ``good_until`` is when its link stops working, after which it is not sent; None if it has none.
    ``unsubscribe_url`` is where mail programs ask for no more of its kind; None if there is none.
    """

    to: str
    subject: str
    text: str
    html: str
    good_until: datetime | None = None
    unsubscribe_url: str | None = None


def enqueue(
    session: Session, mail: Mail, *, owner_id: int | None = None, now: datetime
) -> OutgoingMail:
    """Let a mail be sent once the running transaction is committed.

    Nothing in it can add a header or a recipient: line ends and control characters in the subject
    become spaces.

    :param owner_id: the number of the account it is about, where that has another address: the mail
        goes when the account goes.
    :raises UnusableAddressError: the address is none, or holds more than one; or where to
        unsubscribe is no address of the web.
    """
    if not is_mail_address(mail.to):
        raise UnusableAddressError(f"no mail can be sent to {mail.to!r}")
    if mail.unsubscribe_url is not None and not _WEB_ADDRESS.fullmatch(mail.unsubscribe_url):
        raise UnusableAddressError(f"nobody can unsubscribe at {mail.unsubscribe_url!r}")
    row = OutgoingMail(
        message_id=uuid4().hex,
        recipient=mail.to,
        owner_id=owner_id,
        subject=_on_one_line(mail.subject)[:LONGEST_SUBJECT],
        text=_printable(mail.text),
        html=_printable(mail.html),
        created_at=now,
        not_before=now,
        good_until=mail.good_until,
        unsubscribe_url=mail.unsubscribe_url,
    )
    session.add(row)
    session.flush()
    return row


def give_to(session: Session, owner_id: int, address: str) -> None:
    """Note that all mail to an address in small letters is about an account, which is about to
    have another address."""
    to_it = update(OutgoingMail).where(func.lower(OutgoingMail.recipient) == address)
    session.execute(to_it.values(owner_id=owner_id))


def forget(session: Session, address: str) -> int:
    """Drop all mail to an address in small letters, be it sent or waiting; returns how much."""
    to_it = delete(OutgoingMail).where(func.lower(OutgoingMail.recipient) == address)
    return session.connection().execute(to_it).rowcount


def forget_owner(session: Session, owner_id: int) -> int:
    """Drop all mail that was given to an account; returns how much."""
    about_it = delete(OutgoingMail).where(OutgoingMail.owner_id == owner_id)
    return session.connection().execute(about_it).rowcount


def _on_one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _printable(text: str) -> str:
    """A text with plain line ends and without characters that neither databases nor mail take."""
    return "".join(
        character if character >= " " or character in _KEPT_CONTROLS else " "
        for character in _LINE_END.sub("\n", text).encode("utf-8", "replace").decode("utf-8")
    )
