"""How a yearly report is put into words, the same on its page and in its files."""

from datetime import datetime

from portal.clock import in_japan
from portal.fiscal_year import FiscalYear
from portal.formats import full_day, grouped
from portal.pageviews.kinds import ViewClass
from portal.reports.yearly import LeftOut, YearlyReport

ITEM = "年間ページビュー数"
"""What the prefecture's table of measures calls it."""

SUMMARY = "施策実施状況"
"""The prefecture's table of measures, of which the report fills a row."""

SAMPLE = "見本"
SAMPLE_NOTICE = "見本の数が含まれています。実際の閲覧の数ではありません。"
UNKNOWN = "不明"
NOT_ENTERED = "未入力"

_MINUS = "\u2212"


def title(report: YearlyReport) -> str:
    """What the report is called; a made-up one says so."""
    mark = f"（{SAMPLE}）" if report.is_sample else ""
    return f"{report.fiscal_year.label} {ITEM}の報告{mark}"


def previous_year(report: YearlyReport) -> FiscalYear:
    """The fiscal year beside which the report puts its own."""
    return FiscalYear(report.fiscal_year.year - 1)


def counted_until(report: YearlyReport) -> str:
    """Until when views are in the report: 「2026年11月22日（令和8年）11時40分までの集計」;
    else that a predecessor counted them, or nobody."""
    if report.counted_until is None:
        return "前のサイトが数えたもの" if report.is_taken_over else "数はありません"
    return f"{moment(report.counted_until)}までの集計"


def made(report: YearlyReport) -> str:
    """Who made the report, and when."""
    return f"{moment(report.made_at)} {report.made_by}"


def closing(report: YearlyReport) -> str:
    """Whether the figures may still change."""
    if report.closed_at is None:
        return "確定前（数は変わることがあります）"
    return f"{full_day(in_japan(report.closed_at).date())}に確定"


def moment(instant: datetime) -> str:
    """An instant in Japan, to the minute: 「2026年11月22日（令和8年）11時40分」."""
    local = in_japan(instant)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{full_day(local.date())}{local.hour}時{minutes}"


def count(number: int | None, unit: str = "") -> str:
    """A number with its unit: 「20,748件」."""
    return UNKNOWN if number is None else f"{number:,}{unit}"


def change(percent: float | None) -> str:
    """How much more or less than a year before: 「−33.7 %」, 「+5.0 %」."""
    return UNKNOWN if percent is None else f"{signed(percent, f'{abs(percent):.1f}')} %"


def difference(number: int | None) -> str:
    """How many more or fewer than a year before: 「−10,524」."""
    return UNKNOWN if number is None else signed(number, f"{abs(number):,}")


def signed(number: float, size: str) -> str:
    """A size with the sign of a number; none has no sign."""
    if number == 0:
        return size
    return f"{_MINUS if number < 0 else '+'}{size}"


def yen(amount: float | None) -> str:
    """Money to its last place, as tables of a budget have it: 「1,741,000円」, 「83.9円」."""
    return UNKNOWN if amount is None else f"{grouped(amount)}円"


def cost(amount: int | None) -> str:
    """What a year cost; what nobody entered says so."""
    return NOT_ENTERED if amount is None else yen(amount)


def left_out_rows(left_out: LeftOut) -> tuple[tuple[str, int], ...]:
    """What is left out of page views and how often it was asked for."""
    return (
        (ViewClass.BOT.label, left_out.bot),
        (ViewClass.STAFF.label, left_out.staff),
        (ViewClass.PREFETCH.label, left_out.prefetch),
        (ViewClass.MONITOR.label, left_out.monitor),
        (ViewClass.OTHER.label, left_out.other),
    )
