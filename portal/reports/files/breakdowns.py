"""Tables of the year's views by month, by listing and by what listings are for; of searches."""

from collections.abc import Iterator

from portal.reports.files.tables import (
    Column,
    Row,
    Table,
    text,
    total,
    total_name,
    year_cells,
    year_columns,
)
from portal.reports.yearly import ListingRow, SearchedRow, ValueRow, YearlyReport

MORE_THAN_ONCE = (
    "1回の閲覧を、その支援情報が当てはまる値ごとに1回と数えるため、合計は総数と一致しません。"
)
"""Below tables by purpose, industry and region."""

_WITHOUT_COUNTS = "前のサイトが、閲覧の多いものとして公表した順です。閲覧数は分かりません。"
_OFTEN_ENOUGH = "5回以上、かつ3日以上検索されたものだけです。"
_NOT_COUNTED_HERE = "前のサイトが数えた年度のため、分かりません。"
_NONE_OFTEN_ENOUGH = "5回以上、かつ3日以上検索されたものはありません。"


def months(report: YearlyReport) -> Table:
    """By month, April to March."""
    rows = report.by_month
    is_known = any(row.views is not None or row.previous is not None for row in rows)
    year = report.fiscal_year.year
    return Table(
        f"月別（{year}年4月〜{year + 1}年3月）",
        (text("月", 22), *year_columns(report)),
        tuple((row.label, *year_cells(row.views, row.previous)) for row in rows)
        if is_known
        else (),
        ends=(total(report, rows),) if is_known else (),
        empty="月ごとの数は分かりません。",
    )


def listings(report: YearlyReport) -> Table:
    """All listings that were viewed; what was on pages without a listing, and the total."""
    known = [row.views for row in report.by_listing if row.views is not None]
    others = [("支援情報のないページ", report.views_without_listing)]
    if report.taken_over_page_views:
        others.append(("前のサイトが数えた分", report.taken_over_page_views))
    everything = sum(known) + sum(views for _, views in others)
    others.append((total_name(report, everything), everything))
    ends = tuple((None, None, name, None, None, views, None) for name, views in others)
    return Table(
        "アクセスの多い支援情報",
        (
            Column("順位", width=8),
            text("番号", 12),
            text("支援情報", 60),
            text("実施機関", 28),
            *year_columns(report),
        ),
        tuple(
            (rank, row.public_id, row.title, row.agency, *year_cells(row.views, row.previous))
            for rank, row in _ranked(report.by_listing)
        ),
        ends=ends if known or report.views_without_listing else (),
        note="" if known or not report.by_listing else _WITHOUT_COUNTS,
        empty="支援情報ごとの数はありません。",
    )


def _ranked(rows: tuple[ListingRow, ...]) -> Iterator[tuple[int | None, ListingRow]]:
    """Each row with its place: as many views are the same place, and unknown ones are none."""
    place, before = 0, -1
    for position, row in enumerate(rows, start=1):
        if row.views is None:
            yield None, row
            continue
        if row.views != before:
            place, before = position, row.views
        yield place, row


def agencies(report: YearlyReport) -> Table:
    """By the agency whose listing was viewed."""
    return _values("実施機関別", "実施機関", report, report.by_agency)


def kinds(report: YearlyReport) -> Table:
    """By kind of support."""
    return _values("支援の種類別", "支援の種類", report, report.by_kind)


def purposes(report: YearlyReport) -> Table:
    """By purpose."""
    return _values("目的別", "目的", report, report.by_purpose, note=MORE_THAN_ONCE)


def industries(report: YearlyReport) -> Table:
    """By industry."""
    return _values("業種別", "業種", report, report.by_industry, note=MORE_THAN_ONCE)


def regions(report: YearlyReport) -> Table:
    """By region."""
    return _values("地域別", "地域", report, report.by_region, note=MORE_THAN_ONCE)


def devices(report: YearlyReport) -> Table:
    """By what pages were read on."""
    return _parts("端末別", "端末", report, report.by_device)


def page_kinds(report: YearlyReport) -> Table:
    """By sort of page."""
    return _parts("ページの種類別", "ページの種類", report, report.by_page_kind)


def _values(
    title: str, name: str, report: YearlyReport, values: tuple[ValueRow, ...], note: str = ""
) -> Table:
    return Table(
        title,
        (text(name), *year_columns(report)),
        tuple((row.label, *year_cells(row.views, row.previous)) for row in values),
        note=note if values else "",
        empty="この年度の内訳はありません。",
    )


def _parts(title: str, name: str, report: YearlyReport, values: tuple[ValueRow, ...]) -> Table:
    """Of values of which each page view has exactly one."""
    table = _values(title, name, report, values)
    ends: tuple[Row, ...] = (total(report, values),) if values else ()
    return Table(title, table.columns, table.rows, ends=ends, empty=table.empty)


def top_searches(report: YearlyReport) -> Table:
    """What was searched for most."""
    return _searches("多く検索されたもの", report, report.top_searches)


def searches_with_little(report: YearlyReport) -> Table:
    """What was searched for and found nothing, or next to nothing."""
    return _searches("見つからなかった、または少なかった検索", report, report.searches_with_little)


def _searches(title: str, report: YearlyReport, rows: tuple[SearchedRow, ...]) -> Table:
    columns = (
        text("検索の条件", 60),
        Column("検索した回数", width=14),
        Column("検索された日数", width=16),
        Column("0件だった回数", width=16),
        Column("少なかった回数", width=16),
    )
    told = tuple(
        (row.label, row.searches, row.days, row.without_hits, row.with_few_hits) for row in rows
    )
    is_counted_here = report.counted_until is not None
    return Table(
        title,
        columns,
        told,
        note=_OFTEN_ENOUGH if rows else "",
        empty=_NONE_OFTEN_ENOUGH if is_counted_here else _NOT_COUNTED_HERE,
    )
