"""The statistics of an agency on their page: everything that its template prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.fiscal_year import FiscalYear
from portal.pagination import Steps, steps
from portal.reports.agency_statistics import (
    AgencyStatistics,
    LedSearch,
    ListingFigures,
    Measure,
    MonthFigures,
)
from portal.reports.charts import MonthChart, month_chart
from portal.reports.searched import LEAST_DAYS, LEAST_SEARCHES
from portal.reports.statistics_files import NO_SEARCHES, counted_until
from portal.reports.yearly import MonthRow

LISTINGS_PER_PAGE = 30
MOST_SEARCHES = 20

NOTES = (
    "閲覧は、支援情報のページと、その変更の履歴などを、人が開いた回数です。"
    "検索エンジンなどの自動巡回と、ログイン中の職員の分は入れていません。",
    "検索からの訪問は、閲覧のうち、検索の結果から開かれたものです。"
    f"だれが何をさがしたかが分からないよう、{LEAST_SEARCHES}回・{LEAST_DAYS}日に満たない検索は、"
    "どの数にも入れていません。同じように少ない月は、月ごとには示さず、合計にだけ入れています。",
    "クリックは、支援情報のページで、申込ページ、電話とメール、公式ページへのリンクを押した回数です。"
    "JavaScriptが動かないブラウザーの分は、数えられません。",
    "お気に入りは、いま入れている会員の数です。会員でない方のものは、その方のブラウザーにだけあり、"
    "数えられません。",
    "いくつかの機関が共に行う支援情報は、主な実施機関の集計に入れています。",
)
"""What the numbers mean, for the page and the files."""

_SHORT = {
    Measure.VIEWS: "閲覧",
    Measure.VISITS: "検索から",
    Measure.APPLY: "申込ページ",
    Measure.CONTACT: "電話・メール",
    Measure.SITE: "公式ページ",
}
_MADE_IN = range(2000, 2101)
"""Fiscal years that somebody may mean."""


@dataclass(frozen=True, slots=True)
class ChosenYear:
    """The fiscal year that is asked for, or in Japanese why there is none."""

    year: FiscalYear | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number of the year, with that of the year before."""

    code: str
    label: str
    number: int | None
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """What the page says of an agency and a year."""

    agency_code: str
    agency_name: str
    year_label: str
    counted_until: str
    is_sample: bool
    has_previous: bool
    tiles: tuple[Tile, ...]
    columns: Mapping[Measure, str]
    months: tuple[MonthFigures, ...]
    total: Mapping[Measure, int | None]
    previous_views: int | None
    chart: MonthChart | None
    listings: Sequence[ListingFigures]
    """Those of this page of the list."""
    number_of_listings: int
    around: Steps
    searches: Sequence[LedSearch]
    """As many as the page has room for."""
    more_searches: int
    no_searches: str
    """Said where there are none."""


def chosen_year(asked: str | None, years: Sequence[FiscalYear]) -> ChosenYear:
    """What an address asks for.

    :param years: those that there are statistics of, this one first.
    """
    if not asked:
        return ChosenYear(years[0])
    is_number = asked.isascii() and asked.isdigit() and len(asked) == 4
    if not is_number or int(asked) not in _MADE_IN:
        return ChosenYear(None, "年度を読み取れませんでした。下から年度を選んでください。")
    year = FiscalYear(int(asked))
    if year in years:
        return ChosenYear(year)
    if year > years[0]:
        return ChosenYear(
            None, f"{year.label}は、まだ始まっていません。下から年度を選んでください。"
        )
    return ChosenYear(
        None,
        f"{year.label}は、このサイトで数え始める前なので、支援情報ごとの数がありません。"
        "下から年度を選んでください。",
    )


def statistics_page(statistics: AgencyStatistics, *, page: int) -> StatisticsPage:
    """What the page says.

    :param page: which part of the listings; the first is 1.
    """
    until = statistics.counted_until
    start = (page - 1) * LISTINGS_PER_PAGE
    return StatisticsPage(
        agency_code=statistics.agency_code,
        agency_name=statistics.agency_name,
        year_label=statistics.fiscal_year.label,
        counted_until=counted_until(until) + ("です" if until else ""),
        is_sample=statistics.is_sample,
        has_previous=statistics.previous_total[Measure.VIEWS] is not None,
        tiles=_tiles(statistics),
        columns=_SHORT,
        months=statistics.months,
        total=statistics.total,
        previous_views=statistics.previous_total[Measure.VIEWS],
        chart=_chart(statistics),
        listings=statistics.listings[start : start + LISTINGS_PER_PAGE],
        number_of_listings=len(statistics.listings),
        around=steps(len(statistics.listings), page, LISTINGS_PER_PAGE),
        searches=statistics.searches[:MOST_SEARCHES],
        more_searches=max(0, len(statistics.searches) - MOST_SEARCHES),
        no_searches=NO_SEARCHES,
    )


def _chart(statistics: AgencyStatistics) -> MonthChart | None:
    year = statistics.fiscal_year
    return month_chart(
        [
            MonthRow(month.year, month.month, month.numbers[Measure.VIEWS], month.previous_views)
            for month in statistics.months
        ],
        title=f"{statistics.agency_name}の支援情報の閲覧（{year.label}）",
        label=year.label,
        previous_label=FiscalYear(year.year - 1).label,
    )


def _tiles(statistics: AgencyStatistics) -> tuple[Tile, ...]:
    counted = [
        Tile(
            code=measure.value,
            label=measure.label,
            number=statistics.total[measure],
            unit="回",
            note=_beside(statistics.previous_total[measure]),
        )
        for measure in Measure
    ]
    kept = Tile("favorites", "いまのお気に入り", statistics.favorites, "件", "会員のもの")
    return (*counted, kept)


def _beside(previous: int | None) -> str:
    return "" if previous is None else f"前の年度 {previous:,}回"
