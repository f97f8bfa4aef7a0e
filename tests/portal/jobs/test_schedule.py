"""When a job is due, by the clock of Japan."""

from datetime import UTC, datetime, time, timedelta

import pytest

from portal.clock import JAPAN
from portal.jobs.models import JobRun
from portal.jobs.schedule import RETRY_AFTER, Daily, Every, is_due

AT_HALF_PAST_TWO = Daily(time(2, 30))


def in_japan(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAPAN).astimezone(UTC)


def run(started_at: datetime, *, is_failed: bool = False, is_finished: bool = True) -> JobRun:
    finished_at = started_at if is_finished else None
    return JobRun(started_at=started_at, finished_at=finished_at, is_failed=is_failed)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (in_japan(20, 2, 29), in_japan(19, 2, 30)),
        (in_japan(20, 2, 30), in_japan(20, 2, 30)),
        (in_japan(20, 23, 59), in_japan(20, 2, 30)),
        (in_japan(21, 0, 1), in_japan(20, 2, 30)),
    ],
)
def test_daily_job_starts_at_its_time_in_japan(now: datetime, due: datetime) -> None:
    assert AT_HALF_PAST_TWO.last_due(now) == due


def test_job_that_never_ran_is_due() -> None:
    assert is_due(AT_HALF_PAST_TWO, None, in_japan(20, 12))


def test_job_is_due_once_a_day() -> None:
    last = run(in_japan(20, 2, 30))
    assert not is_due(AT_HALF_PAST_TWO, last, in_japan(21, 2, 29))
    assert is_due(AT_HALF_PAST_TWO, last, in_japan(21, 2, 30))


def test_missed_time_is_made_up_for() -> None:
    assert is_due(AT_HALF_PAST_TWO, run(in_japan(18, 2, 30)), in_japan(20, 15))


@pytest.mark.parametrize("state", [{"is_failed": True}, {"is_finished": False}])
def test_job_that_failed_or_was_killed_is_tried_again_later(state: dict[str, bool]) -> None:
    started = in_japan(20, 2, 30)
    last = run(started, **state)
    assert not is_due(AT_HALF_PAST_TWO, last, started + RETRY_AFTER - timedelta(seconds=1))
    assert is_due(AT_HALF_PAST_TWO, last, started + RETRY_AFTER)


@pytest.mark.parametrize(
    ("minutes", "now", "due"),
    [
        (1, in_japan(20, 2, 29) + timedelta(seconds=59), in_japan(20, 2, 29)),
        (1, in_japan(20, 2, 30), in_japan(20, 2, 30)),
        (5, in_japan(20, 0, 4), in_japan(20, 0)),
        (5, in_japan(20, 0, 5), in_japan(20, 0, 5)),
    ],
)
def test_frequent_job_starts_at_whole_minutes(minutes: int, now: datetime, due: datetime) -> None:
    assert Every(minutes).last_due(now) == due


def test_frequent_job_is_due_once_a_period_and_at_once_after_a_failure() -> None:
    started = in_japan(20, 2, 30) + timedelta(seconds=20)
    for last in (run(started), run(started, is_failed=True)):
        assert not is_due(Every(5), last, started + timedelta(minutes=4))
        assert is_due(Every(5), last, in_japan(20, 2, 35))
