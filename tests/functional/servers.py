"""The portal served by processes of its own, and pages as each of its workers answers them."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from bench.http_clients import Client
from tests.functional.processes import watchers_of, workers_of

PORTAL = Path(sys.executable).with_name("portal")

LOOK_AGAIN_AFTER_S = 0.02
_never = threading.Event()

VISIBLE_WITHIN_S = 2.0
"""How long after a publication a search may still lack it, whoever answers."""


def wait(is_done: Callable[[], bool]) -> None:
    """Until something is so; fails after a minute, in which nothing here is still under way."""
    deadline = time.monotonic() + 60
    while not is_done():
        assert time.monotonic() < deadline, "not done in time"
        # Looking again must not take the processor from what is looked for.
        _never.wait(LOOK_AGAIN_AFTER_S)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        is_taken = probe.connect_ex(("127.0.0.1", port)) == 0
        # Where nobody listens, a socket that was by chance given this very port meets itself.
        return is_taken and probe.getsockname() != probe.getpeername()


@dataclass(frozen=True, slots=True)
class Served:
    """A portal that is served, and the process that keeps its workers."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> set[int]:
        """The processes that answer."""
        return workers_of(self.process.pid)


@contextmanager
def served(
    folder: Path, *, workers: int = 2, output: IO[bytes] | None = None, **settings: str
) -> Iterator[Served]:
    """The portal of a data folder while the block runs, once all its processes are there.

    :param output: takes all that the processes say, which is as much as they can; else that goes
        where the output of the tests goes.
    """
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder)} | settings
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [
            *([PORTAL] if output is None else [PORTAL, "--verbose"]),
            *("serve", "--port", str(port), "--workers", str(workers)),
        ],
        env=environ,
        cwd=folder.parent,
        stdout=output,
        stderr=output,
    )
    served = Served(f"http://127.0.0.1:{port}", process)
    wanted = workers, int(settings.get("PORTAL_JOBS") != "external")
    try:
        wait(lambda: answers(port))
        # Before it runs its own command, the process that watches for jobs looks like a worker.
        wait(lambda: (len(served.workers), len(watchers_of(process.pid))) == wanted)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def ask_one(address: str, path: str) -> tuple[int, str]:
    """A page, and the worker that answered: whichever took the connection."""
    with closing(Client(address)) as client:
        worker = client.connect()
        status, page = client.get(quote(path, safe="/?=&"))
        assert status == 200
        return worker, page


def shown_by_all(
    served: Served, path: str, text: str, *, since: float, within_s: float = VISIBLE_WITHIN_S
) -> None:
    """Ask until every worker has shown a text. A slow machine takes longer to ask; an answer that
    lacks the text although it was asked for later than it may be is a failure at once.

    :param since: by the monotonic clock, when the text came to be.
    """
    missing = served.workers
    while missing:
        asked = time.monotonic()
        worker, page = ask_one(served.url, path)
        if text in page:
            missing.discard(worker)
        else:
            assert asked < since + within_s, f"worker {worker} does not show it"
