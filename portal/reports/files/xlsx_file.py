"""The report as a workbook of Excel: a sheet for each question."""

from portal.reports import wording
from portal.reports.files.sheets import MONTHS, sheets
from portal.reports.files.workbook import Columns, Cover, workbook_of
from portal.reports.yearly import YearlyReport


def xlsx_file(report: YearlyReport) -> bytes:
    """The file, with a chart of both years by month."""
    cover = Cover(
        wording.title(report),
        wording.counted_until(report),
        report.portal_name,
        report.made_at,
    )
    chart = Columns(
        MONTHS,
        f"{report.fiscal_year.label} 月別のページビュー",
        "月ごとのページビュー数を前年度と並べた棒グラフ。数は左の表にあります。",
    )
    return workbook_of(cover, sheets(report), chart)
