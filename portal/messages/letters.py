"""The mails of messages."""

from dataclasses import dataclass

from portal.accounts.letters import Letterhead, letter
from portal.mail.services import Mail
from portal.messages.models import Message, Topic


@dataclass(frozen=True, slots=True)
class Letterheads:
    """What mails say of the portal; each leads to messages at a desk."""

    agency: Letterhead
    prefecture: Letterhead


def received(message: Message, address: str, letterhead: Letterhead) -> Mail:
    """Tells somebody who looks after it that a message came. Where to answer is seen at the desk
    alone: of a person no more goes by mail than has to."""
    title = title_of(message)
    subject = f"間違いのお知らせ: {title}" if title else f"お問い合わせ: {_topic(message)}"
    return letter(
        "message_received",
        to=address,
        subject=subject,
        letterhead=letterhead,
        values={
            "number": message.id,
            "title": title,
            "page": _page(message, letterhead),
            "topic": _topic(message),
            "lines": message.text.split("\n") if message.text else [],
            "wants_answer": message.reply_to is not None,
            "link": f"{letterhead.link_url}{message.id}",
        },
    )


def answered(message: Message, address: str, letterhead: Letterhead) -> Mail:
    """The answer to whoever wrote."""
    title = title_of(message)
    return letter(
        "message_answered",
        to=address,
        subject="お問い合わせへの回答",
        letterhead=letterhead,
        values={
            "agency": message.agency.name if message.agency else None,
            "title": title,
            "page": _page(message, letterhead),
            "topic": _topic(message),
            "lines": message.text.split("\n") if message.text else [],
            "answer": message.answer.split("\n"),
        },
    )


def title_of(message: Message) -> str | None:
    """What the listing is called that a message is about."""
    listing = message.listing
    return listing.public_version.title if listing and listing.public_version else None


def _page(message: Message, letterhead: Letterhead) -> str | None:
    listing = message.listing
    return f"{letterhead.base_url}/listings/{listing.public_id}" if listing else None


def _topic(message: Message) -> str:
    return Topic(message.topic).label
