"""A PostgreSQL server for the tests alone: its own cluster in a temporary folder, reached by a
socket in that folder only, run by an account that is not root. Never the system's cluster."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_ACCOUNT = "postgres"
"""Who runs the server when the tests run as root, since ``initdb`` refuses root."""

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM_NEEDED = 2 * 1024**3
"""Bytes that have to be free in memory: ten times what a cluster of the tests grows to."""
MOST_WAL = "128MB"


class PostgresqlMissingError(Exception):
    """There is no PostgreSQL server to start; the message says what to install."""


def find_programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``; Debian keeps them off the path.

    :raises PostgresqlMissingError: they are not installed, or nobody could run them.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not debian and not on_path:
        raise PostgresqlMissingError("no PostgreSQL server: apt-get install postgresql")
    if os.geteuid() == 0 and SERVER_ACCOUNT not in {entry.pw_name for entry in pwd.getpwall()}:
        raise PostgresqlMissingError(f"no account {SERVER_ACCOUNT} to run PostgreSQL as")
    return debian[-1].parent if debian else Path(str(on_path)).parent


def _folder_in_memory() -> str:
    """Where files are quickest made and thrown away; the usual place where memory is short."""
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_NEEDED
    return str(MEMORY) if is_roomy and os.access(MEMORY, os.W_OK) else "/tmp"  # noqa: S108


@contextmanager
def temporary_cluster(*, in_memory: bool = False) -> Iterator[str]:
    """Run a server while the block lasts; gives the URL of its first database, without a name.

    :param in_memory: whether its files need not be on a disk, which is several times as quick for
        databases that are made and dropped again.
    :raises PostgresqlMissingError: as ``find_programs``.
    """
    programs = find_programs()
    # Not pytest's folder: that one is closed to the other account.
    home = _folder_in_memory() if in_memory else "/tmp"  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=home))
    account = SERVER_ACCOUNT if os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603  (our own programs and arguments)
            [programs / program, *arguments],
            check=True,
            capture_output=True,
            user=account,
            cwd=folder,
        )

    try:
        run("initdb", "--pgdata", str(data), "--username", "portal", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        options += f" -c max_wal_size={MOST_WAL}"
        log = str(folder / "server.log")
        run("pg_ctl", "--pgdata", str(data), "-o", options, "-l", log, "-w", "start")
        try:
            yield f"postgresql+psycopg://portal@/{{name}}?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", str(data), "-m", "immediate", "-w", "stop")
    finally:
        # Thousands of small files, which Python would take long for.
        subprocess.run(["rm", "-rf", folder], check=False)  # noqa: S603, S607
