"""What the mail server of a story takes, and whether it was given every mail once."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bench.year.plain import Story
from bench.year.reading import Letter
from tests.smtp_server import MailSink, Taken

_ATTEMPTS = 100_000
"""More than there are in any story."""


def instruct(sink: MailSink, story: Story) -> None:
    """Let the server refuse some addresses for good and others at first."""
    for address in story.busy:
        sink.recipient_answers[address] = ["451 4.3.2 Try again later"] * 3
    for address in story.refused:
        sink.recipient_answers[address] = ["550 5.1.1 No such user"] * _ATTEMPTS


def wrong_deliveries(
    story: Story, letters: Mapping[str, Letter], taken: Sequence[Taken]
) -> list[str]:
    """Mails that the server did not get exactly once and as they lay in the outbox, in words.

    :param letters: all that lay in the outbox, by Message-ID.
    """
    times = Counter(_message_id(mail) for mail in taken)
    wrong = [
        f"{letter.to} got {id_} {times[id_]} times"
        for id_, letter in letters.items()
        if times[id_] != (letter.to not in story.refused)
    ]
    for mail in taken:
        letter = letters.get(_message_id(mail))
        if letter is None or _read(mail.recipients, mail.text()) != _read(
            (letter.to,), letter.text
        ):
            wrong.append(f"{mail.recipients} got {_message_id(mail)}, which is another mail")
    return wrong


def _message_id(mail: Taken) -> str:
    return str(mail.message["Message-ID"]).strip("<>").partition("@")[0]


def _read(recipients: tuple[str, ...], text: str) -> tuple[tuple[str, ...], list[str]]:
    """To whom and what, whatever ends the lines."""
    return recipients, text.rstrip().splitlines()
