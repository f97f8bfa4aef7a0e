"""When a job is due."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from portal.clock import in_japan
from portal.jobs.models import JobRun

RETRY_AFTER = timedelta(hours=1)
"""How long a job that failed, or was killed, is left alone."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time in Japan, or as soon after it as somebody looks."""

    at: time

    def last_due(self, now: datetime) -> datetime:
        """The latest instant up to ``now`` at which the job was to start."""
        here = in_japan(now)
        due = datetime.combine(here.date(), self.at, here.tzinfo)
        return due if due <= here else due - timedelta(days=1)

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes of the clock, such as at :00, :05, :10."""

    minutes: int

    def last_due(self, now: datetime) -> datetime:
        """The latest instant up to ``now`` at which the job was to start."""
        period_s = 60 * self.minutes
        return datetime.fromtimestamp(now.timestamp() // period_s * period_s, UTC)

    def __str__(self) -> str:
        return f"every {self.minutes} minutes" if self.minutes > 1 else "every minute"


Schedule = Daily | Every


def is_due(schedule: Schedule, last_run: JobRun | None, now: datetime) -> bool:
    """Whether a job should start now, given its last run."""
    if last_run is None or last_run.started_at < schedule.last_due(now):
        return True
    is_unfinished = last_run.is_failed or last_run.finished_at is None
    return is_unfinished and now - last_run.started_at >= RETRY_AFTER


def is_wanted(requested_at: datetime | None, last_run: JobRun | None) -> bool:
    """Whether a wish that a job runs soon was not met yet."""
    if requested_at is None:
        return False
    return last_run is None or last_run.started_at < requested_at
