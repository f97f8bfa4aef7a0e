"""A mail as mail servers take it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.clock import in_japan
from portal.mail.models import OutgoingMail


def build_message(mail: OutgoingMail, *, sender: str, sender_name: str) -> EmailMessage:
    """A mail with all its headers; the same in every attempt.

    :param sender: the address it comes from, and answers go to.
    """
    user, _, domain = sender.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(sender_name, user, domain)
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(in_japan(mail.created_at))
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    # Keeps other machines, such as notes of absence, from answering.
    message["Auto-Submitted"] = "auto-generated"
    # Base64, because old servers on the way break long lines and eight-bit text.
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    return message
