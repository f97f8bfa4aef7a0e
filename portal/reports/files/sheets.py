"""Which tables a report has, in what order, and on which sheet of its workbook."""

from portal.reports.files import breakdowns, overview
from portal.reports.files.tables import Sheet
from portal.reports.yearly import YearlyReport

MONTHS = "月別"


def sheets(report: YearlyReport) -> tuple[Sheet, ...]:
    """All that the report tells. The first begins with the summary row."""
    return (
        Sheet(
            "概要",
            (
                overview.summary(report),
                overview.costs(report),
                overview.about(report),
                overview.activity(report),
                overview.clicks(report),
            ),
        ),
        Sheet(MONTHS, (breakdowns.months(report),)),
        Sheet("支援情報別", (breakdowns.listings(report),)),
        Sheet("実施機関別", (breakdowns.agencies(report),)),
        Sheet("種類別", (breakdowns.kinds(report),)),
        Sheet("目的別", (breakdowns.purposes(report),)),
        Sheet("業種別", (breakdowns.industries(report),)),
        Sheet("地域別", (breakdowns.regions(report),)),
        Sheet("端末別", (breakdowns.devices(report),)),
        Sheet("ページ別", (breakdowns.page_kinds(report),)),
        Sheet("検索", (breakdowns.top_searches(report), breakdowns.searches_with_little(report))),
        Sheet("除いた数と定義", (overview.left_out(report), overview.definitions(report))),
    )
