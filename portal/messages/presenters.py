"""What the pages of messages say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.accounts.presenters import try_again_after
from portal.formats import near_moment
from portal.messages.letters import title_of
from portal.messages.models import (
    TOPICS_OF_LISTING,
    TOPICS_OF_PORTAL,
    Message,
    MessageState,
    Topic,
)
from portal.told_form import Called

STATE_LABELS = {
    MessageState.OPEN: "対応待ち",
    MessageState.ANSWERED: "回答済み",
    MessageState.CLOSED: "対応を終えました",
}
OVERTAKEN = (
    "この画面を開いたあとで、ほかの人が対応しました。この回答は送っていません。"
    "いまの状態を確かめてください。"
)

_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message, in a list or on its own page."""

    id: int
    topic: str
    listing_id: str | None
    title: str | None
    """Of the listing that it is about; None if it is about the portal."""
    agency: str | None
    when: str
    state: MessageState
    excerpt: str
    lines: tuple[str, ...]
    reply_to: str | None
    answer: tuple[str, ...]
    handled: str | None

    @property
    def state_label(self) -> str:
        """What became of it."""
        return STATE_LABELS[self.state]


def rows(messages: Iterable[Message], *, today: date) -> list[MessageRow]:
    """Messages of a list."""
    return [row(message, today=today) for message in messages]


def row(message: Message, *, today: date) -> MessageRow:
    """All that is told of a message."""
    text = " ".join(message.text.split())
    return MessageRow(
        id=message.id,
        topic=Topic(message.topic).label,
        listing_id=message.listing.public_id if message.listing else None,
        title=title_of(message),
        agency=message.agency.name if message.agency else None,
        when=near_moment(message.created_at, today),
        state=MessageState(message.state),
        excerpt=text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…",
        lines=tuple(message.text.split("\n")) if message.text else (),
        reply_to=message.reply_to,
        answer=tuple(message.answer.split("\n")) if message.answer else (),
        handled=near_moment(message.handled_at, today) if message.handled_at else None,
    )


def topic_choices(*, is_about_listing: bool) -> Sequence[tuple[str, str]]:
    """What a visitor can choose from."""
    topics = TOPICS_OF_LISTING if is_about_listing else TOPICS_OF_PORTAL
    return [(topic.value, topic.label) for topic in topics]


def called() -> Called:
    """What codes are called in the forms."""
    return {"topic": {topic.value: topic.label for topic in Topic}}


def wait_text(wait: timedelta) -> str:
    """That too many messages came, and how long to wait: others here may have sent them."""
    return (
        "送信が続いたため、しばらく受け付けを止めています。入力した内容は、この画面に残っています。"
        f"{try_again_after(wait)}お急ぎのときは、お電話をご利用ください。"
    )
