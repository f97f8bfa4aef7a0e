"""Where the virus scanner listens, written as one address."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9._:-]+")
_USUAL_PORT = 3310


@dataclass(frozen=True, slots=True)
class ScannerSocket:
    """A socket of the scanner's own machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class ScannerServer:
    """A scanner that is reached over the network."""

    host: str
    port: int


def parse_scanner_url(value: str) -> ScannerSocket | ScannerServer:
    """What ``unix:/run/clamav/clamd.ctl`` or ``tcp://host:3310`` speaks of.

    :raises ValueError: it speaks of nothing; the message says why.
    """
    if value.startswith("unix:/"):
        return ScannerSocket(Path(value.removeprefix("unix:")))
    if not value.startswith("tcp://"):
        raise ValueError("use unix: and a path that begins with /, or tcp://host:port")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("host or port cannot be read") from None
    host = parts.hostname or ""
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in value
    if not _HOST.fullmatch(host) or has_more or port == 0:
        raise ValueError("use tcp://host:port, with nothing behind the port")
    return ScannerServer(host, port or _USUAL_PORT)
