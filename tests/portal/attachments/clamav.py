"""A daemon that speaks as ClamAV's does, on loopback or on a socket of this machine."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
MARK = b"EICAR"


@dataclass(slots=True)
class FakeClamav:
    """What it was sent; ``answer`` is said of everything, where it is given."""

    address: str = ""
    sent: list[bytes] = field(default_factory=list)
    answer: bytes | None = None

    def said_of(self, content: bytes) -> bytes:
        """What it finds."""
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Signature FOUND\0" if MARK in content else b"stream: OK\0"


def _handler(clamav: FakeClamav) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", self.rfile.read(4))[0]:
                content += self.rfile.read(size)
            clamav.sent.append(content)
            self.wfile.write(clamav.said_of(content))

    return Handler


@contextmanager
def running_clamav(socket: Path | None = None) -> Iterator[FakeClamav]:
    """The daemon, at an address that ``PORTAL_CLAMAV_URL`` takes."""
    clamav = FakeClamav()
    handler = _handler(clamav)
    server: socketserver.BaseServer
    if socket is None:
        tcp = socketserver.TCPServer((LOOPBACK, 0), handler)
        clamav.address, server = f"tcp://{LOOPBACK}:{tcp.server_address[1]}", tcp
    else:
        server = socketserver.UnixStreamServer(str(socket), handler)
        clamav.address = f"unix:{socket}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield clamav
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
