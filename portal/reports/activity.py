"""What was done to listings and by visitors in a fiscal year, as figures of a report."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.clock import in_japan
from portal.pageviews.kinds import ClickKind
from portal.reports import activity_queries, queries
from portal.reports.activity_queries import CONFIRMED_WITHIN, ends_at
from portal.reports.year_sums import YearSums
from portal.reports.yearly import Figure

_LISTINGS = "件"
_TIMES = "回"


def figures(
    session: Session, sums: YearSums, before: YearSums, *, now: datetime
) -> tuple[Figure, ...]:
    """Listings posted, updated and confirmed, and what members keep. The last is told as it is now:
    what they kept before is known to nobody."""
    asked = {
        "posted": ("新しく公開した支援情報", activity_queries.count_posted),
        "updated": ("内容を変えた支援情報", activity_queries.count_updated),
    }
    counted = [
        Figure(
            code,
            label,
            count(session, sums.year),
            count(session, before.year) if before.parts else None,
            _LISTINGS,
        )
        for code, (label, count) in asked.items()
    ]
    return (
        *counted,
        _confirmed(session, sums, before, now=now),
        _now("favorites", "会員のお気に入り", activity_queries.count_favorites(session)),
        _now(
            "saved_searches",
            "お知らせメールの条件",
            activity_queries.count_saved_searches(session),
        ),
    )


def clicks(session: Session, sums: YearSums, before: YearSums) -> tuple[Figure, ...]:
    """What was pressed on the pages of listings."""
    counts = queries.sum_clicks(session, sums.year)
    counts_before = queries.sum_clicks(session, before.year) if before.parts else None
    return tuple(
        Figure(
            kind.value,
            kind.label,
            counts.get(kind, 0),
            None if counts_before is None else counts_before.get(kind, 0),
            _TIMES,
        )
        for kind in ClickKind
    )


def _confirmed(session: Session, sums: YearSums, before: YearSums, *, now: datetime) -> Figure:
    at = min(now, ends_at(sums.year))
    until = in_japan(at) if at == now else None
    day = f"{until.month}月{until.day}日" if until else "年度末"
    return Figure(
        "confirmed",
        f"内容を{CONFIRMED_WITHIN.days}日以内に確かめた支援情報（{day}）",
        activity_queries.count_confirmed(session, at=at),
        activity_queries.count_confirmed(session, at=ends_at(before.year))
        if before.parts
        else None,
        _LISTINGS,
    )


def _now(code: str, label: str, value: int) -> Figure:
    return Figure(code, f"{label}（作成した時点）", value, None, _LISTINGS)
