"""Looking once a minute whether a job is due, in a process that ends with the one that wanted it.

Each round of jobs is a process of its own: what a job takes of memory is given back when it ends.
"""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from portal.jobs import runner
from portal.jobs.context import JobContext

logger = logging.getLogger(__name__)

PAUSE_S = 60.0
_ROUND_ENDS_WITHIN_S = 10
_RESTART_PAUSE_S = 10.0

# The same interpreter and code as this process, wherever the console script may be.
PORTAL = (sys.executable, "-m", "portal")


class Watcher:
    """The watching process as the server keeps it: a child that ends when this process does.

    It reads a pipe whose other end is held here. However this process ends, by SIGKILL too, the
    pipe closes, which is what the child waits for.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def keep_alive(self) -> None:
        """Start the child if it does not run; not more than every few seconds, if it cannot."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() < self._not_before:
            return
        if self._process is not None:
            logger.warning("the process that watches for jobs ended and is started again")
            self._close_pipe(self._process)
        # A session of its own: Ctrl-C goes to the server, which then ends the child.
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            [*PORTAL, "jobs", "watch", "--until-eof"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._not_before = time.monotonic() + _RESTART_PAUSE_S

    def stop(self) -> None:
        """End the child, and with it what it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        self._close_pipe(process)
        process.terminate()
        try:
            process.wait(timeout=_ROUND_ENDS_WITHIN_S + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @staticmethod
    def _close_pipe(process: subprocess.Popen[bytes]) -> None:
        if process.stdin:
            process.stdin.close()


def watch(context: JobContext, *, until_eof: bool) -> None:
    """Run what is due, every minute until SIGTERM, SIGINT or, if so asked, the end of input."""
    with _stop_requests(until_eof) as is_stopped_within:
        while True:
            if _is_something_due(context):
                _run_round(is_stopped_within)
            context.engine.dispose()
            if is_stopped_within(PAUSE_S):
                return


def _is_something_due(context: JobContext) -> bool:
    try:
        return bool(runner.list_due(context))
    except SQLAlchemyError:
        # The database may be back in a minute; the server itself tells of it meanwhile.
        logger.exception("cannot read which jobs are due")
        return False


def _run_round(is_stopped_within: Callable[[float], bool]) -> None:
    with subprocess.Popen([*PORTAL, "jobs", "run"], stdin=subprocess.DEVNULL) as jobs:  # noqa: S603
        while jobs.poll() is None:
            if is_stopped_within(0.5):
                # Every job may be cut short: it is done again.
                jobs.terminate()
                try:
                    jobs.wait(_ROUND_ENDS_WITHIN_S)
                except subprocess.TimeoutExpired:
                    jobs.kill()
                return


@contextmanager
def _stop_requests(until_eof: bool) -> Iterator[Callable[[float], bool]]:
    """Give a way to wait some seconds for a request to stop; True once there was one."""
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: os.write(tell, b".")) for number in numbers]
    sources = [told, *([sys.stdin.fileno()] if until_eof else [])]
    try:
        yield lambda seconds: bool(select.select(sources, [], [], seconds)[0])
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        os.close(told)
        os.close(tell)
