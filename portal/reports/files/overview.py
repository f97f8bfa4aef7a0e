"""Tables on the year as a whole: the summary row, what was done, what was left out."""

from portal.reports import wording
from portal.reports.files.tables import CellKind, Column, Table, both_years, nothing_known, text
from portal.reports.yearly import Figure, YearlyReport


def summary(report: YearlyReport) -> Table:
    """The one row that the prefecture's table of measures asks for."""
    columns = (
        text("年度", 26),
        text("事業名", 46),
        text("項目名", 20),
        text("単位", 8),
        *both_years(report),
        Column("増減率（%）", CellKind.PERCENT, 10),
        Column("事業費（円）", width=12),
        Column("1閲覧あたり（円）", CellKind.TENTHS, 18),
    )
    row = (
        report.fiscal_year.label,
        report.programme,
        wording.ITEM,
        "件",
        report.previous_total_page_views,
        report.total_page_views,
        report.change_percent,
        report.cost_yen,
        report.yen_per_view,
    )
    return Table("", columns, (row,))


def costs(report: YearlyReport) -> Table:
    """What the programme cost in either year."""
    before, now = (column.name for column in both_years(report))
    return Table(
        "事業費",
        (text("年度", 26), Column("事業費（円）"), Column("1閲覧あたり（円）", CellKind.TENTHS)),
        (
            (before, report.previous_cost_yen, report.previous_yen_per_view),
            (now, report.cost_yen, report.yen_per_view),
        ),
    )


def about(report: YearlyReport) -> Table:
    """Of when the figures are, who made the report, and what to mind."""
    rows = [
        *([(wording.SAMPLE, wording.SAMPLE_NOTICE)] if report.is_sample else []),
        ("集計", wording.counted_until(report)),
        ("作成", wording.made(report)),
        ("状態", wording.closing(report)),
        ("ポータル", report.portal_name),
        *(("注意", note) for note in report.notes),
    ]
    return Table("この報告について", (text("項目", 16), text("内容", 46)), tuple(rows))


def activity(report: YearlyReport) -> Table:
    """Listings posted, updated, confirmed; favourites and alerts."""
    return _figures("掲載と利用", report, report.activity)


def clicks(report: YearlyReport) -> Table:
    """What was pressed on the pages of listings."""
    return _figures("支援情報のページからのクリック", report, report.clicks)


def _figures(title: str, report: YearlyReport, figures: tuple[Figure, ...]) -> Table:
    rows = tuple((one.label, one.unit, one.previous, one.value) for one in figures)
    columns = (text("項目", 26), text("単位", 8), *both_years(report))
    return Table(title, columns, rows, empty=nothing_known(report))


def left_out(report: YearlyReport) -> Table:
    """Requests for pages that are no page views, each sort with its count."""
    is_counted_here = report.counted_until is not None
    rows = wording.left_out_rows(report.left_out) if is_counted_here else ()
    return Table(
        "ページビューから除いたもの",
        (text("区分"), Column("除いた数")),
        rows,
        ends=(("除いた数の合計", sum(count for _, count in rows)),) if rows else (),
        empty=nothing_known(report),
    )


def definitions(report: YearlyReport) -> Table:
    """What a page view is."""
    rows = tuple((sentence,) for sentence in report.definitions)
    is_all_ours = not (report.is_taken_over or report.is_previous_taken_over)
    note = "" if is_all_ours else "このサイトの数え方です。前のサイトの数え方は分かりません。"
    return Table("ページビューの数え方", (text("定義", 90),), rows, note=note)
