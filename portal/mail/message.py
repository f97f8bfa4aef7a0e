"""A mail as mail servers take it."""

from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime

from portal.clock import in_japan
from portal.mail.models import OutgoingMail


class _UnbrokenHeader(UnstructuredHeader, BaseHeader):
    """A header on one line: broken, its address would be encoded, and mail programs that offer to
    unsubscribe do not decode it."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _UnbrokenHeader)
    return SMTP.clone(header_factory=headers)


_POLICY = _policy()


def build_message(mail: OutgoingMail, *, sender: str, sender_name: str) -> EmailMessage:
    """A mail with all its headers; the same in every attempt.

    :param sender: the address it comes from, and answers go to.
    """
    user, _, domain = sender.rpartition("@")
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(sender_name, user, domain)
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(in_japan(mail.created_at))
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    # Keeps other machines, such as notes of absence, from answering.
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Base64, because old servers on the way break long lines and eight-bit text.
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    return message
