"""The production web server, gunicorn, run from the portal's own command."""

import socket
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import message
from gunicorn.workers.gthread import ThreadWorker

from portal.app import create_app
from portal.config import Settings
from portal.db import THREADS
from portal.errors import PortalError
from portal.jobs.watch import Watcher

KEPT_CONNECTIONS = 2
"""Of a worker, while it has no more open than that."""
REQUEST_TIMEOUT_S = 30
LARGEST_REST = 64_000_000
"""Bytes of a form that are still taken, and dropped, after its answer. Browsers look for an answer
when they have sent everything; closed on before, they show that the connection was lost."""
REST_TIMEOUT_S = 20
# A worker is replaced now and then, so that no slow leak of a library ever matters; spread out, so
# that they are not all replaced at once.
MAX_REQUESTS = 20_000
MAX_REQUESTS_SPREAD = 2_000

# A Japanese character takes nine bytes of an address, so the library's cap of 8,190 would answer a
# long question before the portal can say in its own words what is wrong with it.
LONGEST_REQUEST_LINE = 131_072
message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE + 1


def refuse_taken_port(host: str, port: int) -> None:
    """Say in one line what the server would say in many, after five seconds of trying.

    :raises PortalError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return
    except OSError as error:
        raise PortalError(f"cannot listen on {host} port {port}: {error.strerror}") from error


def url_host(host: str) -> str:
    """A host as the address bar of a browser wants it."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  (only told, not opened)
        return "<this computer's address>"
    return f"[{host}]" if ":" in host else host


class SharingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that keeps few connections open after their answers, and closes none on a browser
    that is still sending.

    Which worker takes a connection is chance, and as long as it is kept no other one can answer on
    it: four busy clients would now and then wait for one worker while the other rests. A client
    whose connection was closed comes again, and is taken by a worker that has time.
    """

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request. The library closes a connection once it has kept enough of them."""
        is_busy = self.nr_conns > KEPT_CONNECTIONS
        self.max_keepalived = -1 if is_busy else self.worker_connections
        is_kept = super().handle_request(req, conn)
        deadline = time.monotonic() + REST_TIMEOUT_S
        has_all = conn.parser.finish_body(deadline=deadline, max_bytes=LARGEST_REST)
        return is_kept and has_all


class _WatchingArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master, which keeps the process that watches for jobs as it keeps its workers."""

    def __init__(self, app: "PortalServer", watcher: Watcher) -> None:
        super().__init__(app)
        self._watcher = watcher

    def manage_workers(self) -> None:
        """Called every second: start what is missing."""
        super().manage_workers()
        self._watcher.keep_alive()


class PortalServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn over ``create_app``. Each worker makes its own app: nothing opened is forked."""

    def __init__(self, settings: Settings, *, host: str, port: int, workers: int) -> None:
        self._settings = settings
        self._watcher = Watcher()
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": THREADS,
            "worker_class": SharingWorker,
            "timeout": REQUEST_TIMEOUT_S,
            "graceful_timeout": REQUEST_TIMEOUT_S,
            "max_requests": MAX_REQUESTS,
            "max_requests_jitter": MAX_REQUESTS_SPREAD,
            "control_socket_disable": True,
            # Only the master gets here; a worker that ends must not stop what is not its own.
            "on_exit": lambda _arbiter: self._watcher.stop(),
            "limit_request_line": LONGEST_REQUEST_LINE,
            "loglevel": "warning",
            "proc_name": "portal",
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until told to stop, with jobs beside it unless somebody else runs them."""
        if self._settings.jobs == "external":
            super().run()
        else:
            _WatchingArbiter(self, self._watcher).run()

    def load(self) -> Flask:
        """The app of one worker."""
        return create_app(self._settings)
