"""Mail goes to a server only if it is the right one, and nobody on the way can read it."""

import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.mail.delivery import Delivered
from portal.mail.smtp_transport import SmtpTransport
from portal.mail_url import MailServer, parse_mail_url
from tests.conftest import missing_tool
from tests.portal.mail.conftest import SENDER, Outbox
from tests.smtp_server import mail_server

BOTH_WAYS = pytest.mark.parametrize(
    ("kind", "scheme", "query"), [("starttls", "smtp", "?tls=1"), ("tls", "smtps", "")]
)

Certificate = tuple[Path, Path]
"""Certificate and key."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for ``localhost`` that nobody else has signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing_tool("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    public, private = folder / "public.pem", folder / "private.pem"
    subprocess.run(  # noqa: S603  (our own arguments)
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-noenc", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", str(private), "-out", str(public)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return public, private


@pytest.fixture
def context(certificate: Certificate) -> ssl.SSLContext:
    """What the server shows of itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trust(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the certificate, as operators do for an authority of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


Choose = Callable[[str], None]


@pytest.fixture
def choose(outbox: Outbox) -> Choose:
    """Lets the outbox send by an address of settings."""

    def send_by(url: str) -> None:
        destination = parse_mail_url(url)
        assert isinstance(destination, MailServer)
        outbox.transport = SmtpTransport(destination, sender=SENDER)

    return send_by


@pytest.mark.usefixtures("trust")
def test_mail_is_encrypted_after_starttls_and_signed_in(
    outbox: Outbox, choose: Choose, context: ssl.SSLContext
) -> None:
    outbox.write()
    with mail_server(starttls=context, password="p@:/ ss") as server:
        choose(f"smtp://portal:p%40%3A%2F%20ss@localhost:{server.port}?tls=1")
        assert outbox.deliver() == Delivered(sent=1)
        assert len(server.sink.taken) == 1


@pytest.mark.usefixtures("trust")
def test_mail_is_encrypted_from_the_first_byte(
    outbox: Outbox, choose: Choose, context: ssl.SSLContext
) -> None:
    outbox.write()
    with mail_server(tls=context) as server:
        choose(f"smtps://localhost:{server.port}")
        assert outbox.deliver() == Delivered(sent=1)
        assert len(server.sink.taken) == 1


@BOTH_WAYS
def test_server_nobody_vouches_for_gets_nothing(
    outbox: Outbox, choose: Choose, context: ssl.SSLContext, kind: str, scheme: str, query: str
) -> None:
    outbox.write()
    with mail_server(**{kind: context}) as server:
        choose(f"{scheme}://localhost:{server.port}{query}")
        assert outbox.deliver() == Delivered(postponed=1)
        assert server.sink.taken == []
    assert "certificate verify failed" in str(outbox.row().last_error)


@pytest.mark.usefixtures("trust")
@BOTH_WAYS
def test_certificate_of_another_name_is_not_enough(
    outbox: Outbox, choose: Choose, context: ssl.SSLContext, kind: str, scheme: str, query: str
) -> None:
    outbox.write()
    with mail_server(**{kind: context}) as server:
        choose(f"{scheme}://127.0.0.1:{server.port}{query}")
        assert outbox.deliver() == Delivered(postponed=1)
        assert server.sink.taken == []


def test_server_without_starttls_gets_nothing(outbox: Outbox, choose: Choose) -> None:
    outbox.write()
    with mail_server() as server:
        choose(f"smtp://localhost:{server.port}?tls=1")
        assert outbox.deliver() == Delivered(postponed=1)
        assert server.sink.taken == []


def test_wrong_password_is_told_and_tried_again_later(outbox: Outbox, choose: Choose) -> None:
    outbox.write()
    with mail_server(password="right") as server:
        choose(f"smtp://portal:wrong@127.0.0.1:{server.port}")
        assert outbox.deliver() == Delivered(postponed=1)
    error = str(outbox.row().last_error)
    assert "535" in error
    assert "wrong" not in error
