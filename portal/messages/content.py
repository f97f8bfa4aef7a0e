"""What a visitor writes, and the rules it has to keep."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.accounts import emails
from portal.errors import FieldProblem
from portal.mail_address import is_mail_address
from portal.messages.models import (
    LONGEST_TEXT,
    TOPICS_OF_LISTING,
    TOPICS_OF_PORTAL,
    Topic,
)

_KEPT_CONTROLS = "\n\t"
_WRONG_ADDRESS = (
    "メールアドレスは「name@example.jp」の形で入れてください。"
    "返信がいらなければ、空にしてください。"
)


@dataclass(frozen=True, slots=True)
class MessageContent:
    """A message as it was typed."""

    topic: str
    text: str = ""
    reply_to: str = ""
    website: str = ""
    """Of a field that people do not see; whoever fills it in is a program."""

    def tidied(self) -> "MessageContent":
        """Lines ended alike and readable characters only; the address as it was meant."""
        return MessageContent(
            self.topic, tidy_text(self.text), emails.tidy(self.reply_to), self.website
        )


def tidy_text(typed: str) -> str:
    """A text of several lines without characters that nobody types and databases refuse."""
    lines = "\n".join(line.rstrip() for line in typed.splitlines())
    return "".join(each for each in lines if each >= " " or each in _KEPT_CONTROLS).strip()


def find_problems(content: MessageContent, *, is_about_listing: bool) -> Iterator[FieldProblem]:
    """What has to be mended in a tidied content before it is sent."""
    topics = TOPICS_OF_LISTING if is_about_listing else TOPICS_OF_PORTAL
    if content.topic not in topics:
        yield FieldProblem("topic", "どれにあたるかを選んでください。")
    # That a deadline is wrong says enough to look it up.
    if not content.text and not (is_about_listing and content.topic != Topic.OTHER):
        yield FieldProblem("text", "内容を入れてください。")
    yield from problems_of_length("text", "内容", content.text)
    address = content.reply_to
    if address and not (emails.is_usable(address) and is_mail_address(address)):
        yield FieldProblem("reply_to", _WRONG_ADDRESS)
    if content.website:
        yield FieldProblem("website", "自動送信を防ぐための欄です。空にしてください。")


def problems_of_length(field: str, label: str, text: str) -> Iterator[FieldProblem]:
    """What is wrong with a text that is too long."""
    if len(text) > LONGEST_TEXT:
        over = len(text) - LONGEST_TEXT
        message = f"{label}は{LONGEST_TEXT}文字以内にしてください（いま{over}文字多いです）。"
        yield FieldProblem(field, message)
