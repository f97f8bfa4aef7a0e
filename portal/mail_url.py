"""Where mail goes, written as one address: a folder for trying things out, or a mail server."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit


class Encryption(StrEnum):
    """How the way to a mail server is kept private."""

    NONE = "none"
    STARTTLS = "starttls"
    """Asked for once connected; without it nothing is sent."""
    TLS = "tls"
    """From the first byte."""


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Each mail becomes a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail by SMTP."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str = field(default="", repr=False)


_HOST = re.compile(r"[a-z0-9._:-]+")
_USUAL_PORTS = {Encryption.NONE: 25, Encryption.STARTTLS: 587, Encryption.TLS: 465}


def parse_mail_url(value: str) -> MailFolder | MailServer:
    """What ``file:…``, ``smtp://…`` or ``smtps://…`` speaks of.

    :raises ValueError: it speaks of nothing; the message says why, and never repeats a password.
    """
    if value.startswith(("file:/", "file:.")):
        return MailFolder(Path(value.removeprefix("file:")).absolute())
    if not value.startswith(("smtp://", "smtps://")):
        raise ValueError("use smtp://, smtps://, or file: and a path that begins with / or .")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("host or port cannot be read") from None
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or parts.path not in ("", "/") or parts.fragment or port == 0:
        raise ValueError("use smtp://user:password@host:port?tls=1, with no path behind the port")
    encryption = _encryption(parts)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("a user needs a password, and a password a user")
    if parts.username and encryption is Encryption.NONE and not _is_loopback(host):
        raise ValueError("a password needs ?tls=1 or smtps://, or anybody on the way can read it")
    return MailServer(
        host=host,
        port=port or _USUAL_PORTS[encryption],
        encryption=encryption,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
    )


def _encryption(parts: SplitResult) -> Encryption:
    if parts.scheme == "smtps":
        if parts.query:
            raise ValueError("smtps:// is encrypted from the start and takes nothing behind a ?")
        return Encryption.TLS
    if parts.query not in ("", "tls=0", "tls=1"):
        raise ValueError("behind the ? there may only be tls=1 or tls=0")
    return Encryption.STARTTLS if parts.query == "tls=1" else Encryption.NONE


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
