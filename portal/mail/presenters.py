"""Mail that gave trouble, as administrators see it."""

from dataclasses import dataclass
from datetime import date

from portal.clock import in_japan
from portal.formats import clock_time, near_day
from portal.mail.models import MailState, OutgoingMail


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail that did not go. ``said`` is what the server of the other side answered."""

    recipient: str
    subject: str
    when: str
    is_given_up: bool
    said: str


def mail_row(mail: OutgoingMail, *, today: date) -> MailRow:
    """What is told of a mail."""
    written = in_japan(mail.created_at)
    return MailRow(
        recipient=mail.recipient,
        subject=mail.subject,
        when=f"{near_day(written.date(), today)}{clock_time(written.time())}",
        is_given_up=mail.state == MailState.FAILED,
        said=mail.last_error or "",
    )
