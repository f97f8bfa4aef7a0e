"""The report in the names that the outside may rely on (year report as JSON)."""

from dataclasses import asdict
from datetime import datetime

from portal.clock import in_japan
from portal.reports import wording
from portal.reports.yearly import ListingRow, MonthRow, ValueRow, YearlyReport


def to_plain(report: YearlyReport) -> dict[str, object]:
    """The whole report in numbers, texts, lists and null, which is 「わからない」.

    Instants are ISO 8601 in Japan's time, with the offset.
    """
    return {
        **_year(report),
        "by_month": [_month(row) for row in report.by_month],
        "by_listing": [_listing(row) for row in report.by_listing],
        "views_without_listing": report.views_without_listing,
        "taken_over_page_views": report.taken_over_page_views,
        "by_agency": _values(report.by_agency),
        "by_kind": _values(report.by_kind),
        "by_purpose": _values(report.by_purpose),
        "by_industry": _values(report.by_industry),
        "by_region": _values(report.by_region),
        "by_device": _values(report.by_device),
        "by_page_kind": _values(report.by_page_kind),
        "left_out": asdict(report.left_out),
        "activity": [asdict(figure) for figure in report.activity],
        "clicks": [asdict(figure) for figure in report.clicks],
        "top_searches": [asdict(row) for row in report.top_searches],
        "searches_with_little": [asdict(row) for row in report.searches_with_little],
        "notes": list(report.notes),
        "definitions": list(report.definitions),
    }


def _year(report: YearlyReport) -> dict[str, object]:
    return {
        "title": wording.title(report),
        "fiscal_year": report.fiscal_year.year,
        "label": report.fiscal_year.label,
        "portal_name": report.portal_name,
        "programme": report.programme,
        "total_page_views": report.total_page_views,
        "previous_total_page_views": report.previous_total_page_views,
        "change_percent": report.change_percent,
        "cost_yen": report.cost_yen,
        "previous_cost_yen": report.previous_cost_yen,
        "yen_per_view": report.yen_per_view,
        "previous_yen_per_view": report.previous_yen_per_view,
        "counted_until": _instant(report.counted_until),
        "taken_over": report.is_taken_over,
        "previous_taken_over": report.is_previous_taken_over,
        "sample": report.is_sample,
        "made_at": _instant(report.made_at),
        "made_by": report.made_by,
        "closed_at": _instant(report.closed_at),
    }


def _month(row: MonthRow) -> dict[str, object]:
    return {
        "month": f"{row.year:04}-{row.month:02}",
        "views": row.views,
        "previous": row.previous,
    }


def _listing(row: ListingRow) -> dict[str, object]:
    return {
        "id": row.public_id,
        "title": row.title,
        "agency": row.agency,
        "views": row.views,
        "previous": row.previous,
    }


def _values(rows: tuple[ValueRow, ...]) -> list[dict[str, object]]:
    return [asdict(row) for row in rows]


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else in_japan(instant).isoformat(timespec="seconds")
