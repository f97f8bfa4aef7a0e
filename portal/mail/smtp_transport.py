"""Handing mail to a server by SMTP, with limits on how long it may take over anything."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Timer
from typing import Any

from portal.mail.transports import (
    MailConnection,
    MailPostponedError,
    MailRefusedError,
    MailServerLostError,
)
from portal.mail_url import Encryption, MailServer

MAILS_PER_CONNECTION = 50
"""After so many mails a new connection is made: servers have limits of their own."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds."""

    answer_s: float = 10.0
    """For connecting, and for any one answer."""
    taking_s: float = 60.0
    """For taking a whole mail, which many look through first. Who gives up too early has the mail
    sent twice."""


class SmtpTransport:
    """Mails of one sender to one server.

    :param sender: the address that is told to the server, where it sends what cannot be delivered.
    """

    def __init__(
        self, server: MailServer, *, sender: str, patience: Patience | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._patience = patience or Patience()

    @contextmanager
    def open(self) -> Iterator[MailConnection]:
        """A connection that is made when the first mail is sent."""
        connection = _SmtpConnection(self._server, self._sender, self._patience)
        try:
            yield connection
        finally:
            connection.close()


class _LimitedSmtp(smtplib.SMTP):
    """A client that cuts the connection when an answer is not complete in time.

    A timeout of the socket alone is of no use against a server that sends one letter now and then.
    """

    def __init__(
        self, host: str, port: int, own_name: str, *, patience: Patience, **options: Any
    ) -> None:
        self._patience = patience
        self._answer_within_s = patience.answer_s
        super().__init__(host, port, own_name, timeout=patience.answer_s, **options)

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer."""
        timer = Timer(self._answer_within_s, self._cut)
        timer.daemon = True
        timer.start()
        try:
            return super().getreply()
        finally:
            timer.cancel()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the mail itself."""
        self._wait_up_to(self._patience.taking_s)
        try:
            return super().data(msg)
        finally:
            self._wait_up_to(self._patience.answer_s)

    def _wait_up_to(self, seconds: float) -> None:
        self._answer_within_s = seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which would take it from under its reader.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _LimitedSmtpOverTls(_LimitedSmtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _SmtpConnection:
    def __init__(self, server: MailServer, sender: str, patience: Patience) -> None:
        self._server = server
        self._sender = sender
        self._patience = patience
        self._client: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, message: EmailMessage, recipient: str) -> None:
        """As ``MailConnection.send``."""
        if self._sent >= MAILS_PER_CONNECTION:
            self.close()
        client = self._client or self._connect()
        try:
            # Without SMTPUTF8: headers are encoded and addresses are ASCII.
            client.sendmail(self._sender, [recipient], message.as_bytes())
            self._sent += 1
        except smtplib.SMTPRecipientsRefused as error:
            raise self._answer(*error.recipients[recipient]) from error
        except smtplib.SMTPSenderRefused as error:
            # Nothing the recipient could help: whoever runs the portal has to put it right.
            raise self._answer(min(error.smtp_code, 499), error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise self._answer(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailServerLostError(_words(error)) from error

    def close(self) -> None:
        """Take leave of the server, if it still listens."""
        client, self._client, self._sent = self._client, None, 0
        if client is not None:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            client = self._greet()
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerLostError(f"no way to the mail server: {_words(error)}") from error
        self._client = client
        return client

    def _greet(self) -> smtplib.SMTP:
        server, patience = self._server, self._patience
        # Told who we are by our own address: asking for this host's name may take long.
        place = (server.host, server.port, self._sender.rpartition("@")[2])
        client: smtplib.SMTP
        if server.encryption is Encryption.TLS:
            context = ssl.create_default_context()
            client = _LimitedSmtpOverTls(*place, patience=patience, context=context)
        else:
            client = _LimitedSmtp(*place, patience=patience)
        try:
            if server.encryption is Encryption.STARTTLS:
                client.starttls(context=ssl.create_default_context())
            if server.user is not None:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    def _answer(self, code: int, words: bytes | str) -> MailRefusedError | MailPostponedError:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        if code == 421:
            # The server says goodbye with it.
            self.close()
        kind = MailRefusedError if 500 <= code <= 599 else MailPostponedError
        return kind(f"{code} {text}")


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
