"""A process that adds views up again and again, for as long as nobody kills it.

It does what ``portal jobs run pageview-rollup`` does, without the second in which a command begins:
a kill then meets the work and not the imports before it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

from portal.config import Settings
from portal.extensions import Resources
from portal.jobs import runner

JOB = "pageview-rollup"
_PAUSE_S = 0.02


def start(environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """The process, once it has begun."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.pageviews.rolling"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise RuntimeError("the roll-up did not begin")
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    """End it at once, wherever it is."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


def main() -> None:
    """Roll up until killed, or until whoever started this is gone."""
    parent = os.getppid()
    held = Resources.from_settings(Settings.from_env(os.environ))
    job = runner.get_job(JOB)
    print("ready", flush=True)
    while os.getppid() == parent:
        runner.run(held.job_context(), job)
        time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main()
