"""Reading what was mailed, as its recipient does."""

import re
from email import message_from_bytes
from email.policy import default

from portal.extensions import Resources
from tests.portal.accounts.test_password_reset import mails


def letters_to(held: Resources, address: str) -> list[str]:
    """The texts of all mail to an address."""
    messages = [message_from_bytes(mail.encode(), policy=default) for mail in mails(held)]
    bodies = [m.get_body(("plain",)) for m in messages if str(m["To"]) == address]
    return [str(body.get_content()) for body in bodies if body is not None]


def link_in(letter: str, path: str) -> str:
    """The one link below a path that a mail holds, without its host."""
    (link,) = re.findall(rf"https?://[^/\s]+({path}/[\w-]{{43}})", letter)
    return str(link)
