"""What a table was made with."""

import platform
import re
import shutil
import sqlite3
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.postgresql import PostgresqlMissingError, find_programs

_NUMBER = re.compile(r"\d+(\.\d+)+")
_PACKAGES = ("whoosh-reloaded", "tantivy", "sudachipy", "sudachidict-core")


def used_versions() -> str:
    """One line that names every engine here with its version."""
    found = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    groonga = shutil.which("groonga")
    if groonga:
        found["Groonga"] = _printed_version(Path(groonga))
    with suppress(PostgresqlMissingError):
        found["PostgreSQL"] = _printed_version(find_programs() / "postgres")
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _printed_version(program: Path) -> str:
    printed = subprocess.run(  # noqa: S603  (a program that was found installed)
        [program, "--version"], check=True, capture_output=True, text=True
    ).stdout
    number = _NUMBER.search(printed)
    return number.group() if number else "of unknown version"
