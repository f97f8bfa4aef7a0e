"""Servers that are measured, each in processes of its own on the loopback address."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.peers.groonga import find_program
from bench.peers.peer import PeerMissingError

_HOST = "127.0.0.1"
_START_TIMEOUT_S = 120.0
_END_TIMEOUT_S = 30.0


class ServerFailedError(Exception):
    """A server did not come up; the message holds what it said."""


@contextmanager
def portal_server(environment: Mapping[str, str], *, workers: int) -> Iterator[str]:
    """The portal as ``portal serve`` runs it; gives its address."""
    port = _free_port()
    command = [_portal(), "serve", "--port", str(port), "--workers", str(workers)]
    with _running(command, port, "/readyz", environment) as address:
        yield address


@contextmanager
def module_server(module: str, environment: Mapping[str, str], *, workers: int) -> Iterator[str]:
    """The portal as a module of the measurements serves it, told port and workers; gives its
    address."""
    port = _free_port()
    command = [sys.executable, "-m", module, str(port), str(workers)]
    with _running(command, port, "/readyz", environment) as address:
        yield address


@contextmanager
def portal_command(
    environment: Mapping[str, str], *arguments: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """A command of the portal beside the block, which it does not outlive."""
    process = subprocess.Popen(  # noqa: S603  (our own program and arguments)
        [_portal(), *arguments], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def datasette_server(database: Path) -> Iterator[str]:
    """Datasette over a database that does not change, with time enough for all facets.

    :raises PeerMissingError: it is not installed.
    """
    program = Path(sys.executable).with_name("datasette")
    if not program.exists():
        raise PeerMissingError("no datasette: requirements/install.sh bench")
    port = _free_port()
    settings = {
        "facet_time_limit_ms": 60_000,
        "sql_time_limit_ms": 60_000,
        "default_facet_size": 1000,
        "suggest_facets": 0,
        "cache_size_kb": 262_144,
    }
    options = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    command = [str(program), "serve", "--immutable", str(database), "--host", _HOST, "--port"]
    with _running([*command, str(port), *options], port, "/-/versions.json") as address:
        yield address


@contextmanager
def groonga_server(database: Path) -> Iterator[str]:
    """Groonga's HTTP server without its cache of answers.

    :raises PeerMissingError: it is not installed.
    """
    port = _free_port()
    command = [find_program(), "--protocol", "http", "--bind-address", _HOST, "--port", str(port)]
    with _running([*command, "-s", str(database)], port, "/d/cache_limit?max=0") as address:
        yield address


def find_wrk() -> str:
    """The path of ``wrk``.

    :raises PeerMissingError: it is not installed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise PeerMissingError("no wrk: apt-get install wrk")
    return program


@contextmanager
def _running(
    command: Sequence[str], port: int, ready_path: str, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    process = subprocess.Popen(  # noqa: S603  (our own programs and arguments)
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_ready(process, port, ready_path)
        yield f"http://{_HOST}:{port}"
    finally:
        process.terminate()
        try:
            process.communicate(timeout=_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait_until_ready(process: "subprocess.Popen[str]", port: int, path: str) -> None:
    end = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < end:
        if process.poll() is not None:
            told = process.stderr.read() if process.stderr else ""
            raise ServerFailedError(f"{process.args!r} ended: {told[-2000:]}")
        connection = http.client.HTTPConnection(_HOST, port, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.1)
    raise ServerFailedError(f"nothing answered on port {port} in {_START_TIMEOUT_S:.0f} s")


def _portal() -> str:
    return str(Path(sys.executable).with_name("portal"))


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
