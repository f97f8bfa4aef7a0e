"""What the portal counted, read from its tables by plain SQL."""

import json

from sqlalchemy import Engine, text

_COUNTED = {
    "daily_page_view": "SELECT viewed_on, view_class, page_kind, listing_id, version_id, device,"
    " is_sample, views FROM daily_page_view",
    "daily_search": "SELECT searched_on, conditions, searches, without_hits, with_few_hits"
    " FROM daily_search JOIN search_condition ON search_condition.id = condition_id",
    "daily_search_visit": "SELECT visited_on, listing_id, conditions, visits"
    " FROM daily_search_visit JOIN search_condition ON search_condition.id = condition_id",
    "daily_click": "SELECT clicked_on, listing_id, click_kind, clicks FROM daily_click",
}


def human_views(engine: Engine) -> int:
    """Page views of all days."""
    return _number(engine, "SELECT SUM(views) FROM daily_page_view WHERE view_class = 'human'")


def requests(engine: Engine) -> int:
    """Requests for pages of all days and classes."""
    return _number(engine, "SELECT SUM(views) FROM daily_page_view")


def damaged(engine: Engine) -> tuple[int, int]:
    """Whole lines that nothing could be read from, and bytes of what was not written whole."""
    return (
        _number(engine, "SELECT SUM(damaged_lines) FROM spool_file"),
        _number(engine, "SELECT SUM(cut_bytes) FROM spool_file"),
    )


def all_totals(engine: Engine) -> bytes:
    """Every row of what was counted, in one order whatever the order of counting was, without
    numbers that the database gave."""
    with engine.connect() as connection:
        tables = {
            name: sorted(
                json.dumps([str(value) for value in row], ensure_ascii=False)
                for row in connection.execute(text(statement))
            )
            for name, statement in _COUNTED.items()
        }
    return json.dumps(tables, ensure_ascii=False, indent=1).encode()


def was_cut_short(engine: Engine, job: str) -> bool:
    """Whether the last run of a job began and did not end."""
    unfinished = "SELECT COUNT(*) FROM job_run WHERE finished_at IS NULL AND name = :job"
    return _number(engine, unfinished, job=job) > 0


def _number(engine: Engine, statement: str, **values: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(statement), values) or 0)
