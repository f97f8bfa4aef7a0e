"""Jobs as administrators see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.clock import in_japan
from portal.formats import clock_time, near_moment
from portal.jobs.models import JobRun
from portal.jobs.registry import Job
from portal.jobs.schedule import RETRY_AFTER, Daily, Schedule

JOB_TITLES = {
    "index-verify": "検索の索引を確かめる",
    "change-log-prune": "古い変更の記録を消す",
    "sign-in-prune": "古いログインの記録を消す",
    "audit-anchor": "監査記録を確かめて控える",
    "mail-prune": "古いメールの記録を消す",
    "message-prune": "古いお問い合わせを消す",
    "autosave-prune": "書きかけの古い控えを消す",
    "attachment-prune": "使われていない添付ファイルを消す",
    "attachment-scan": "添付ファイルのウイルスを調べる",
    "listing-publish": "予約した公開と掲載終了を行う",
    "pageview-rollup": "閲覧数を数える",
    "pageview-prune": "古い閲覧の記録を消す",
    "alert-prune": "使われない保存した条件を消す",
    "deadline-mail": "お気に入りの締切を知らせる",
    "favorite-change-mail": "お気に入りの変更を知らせる",
    "saved-search-mail": "保存した条件の新着を知らせる",
    "mail-send": "待っているメールを送る",
}
"""What each job is called; a test holds this to the jobs there are."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """How a job went at a place. ``code`` is done, failed, running or cut-short."""

    code: str
    label: str
    when: str
    said: str
    place: str

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look into it."""
        return self.code in ("failed", "cut-short")


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in the list."""

    name: str
    title: str
    schedule: str
    is_wanted: bool
    is_late: bool
    runs: tuple[RunLine, ...]

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look into it."""
        return self.is_late or any(run.is_bad for run in self.runs)


def rows(
    runs: Mapping[Job, Sequence[JobRun]],
    *,
    wanted: Collection[Job],
    late: Collection[Job],
    now: datetime,
) -> list[JobRow]:
    """All jobs, those that somebody should look into first."""
    found = [
        JobRow(
            name=job.name,
            title=JOB_TITLES.get(job.name, job.name),
            schedule=_schedule_text(job.schedule),
            is_wanted=job in wanted,
            is_late=job in late,
            runs=tuple(run_line(run, now=now) for run in of_job),
        )
        for job, of_job in runs.items()
    ]
    return sorted(found, key=lambda row: not row.is_bad)


def run_line(run: JobRun, *, now: datetime) -> RunLine:
    """How a job went."""
    code, label = _state(run, now)
    when = near_moment(run.started_at, in_japan(now).date())
    return RunLine(code, label, when, run.detail, run.place)


def _state(run: JobRun, now: datetime) -> tuple[str, str]:
    if run.is_failed:
        return "failed", "失敗しました"
    if run.finished_at is not None:
        return "done", "できました"
    if now - run.started_at >= RETRY_AFTER:
        return "cut-short", "途中で止まりました"
    return "running", "動いています"


def _schedule_text(schedule: Schedule) -> str:
    if isinstance(schedule, Daily):
        return f"毎日 {clock_time(schedule.at)}"
    return "毎分" if schedule.minutes == 1 else f"{schedule.minutes}分ごと"
