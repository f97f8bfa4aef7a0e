"""The jobs that count what was viewed."""

from portal.clock import in_japan
from portal.jobs.context import JobContext, JobFailedError
from portal.pageviews import archive, popularity, rollup
from portal.pageviews.folders import Folders

ROLLUP_TIMEOUT_S = 30.0
"""How long the job waits for somebody who counts in passing."""


def refresh_popularity(context: JobContext) -> str:
    """Work out the views of the last 90 days anew, and let searches sort by them. What cannot be
    indexed now waits in the change log."""
    now = context.clock.now()
    changed = popularity.refresh(context.sessions, today=in_japan(now).date(), now=now)
    context.indexer.drain_soon()
    return f"閲覧数が変わった支援情報は{changed:,}件でした。"


def roll_up_page_views(context: JobContext) -> str:
    """Add what this host wrote down of page views to the daily totals."""
    folders = Folders(context.data_dir)
    done = rollup.roll_up(
        context.sessions, folders, now=context.clock.now(), timeout=ROLLUP_TIMEOUT_S
    )
    told = f"{done.lines:,}行を数え、{done.archived_files:,}個のファイルをしまいました。"
    if done.refused_files:
        told += f"読めないか、しまえないファイル: {done.refused_files:,}個。"
    if done.damaged_lines:
        told += f"読めない行: {done.damaged_lines:,}行。"
    if done.refused_files or done.damaged_lines:
        raise JobFailedError(told)
    return told


def prune_page_views(context: JobContext) -> str:
    """Throw raw lines of page views away that are older than 26 months."""
    folders = Folders(context.data_dir)
    count = archive.prune(context.sessions, folders, now=context.clock.now())
    return f"古い閲覧の記録を{count:,}ファイル消しました。"
