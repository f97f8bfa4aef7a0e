"""Sending what waits in the outbox.

A mail is claimed before it is sent, in a transaction of its own, so no two processes send it at the
same time. If one dies after the server took the mail and before that is written down, or cannot
write it down for as long as its claim is good, the mail is sent once more, with the same
Message-ID.
"""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from portal.clock import Clock
from portal.db import write_transaction
from portal.errors import PortalError
from portal.mail import queries
from portal.mail.message import build_message
from portal.mail.models import LONGEST_ERROR, MailState, OutgoingMail
from portal.mail.smtp_transport import SmtpTransport
from portal.mail.transports import (
    FolderTransport,
    MailConnection,
    MailRefusedError,
    MailServerLostError,
    MailTransport,
)
from portal.mail_url import MailFolder, MailServer

logger = logging.getLogger(__name__)

CLAIMED_FOR = timedelta(minutes=10)
"""How long others leave a mail alone that somebody is sending; longer than any attempt takes."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long to wait after the first, second … attempt that failed; after more, as after the last."""

LONGEST_PAUSE_WITHOUT_SERVER = timedelta(minutes=5)
"""What waits only because there is no server goes out soon after it is back."""

GIVEN_UP_AFTER = timedelta(days=2)
"""After this, or when the link in it stops working, nobody is helped by a mail."""

FIRST_PAUSE_TO_WRITE_S = 0.1
LONGEST_PAUSE_TO_WRITE_S = 10.0
"""How long to wait before it is tried again to write down what became of a mail; from the first
pause to the longest each is twice the one before."""

MOST_AT_ONCE = 1_000
DELIVERY_THREAD = "mail-delivery"
_MOST_LOSSES = 2


class MailTooLateError(PortalError):
    """What a mail asks for cannot be done any more."""


@dataclass(slots=True)
class Delivered:
    """What became of the mails that were due."""

    sent: int = 0
    failed: int = 0
    postponed: int = 0

    def count(self, became: MailState | None) -> None:
        """Add a mail; None stands for one that somebody else looks after."""
        if became is MailState.SENT:
            self.sent += 1
        elif became is MailState.FAILED:
            self.failed += 1
        elif became is MailState.WAITING:
            self.postponed += 1


def make_transport(destination: MailFolder | MailServer, *, sender: str) -> MailTransport:
    """The way to where mail goes. Nothing is opened yet."""
    if isinstance(destination, MailFolder):
        return FolderTransport(destination.path)
    return SmtpTransport(destination, sender=sender)


class Mailer:
    """Sends mail of one sender by one transport."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        transport: MailTransport,
        clock: Clock,
        *,
        sender: str,
        sender_name: str,
    ) -> None:
        self._sessions = sessions
        self._transport = transport
        self._clock = clock
        self._sender = sender
        self._sender_name = sender_name
        self._guard = threading.Condition()
        self._is_wanted = False
        self._is_running = False

    def deliver_soon(self) -> threading.Thread | None:
        """Send what is due in a thread of its own; None if one is at it, which then looks again.

        Called after a commit, and by its nature without waiting: how long an answer takes must not
        tell whether a mail was sent.
        """
        with self._guard:
            self._is_wanted = True
            if self._is_running:
                return None
            self._is_running = True
        # Not a daemon: a worker that is told to stop finishes the mail it is at.
        thread = threading.Thread(target=self._deliver_while_wanted, name=DELIVERY_THREAD)
        try:
            thread.start()
        except RuntimeError:
            # The machine has no thread left. What waits goes out with the job that sends mail.
            logger.exception("no thread to send mail")
            self._rest()
            return None
        return thread

    def wait_until_idle(self, timeout_s: float | None = None) -> bool:
        """Wait until no thread of this mailer sends mail, however little of one has begun; returns
        whether that came within so many seconds."""
        with self._guard:
            return self._guard.wait_for(lambda: not self._is_running, timeout_s)

    def _rest(self) -> None:
        with self._guard:
            self._is_wanted = self._is_running = False
            self._guard.notify_all()

    def _deliver_while_wanted(self) -> None:
        while True:
            with self._guard:
                self._is_running = self._is_wanted
                if not self._is_wanted:
                    self._guard.notify_all()
                    return
                self._is_wanted = False
            try:
                self.deliver_due()
            except Exception:
                # The top of a thread: it has to be told. The job that sends mail goes on with it.
                logger.exception("mail not sent")

    def deliver_due(self) -> Delivered:
        """Send what is due, and say what became of it.

        A server that cannot be reached is left until the next call; a mail that it does not want
        keeps no other back.
        """
        done = Delivered()
        losses = 0
        with self._transport.open() as connection:
            for _ in range(MOST_AT_ONCE):
                claimed_at = time.monotonic()
                mail = self._claim() if losses < _MOST_LOSSES else None
                if mail is None:
                    break
                error = self._attempt(connection, mail)
                became = self._surely_write_down(
                    mail, error, claimed_at + CLAIMED_FOR.total_seconds()
                )
                done.count(became)
                losses = losses + 1 if isinstance(error, MailServerLostError) else 0
        return done

    def _claim(self) -> OutgoingMail | None:
        now = self._clock.now()
        with write_transaction(self._sessions) as session:
            mail = queries.find_due(session, now)
            if mail is not None:
                mail.attempts += 1
                mail.not_before = now + CLAIMED_FOR
        return mail

    def _attempt(self, connection: MailConnection, mail: OutgoingMail) -> Exception | None:
        try:
            _refuse_too_late(mail, self._clock.now())
            message = build_message(mail, sender=self._sender, sender_name=self._sender_name)
            connection.send(message, mail.recipient)
        except Exception as error:
            # Whatever is wrong with one mail must not keep the others back.
            logger.warning("mail %d not sent: %s", mail.id, _told(error))
            return error
        logger.info("mail %d sent", mail.id)
        return None

    def _surely_write_down(
        self, mail: OutgoingMail, error: Exception | None, until: float
    ) -> MailState | None:
        """As ``_write_down``, again and again while the database does not let us.

        What was sent and is not written down is sent twice, so this is worth waiting for; once
        somebody else may have claimed the mail, it is no longer.

        :param until: when the claim ends, on the monotonic clock, in seconds.
        """
        pause_s = FIRST_PAUSE_TO_WRITE_S
        while True:
            try:
                return self._write_down(mail, error)
            except (DBAPIError, PoolTimeoutError):
                if time.monotonic() + pause_s >= until:
                    raise
                logger.warning("mail %d: not written down yet", mail.id, exc_info=True)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_TO_WRITE_S)

    def _write_down(self, mail: OutgoingMail, error: Exception | None) -> MailState | None:
        """Note what became of a mail and return it; None if somebody else did, or will do so."""
        now = self._clock.now()
        with write_transaction(self._sessions) as session:
            row = session.get(OutgoingMail, mail.id, with_for_update=True)
            if row is None or row.state != MailState.WAITING:
                return None
            if error is None:
                _finish(row, MailState.SENT)
                row.sent_at = now
            elif row.attempts != mail.attempts:
                # Somebody else has claimed it meanwhile and will say how that went.
                return None
            else:
                row.last_error = _told(error)
                next_at = now + _pause(row.attempts, error)
                if isinstance(error, (MailRefusedError, MailTooLateError)) or _is_given_up(
                    row, next_at
                ):
                    _finish(row, MailState.FAILED)
                else:
                    row.not_before = next_at
            return MailState(row.state)


def _told(error: Exception) -> str:
    """What went wrong, on one line."""
    words = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "�" for c in words)[:LONGEST_ERROR]


def _pause(attempts: int, error: Exception) -> timedelta:
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    is_lost = isinstance(error, MailServerLostError)
    return min(pause, LONGEST_PAUSE_WITHOUT_SERVER) if is_lost else pause


def _is_given_up(mail: OutgoingMail, next_at: datetime) -> bool:
    is_useless = mail.good_until is not None and next_at >= mail.good_until
    return is_useless or next_at > mail.created_at + GIVEN_UP_AFTER


def _refuse_too_late(mail: OutgoingMail, now: datetime) -> None:
    if mail.good_until is not None and mail.good_until <= now:
        raise MailTooLateError("the link in it stopped working before it could be sent")


def _finish(mail: OutgoingMail, state: MailState) -> None:
    mail.state = state.value
    mail.text = mail.html = ""
    mail.unsubscribe_url = None
