"""Several processes that begin their work together."""

import subprocess
import sys
from collections.abc import Sequence


def run_at_once(code: str, arguments: Sequence[Sequence[str]]) -> list[str]:
    """Run Python code once for each list of arguments; gives what each printed.

    The code says ``ready`` and waits for a line of input before it begins, so that none has done
    its work before the last one has started.
    """
    processes = [
        subprocess.Popen(  # noqa: S603  (our own code)
            [sys.executable, "-c", code, *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for own in arguments
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return printed
