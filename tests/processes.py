"""Processes of Python code that begin their work when told to.

The code prints ``ready`` and waits for a line of input before it begins.
"""

import subprocess
import sys
from collections.abc import Sequence


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that is ready to begin."""
    process = _launch(code, arguments)
    _wait_until_ready(process)
    return process


def run_at_once(code: str, arguments: Sequence[Sequence[str]]) -> list[str]:
    """Run code once for each list of arguments, all beginning together; gives what each printed."""
    processes = [_launch(code, own) for own in arguments]
    for process in processes:
        _wait_until_ready(process)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return printed


def _launch(code: str, arguments: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  (our own code)
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
