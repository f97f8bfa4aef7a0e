"""The ``portal`` command: as a process of its own, or within this one."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from portal.cli import main

PORTAL = Path(sys.executable).with_name("portal")


def run_process(folder: Path, *arguments: str, **environ: str) -> CompletedProcess[str]:
    """Run the command as an operator does, on the data folder of a portal."""
    return subprocess.run(  # noqa: S603  (our own command)
        [PORTAL, *arguments],
        env=_environment(folder) | environ,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run(folder: Path, *arguments: str, typed: str = "", **environ: str) -> CompletedProcess[str]:
    """Run the command without the second that a process takes to begin.

    :param typed: what it reads from its standard input.
    """
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", [str(PORTAL), *arguments])
        patch.setattr(sys, "stdin", io.StringIO(typed))
        patch.setattr(os, "environ", _environment(folder) | environ)
        patch.chdir(folder.parent)
        code = _exit_code()
    return CompletedProcess([*arguments], code, out.getvalue(), err.getvalue())


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder)}


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
