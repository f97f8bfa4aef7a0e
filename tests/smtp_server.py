"""A real mail server on loopback, which does as it is told to."""

import socket
import ssl
import threading
from asyncio import AbstractServer, BaseTransport
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail the server took, as its recipient's mailbox would have it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    def text(self, subtype: str = "plain") -> str:
        """One of its bodies."""
        body = self.message.get_body((subtype,))
        assert body is not None
        return str(body.get_content())


@dataclass(slots=True)
class MailSink:
    """What the server took, and how it answers; ``None`` stands for taking it."""

    taken: list[Taken] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    """The same, byte by byte."""
    connections: int = 0
    sender_answer: str | None = None
    recipient_answers: dict[str, list[str]] = field(default_factory=dict)
    """For an address, what it hears in one attempt after the other; then it is welcome."""
    mail_answers: list[str] = field(default_factory=list)
    """What is said of whole mails, one after the other; then they are welcome."""
    on_taken: Callable[[], None] = lambda: None
    """Called after a mail was taken and before its sender hears of it."""

    async def handle_MAIL(  # noqa: N802  (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        envelope.mail_from = address
        return self.sender_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if answers := self.recipient_answers.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.mail_answers:
            return self.mail_answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        message = message_from_bytes(content, policy=default)
        self.taken.append(Taken(str(envelope.mail_from), tuple(envelope.rcpt_tos), message))
        self.on_taken()
        return "250 OK"


class _Counted(SMTP):
    def connection_made(self, transport: BaseTransport) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)


class _Server(Controller):
    def __init__(self, sink: MailSink, listener: socket.socket, **options: Any) -> None:
        host, port = listener.getsockname()
        super().__init__(sink, hostname=host, port=port, **options)
        self._listener = listener

    def factory(self) -> SMTP:
        return _Counted(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(
            self._factory_invoker, sock=self._listener, ssl=self.ssl_context
        )


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where it listens, and what it took."""

    port: int
    sink: MailSink


@contextmanager
def mail_server(
    *,
    listener: socket.socket | None = None,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    password: str | None = None,
) -> Iterator[RunningServer]:
    """Run a server while the block lasts.

    :param listener: from ``closed_port``, if it has to be one that was known before.
    :param password: what everybody who signs in has to know; without TLS one need not sign in.
    """
    sink = MailSink()

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given.password == str(password).encode()
        return AuthResult(success=is_right, handled=False)

    controller = _Server(
        sink,
        listener or bound_socket(),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=check if password is not None else None,
        auth_required=password is not None and starttls is not None,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    # It asked itself whether it listens.
    sink.connections = 0
    try:
        yield RunningServer(controller.port, sink)
    finally:
        controller.stop()


def bound_socket() -> socket.socket:
    """A port that belongs to the tests and that nobody listens on yet."""
    bound = socket.socket()
    bound.bind((LOOPBACK, 0))
    return bound


@contextmanager
def closed_port() -> Iterator[tuple[socket.socket, int]]:
    """A port that refuses to be connected to while the block lasts, or until somebody listens."""
    with bound_socket() as bound:
        yield bound, int(bound.getsockname()[1])


@contextmanager
def dripping_server(first: bytes) -> Iterator[int]:
    """A server that begins an answer and then sends one letter of it every now and then, for ever;
    gives its port."""
    is_over = threading.Event()
    with socket.create_server((LOOPBACK, 0)) as server:

        def drip() -> None:
            server.settimeout(0.05)
            while not is_over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    try:
                        connection.sendall(first)
                        while not is_over.wait(0.05):
                            connection.sendall(b".")
                    except OSError:
                        continue

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            is_over.set()
            thread.join()
