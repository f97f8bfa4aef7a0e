"""Plays a story on a portal, through its services, its jobs and a real mail server."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from bench.year.acting import Actor
from bench.year.plain import Runs, Story, Told
from bench.year.reading import Letter, read
from portal.clock import Clock
from portal.extensions import Resources
from portal.jobs import runner
from portal.jobs.context import JobContext
from portal.mail.delivery import Mailer, make_transport
from portal.mail.models import MailState, OutgoingMail

ALERT_JOBS = ("saved-search-mail", "deadline-mail", "favorite-change-mail")
_DUE_JOBS = ("change-log-prune", "mail-prune", "alert-prune", *ALERT_JOBS)
"""In the order in which the portal has them."""
_SEND = "mail-send"


class JobsFailedError(Exception):
    """A job that failed, or said that it could not do a part."""


@dataclass(slots=True)
class Played:
    """What came of a story.

    :ivar told: the mails in the outbox, in order.
    :ivar letters: the same as they were written, by Message-ID.
    :ivar failed: Message-IDs that were given up.
    :ivar rounds: seconds that the jobs of each round took, without sending.
    """

    told: list[Told] = field(default_factory=list)
    letters: dict[str, Letter] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    rounds: list[tuple[datetime, float]] = field(default_factory=list)
    sending_s: float = 0.0


class Stage:
    """A portal on which a story happens."""

    def __init__(self, held: Resources, story: Story) -> None:
        self._held = held
        self._story = story
        self._actor = Actor(held, story)
        self._last_id = 0
        self._played = Played()

    def play(self, on_day: Callable[[datetime], None] = lambda _now: None) -> Played:
        """Let all of it happen.

        :param on_day: called with the time of each round.
        :raises JobsFailedError: a job did.
        """
        for moment in self._story.moments:
            if moment.act is not None:
                self._actor.do(moment.act, moment.at)
            if moment.runs is not None:
                self._round(moment.runs, moment.at)
                on_day(moment.at)
        self._send_rest(self._story.moments[-1].at)
        return self._played

    def _round(self, runs: Runs, now: datetime) -> None:
        context = self._context(now)
        began = time.perf_counter()
        if runs is Runs.AT_ONCE:
            for name in ALERT_JOBS:
                _in_two_threads(partial(runner.get_job(name).act, context))
        else:
            for name in _DUE_JOBS:
                _must_succeed(runner.run(context, runner.get_job(name), only_if_due=True))
            if runs is Runs.TWICE:
                for name in ALERT_JOBS:
                    runner.get_job(name).act(context)
        self._played.rounds.append((now, time.perf_counter() - began))
        self._collect()
        began = time.perf_counter()
        if runs is Runs.AT_ONCE:
            _in_two_threads(partial(runner.get_job(_SEND).act, context))
        else:
            runner.get_job(_SEND).act(context)
        self._played.sending_s += time.perf_counter() - began

    def _context(self, now: datetime) -> JobContext:
        clock = Clock(now)
        settings = self._held.settings
        mailer = Mailer(
            self._held.sessions,
            make_transport(settings.mail_to, sender=settings.mail_from),
            clock,
            sender=settings.mail_from,
            sender_name=self._held.shipped_vocabulary.portal_name,
        )
        return replace(self._held.job_context(), clock=clock, mailer=mailer)

    def _collect(self) -> None:
        for letter in self._new_letters():
            self._played.letters[letter.message_id] = letter
            self._played.told.append(read(letter, self._actor.names))

    def _new_letters(self) -> Iterator[Letter]:
        wanted = select(OutgoingMail).where(OutgoingMail.id > self._last_id)
        with self._held.sessions() as session:
            for row in session.scalars(wanted.order_by(OutgoingMail.id)):
                self._last_id = row.id
                yield Letter(
                    row.created_at,
                    row.message_id,
                    row.recipient,
                    row.text,
                    row.html,
                    row.unsubscribe_url or "",
                )

    def _send_rest(self, now: datetime) -> None:
        """Try again what the server did not take at first, until nothing waits."""
        waits = select(func.count()).where(OutgoingMail.state == MailState.WAITING.value)
        for _ in range(20):
            now += timedelta(hours=5)
            runner.get_job(_SEND).act(self._context(now))
            with self._held.sessions() as session:
                if not session.scalar(waits):
                    return
        raise JobsFailedError("there is mail that waits for ever")


def _must_succeed(outcome: runner.Outcome) -> None:
    if outcome.is_failed:
        raise JobsFailedError(f"{outcome.name}: {outcome.detail}")


def _in_two_threads(act: Callable[[], object]) -> None:
    """Let two do the same at one time.

    :raises JobsFailedError: one of them failed.
    """
    errors: list[Exception] = []
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        try:
            act()
        except Exception as error:
            # Told to whoever plays, in whose thread it has to end.
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise JobsFailedError(str(errors[0])) from errors[0]
