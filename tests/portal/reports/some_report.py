"""A made-up year with something in every place of a report."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from portal.fiscal_year import FiscalYear
from portal.pageviews.kinds import ClickKind, Device, PageKind
from portal.reports.yearly import (
    Figure,
    LeftOut,
    ListingRow,
    MonthRow,
    SearchedRow,
    ValueRow,
    YearlyReport,
)

PROGRAMME = "あおもり事業者支援ポータルサイト運用保守事業"
FORMULAS = ("=1+1", "＝1+1", "+81 17", "-1", "@SUM(A1)", "\t=1", "'=1", "＠x")
LISTINGS = 60
LONGEST = "国際的な販路の開拓と生産性の向上に取り組む中小企業者等を支援する補助金（見本）" * 5

_VIEWS = (1840, 1650, 1702, 1588, 1433, 1722, 1905, 1811, 1540, 1602, 1877, 2078)
_BEFORE = (2650, 2610, 2702, 2588, 2433, 2522, 2705, 2611, 2540, 2602, 2677, 2632)


def some_report(**changes: Any) -> YearlyReport:
    """令和5年度: 20,748 page views after 31,272, most of them of listings."""
    listings = _listings()
    views = sum(row.views or 0 for row in listings)
    made = YearlyReport(
        fiscal_year=FiscalYear(2023),
        portal_name="あおビズサーチ",
        programme=PROGRAMME,
        total_page_views=20_748,
        previous_total_page_views=31_272,
        change_percent=-33.7,
        cost_yen=1_741_000,
        previous_cost_yen=2_010_000,
        yen_per_view=83.9,
        previous_yen_per_view=64.3,
        counted_until=datetime(2024, 3, 31, 14, 59, tzinfo=UTC),
        is_taken_over=False,
        is_previous_taken_over=True,
        is_sample=False,
        by_month=_months(),
        by_listing=listings,
        views_without_listing=20_748 - views,
        by_page_kind=_parts(PageKind.LISTING, PageKind.HOME, PageKind.SEARCH),
        by_agency=(
            ValueRow("aomori-pref", "青森県", 9_000, 14_000),
            ValueRow("hirosaki", "弘前市", 4_100, None),
        ),
        by_kind=(ValueRow("subsidy", "補助金・助成金", 9_500, 15_000),),
        by_purpose=(
            ValueRow("startup", "創業", 5_000, 4_000),
            ValueRow("equipment", "設備投資", 4_900, 0),
        ),
        by_industry=(ValueRow("E", "製造業", 8_000, 9_000),),
        by_region=tuple(
            ValueRow(f"022{number:02}", f"{number}番目の町（見本）", 900 - number, 800 + number)
            for number in range(40)
        ),
        by_device=_parts(*Device),
        left_out=LeftOut(bot=51_234, staff=812, prefetch=95, monitor=105_120, other=4_321),
        activity=(
            Figure("posted", "新しく公開した支援情報", 132, None, "件"),
            Figure("confirmed", "90日以内に確認した支援情報", 88, 71, "件"),
        ),
        clicks=tuple(Figure(kind, kind.label, 300, 250, "回") for kind in ClickKind),
        top_searches=(SearchedRow("創業　補助金", "/search?q=創業", 812, 210, 0, 3),),
        searches_with_little=(SearchedRow("=雪室", "/search?q=雪室", 12, 7, 12, 0),),
        notes=("令和4年度の数は、前のサイトが数えたものです。",),
        definitions=(
            "公開ページが人に向けて表示された1回を、1ページビューと数えます。",
            "自動巡回、職員の閲覧、先読み、稼働監視は除きます。",
        ),
        made_at=datetime(2024, 4, 10, 3, 0, tzinfo=UTC),
        made_by="県庁 花子（見本）",
        closed_at=None,
    )
    return replace(made, **changes)


def taken_over() -> YearlyReport:
    """令和4年度: a number and some titles of a predecessor, and no more."""
    titles = ("新事業展開等促進補助事業（見本）", "中小企業者等燃料価格高騰対策緊急支援金（見本）")
    return _bare(
        fiscal_year=FiscalYear(2022),
        total_page_views=31_272,
        previous_total_page_views=None,
        change_percent=None,
        cost_yen=None,
        yen_per_view=None,
        counted_until=None,
        is_taken_over=True,
        taken_over_page_views=31_272,
        by_month=tuple(replace(row, views=None, previous=None) for row in _months()),
        by_listing=tuple(ListingRow(None, title, "", None, None) for title in titles),
        notes=("この年度は前のサイトの数で、月ごとの内訳は分かりません。",),
    )


def empty() -> YearlyReport:
    """A year in which nobody came."""
    return _bare(
        total_page_views=0,
        previous_total_page_views=None,
        change_percent=None,
        cost_yen=None,
        yen_per_view=None,
        by_month=tuple(replace(row, views=0, previous=None) for row in _months()),
        by_listing=(),
        left_out=LeftOut(0, 0, 0, 0, 0),
        notes=(),
    )


def _bare(**changes: Any) -> YearlyReport:
    nothing: dict[str, Any] = dict.fromkeys(
        ("by_page_kind", "by_agency", "by_kind", "by_purpose", "by_industry", "by_region"), ()
    )
    nothing |= dict.fromkeys(
        ("by_device", "activity", "clicks", "top_searches", "searches_with_little"), ()
    )
    none = {"previous_cost_yen": None, "previous_yen_per_view": None, "views_without_listing": 0}
    return some_report(**(nothing | none | changes))


def _months() -> tuple[MonthRow, ...]:
    return tuple(
        MonthRow(2023 + (month < 4), month, views, before)
        for month, views, before in zip((*range(4, 13), *range(1, 4)), _VIEWS, _BEFORE, strict=True)
    )


def _listings() -> tuple[ListingRow, ...]:
    titles = (*FORMULAS, LONGEST[:200], "W" * 200, "絵文字🎉と𠮷と\u202e逆\u202c")
    return tuple(
        ListingRow(
            f"L{number:06}",
            titles[number] if number < len(titles) else f"設備投資の補助金 第{number}弾（見本）",
            "=青森県" if number == 3 else "青森県",
            300 - number // 2 * 4,
            None if number % 5 == 4 else number * 9,
        )
        for number in range(LISTINGS)
    )


def _parts(*kinds: PageKind | Device) -> tuple[ValueRow, ...]:
    first, *others = kinds
    rest = tuple(ValueRow(kind, kind.label, 3_000, 4_000) for kind in others)
    views, previous = 20_748 - 3_000 * len(rest), 31_272 - 4_000 * len(rest)
    return (ValueRow(first, first.label, views, previous), *rest)
