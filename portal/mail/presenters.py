"""Mail that gave trouble, as administrators see it."""

from dataclasses import dataclass
from datetime import date

from portal.formats import near_moment
from portal.mail.models import MailState, OutgoingMail


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail that did not go. ``said`` is why, as the mail server answered or as it failed to."""

    recipient: str
    subject: str
    when: str
    is_given_up: bool
    said: str


def mail_row(mail: OutgoingMail, *, today: date) -> MailRow:
    """What is told of a mail."""
    return MailRow(
        recipient=mail.recipient,
        subject=mail.subject,
        when=near_moment(mail.created_at, today),
        is_given_up=mail.state == MailState.FAILED,
        said=mail.last_error or "",
    )
