"""The job that says which listings are viewed most these days."""

from portal.clock import in_japan
from portal.jobs.context import JobContext
from portal.pageviews import popularity


def refresh_popularity(context: JobContext) -> str:
    """Work out the views of the last 90 days anew, and let searches sort by them. What cannot be
    indexed now waits in the change log."""
    now = context.clock.now()
    changed = popularity.refresh(context.sessions, today=in_japan(now).date(), now=now)
    context.indexer.drain_soon()
    return f"閲覧数が変わった支援情報は{changed:,}件でした。"
