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


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Run a server while the block lasts; gives the URL of its first database, without a name.

    :raises PostgresqlMissingError: as ``find_programs``.
    """
    programs = find_programs()
    # Not pytest's folder: that one is closed to the other account.
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
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
        log = str(folder / "server.log")
        run("pg_ctl", "--pgdata", str(data), "-o", options, "-l", log, "-w", "start")
        try:
            yield f"postgresql+psycopg://portal@/{{name}}?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", str(data), "-m", "immediate", "-w", "stop")
    finally:
        # A hundred thousand small files, which Python would take half a minute for.
        subprocess.run(["rm", "-rf", folder], check=False)  # noqa: S603, S607
