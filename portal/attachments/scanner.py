"""Asking ClamAV whether a file holds a virus, by the protocol of its daemon (INSTREAM)."""

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portal.errors import PortalError
from portal.scanner_url import ScannerServer, ScannerSocket

TIMEOUT_S = 30
_PIECE = 1 << 16
_LONGEST_ANSWER = 4_096


class ScannerUnavailableError(PortalError):
    """The scanner cannot be reached, or does not say what it found."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A daemon of ClamAV. Each file is a connection of its own."""

    address: ScannerSocket | ScannerServer

    def finding(self, path: Path) -> str | None:
        """What it finds in a file, in its own words; None for nothing.

        :raises ScannerUnavailableError: it does not say.
        """
        try:
            with closing(self._connect()) as connection, path.open("rb") as file:
                connection.sendall(b"zINSTREAM\0")
                while piece := file.read(_PIECE):
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
                answer = _read(connection)
        except OSError as error:
            raise ScannerUnavailableError(str(error)) from error
        told = answer.removeprefix("stream:").strip()
        if told == "OK":
            return None
        if told.endswith(" FOUND"):
            return told.removesuffix(" FOUND")
        raise ScannerUnavailableError(told or "no answer")

    def _connect(self) -> socket.socket:
        if isinstance(self.address, ScannerServer):
            return socket.create_connection(
                (self.address.host, self.address.port), timeout=TIMEOUT_S
            )
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(TIMEOUT_S)
            connection.connect(str(self.address.path))
        except OSError:
            connection.close()
            raise
        return connection


def _read(connection: socket.socket) -> str:
    """The answer up to the zero byte that ends it, or as far as it comes."""
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace")
