"""The page of the yearly report: one year in figures, its files, the cost, closing it."""

import io
import json
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.extensions import Resources
from portal.pageviews.models import ImportedPageView, SpoolPlace
from portal.reports import presenters
from portal.reports.models import ClosedReportFile, YearlyCost
from portal.reports.yearly import SearchedRow
from tests.accounts import Visitor, actions, make_user, signed_in_admin
from tests.conftest import NOW
from tests.factories import make_listing, make_searches, make_views
from tests.pages import Page
from tests.portal.reports.some_report import some_report

PATH = "/admin/reports/yearly"
LAST_YEAR = f"{PATH}?fiscal_year=2025"


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


def take_over(resources: Resources) -> None:
    with write_transaction(resources.sessions) as session:
        for year, views in ((2022, 31_272), (2023, 20_748)):
            session.add(ImportedPageView(fiscal_year=year, month=0, views=views, imported_at=NOW))
        session.add(YearlyCost(fiscal_year=2023, cost_yen=1_741_000, set_at=NOW))


def summary_of(page: Page) -> dict[str, str]:
    return {
        str(fact["data-summary"]): fact.select_one("dd").get_text()
        for fact in page.dom.select("[data-summary]")
    }


def jumps_of(page: Page) -> list[str]:
    """The keys of the parts that the page leads to; each is there."""
    links = [str(link["href"]) for link in page.dom.select(".report-jumps a")]
    assert all(page.dom.select_one(link) for link in links)
    return [link.removeprefix("#").removesuffix("-title") for link in links]


def test_page_has_the_row_of_the_prefectures_table(resources: Resources, admin: Visitor) -> None:
    take_over(resources)
    page = admin.get(f"{PATH}?fiscal_year=2023")
    assert page.text("h1") == "令和5年度 年間ページビュー数の報告"
    assert summary_of(page) == {
        "item": "年間ページビュー数",
        "previous": "31,272件",
        "total": "20,748件",
        "change": "−33.7 %",
        "cost": "1,741,000円",
        "yen_per_view": "83.9円",
    }
    assert "前のサイトが公表した1年分の数です" in page.text("[data-notes]")
    assert page.dom.select_one("[data-no-parts]")
    assert jumps_of(page) == ["files", "cost", "close", "months", "listings", "definitions"]
    years = [option["value"] for option in page.dom.select("#fiscal_year option")]
    assert years == ["2026", "2023", "2022"]
    chosen = page.dom.select_one("#fiscal_year option[selected]")
    assert chosen["value"] == "2023"
    assert page.dom.select_one(".desk-nav [aria-current=page]").get_text() == "年間の報告"


def test_page_shows_months_listings_and_what_is_left_out(session: Session, admin: Visitor) -> None:
    listing = make_listing(session, title="=1+1 店舗改装")
    make_views(session, listing, on=date(2026, 4, 1), views=1_234)
    make_views(session, on=date(2026, 11, 1), views=6, is_sample=True)
    for day in (1, 2, 3):
        make_searches(session, "q=%E8%96%AA", on=date(2026, 5, day), searches=2, without_hits=2)
    make_searches(session, "q=himitsu", on=date(2026, 5, 1), searches=40, without_hits=40)
    page = admin.get(PATH)
    assert page.text("h1").endswith("（見本）")
    assert "見本" in page.text("[data-sample]")
    assert page.dom.select_one("figure svg[role=img]")
    april = page.dom.select_one("[data-table=months] tbody tr")
    assert [cell.get_text(strip=True) for cell in april] == ["4月", "―", "1,234", "―"]
    (row,) = page.dom.select("[data-table=listings] tbody tr")
    link = row.select_one("a")
    assert (link.get_text(), link["href"]) == ("=1+1 店舗改装", f"/listings/{listing.public_id}")
    searched = page.dom.select_one("[data-table=searches-with-little] tbody tr a")
    assert searched["href"].startswith("/search?")
    assert "himitsu" not in str(page.dom)
    assert page.dom.select_one("[data-table=left-out]")
    assert page.dom.select_one("[data-close=no]")
    assert {"cost", "close", "parts", "clicks", "top-searches", "left-out"} < set(jumps_of(page))


def test_page_shows_the_first_searches_and_leads_each_to_what_it_finds() -> None:
    rows = tuple(SearchedRow(f"「{n}」", f"/search?q={n}", 99 - n, 3, 0, 0) for n in range(12))
    shown = presenters.searches(some_report(top_searches=rows))[0]
    assert shown.left_out == 2
    told = [(row[0].text, row[0].address) for row in shown.rows]
    assert told == [(row.label, row.address) for row in rows[:10]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2027", "令和9年度はまだ始まっていません。令和8年度までを選んでください。"),
        ("1999", "2000から2026まで"),
        ("99999999999999999999", "2000から2026まで"),
        ("令和5", "西暦の4けたの数字"),
        ("²", "西暦の4けたの数字"),
    ],
)
def test_year_that_there_is_not_is_told_kindly(admin: Visitor, asked: str, told: str) -> None:
    for path in (PATH, f"{PATH}.csv"):
        answer = admin.open(path, query_string={"fiscal_year": asked})
        page = Page(answer.status_code, answer.text)
        assert page.status == 404
        assert told in page.text(".lead")
        assert page.dom.select_one("#fiscal_year option[value='2026']")


def test_year_without_data_says_so_and_takes_its_cost(admin: Visitor) -> None:
    page = admin.get(f"{PATH}?fiscal_year=2021&unknown=1")
    assert page.status == 200
    assert summary_of(page)["total"] == "不明"
    assert "令和3年度の閲覧数は分かりません。" in page.text("[data-notes]")
    assert "分からないので、締められません" in page.text("[data-close=no]")
    assert page.dom.select_one("#fiscal_year option[selected]")["value"] == "2021"
    # Nobody counted it, neither this site nor the one before.
    assert page.text("[data-counted-until]") == "数はありません"
    assert "前のサイトが数えた" not in page.text("main")
    answer = admin.send(f"{PATH}/2021/cost", cost_yen="２，０１０，０００円")
    assert answer.status_code == 303
    assert summary_of(admin.get(answer.location))["cost"] == "2,010,000円"


def test_cost_is_recorded_once_and_only_as_a_number(resources: Resources, admin: Visitor) -> None:
    before = len(actions(resources))
    for typed in ("1741000", "1741000"):
        assert admin.send(f"{PATH}/2023/cost", cost_yen=typed).status_code == 303
    assert actions(resources)[before:] == ["report_cost_set"]
    for typed in ("", "百万", "-1", "1.5", "9" * 30):
        answer = admin.send(f"{PATH}/2023/cost", cost_yen=typed)
        page = Page(answer.status_code, answer.text)
        assert (page.status, "例: 1741000" in page.text("#cost_yen-error")) == (422, True)
    assert admin.send(f"{PATH}/3000/cost", cost_yen="1").status_code == 404


def test_files_tell_what_the_page_does(session: Session, admin: Visitor) -> None:
    make_views(session, on=date(2024, 6, 1), views=8)
    make_views(session, make_listing(session), on=date(2025, 6, 1), views=12)
    found = admin.open(f"{PATH}.json?fiscal_year=2025")
    assert found.headers["Content-Disposition"] == (
        'attachment; filename="yearly-report-2025.json"'
    )
    report = json.loads(found.data)
    asked = (
        *("fiscal_year", "label", "total_page_views", "previous_total_page_views"),
        *("change_percent", "cost_yen", "yen_per_view", "counted_until", "taken_over"),
        *("by_month", "by_listing", "by_agency", "by_kind", "by_purpose", "by_industry"),
        *("by_region", "by_device", "left_out"),
    )
    assert set(asked) <= set(report)
    assert set(report["left_out"]) == {"bot", "staff", "prefetch", "monitor", "other"}
    assert (report["total_page_views"], report["change_percent"]) == (12, 50.0)
    book = openpyxl.load_workbook(io.BytesIO(admin.open(f"{PATH}.xlsx?fiscal_year=2025").data))
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {8, 12, 50.0} <= cells
    assert admin.open(f"{PATH}.pdf?fiscal_year=2025").data.startswith(b"%PDF-")
    assert "年間ページビュー数,件,8,12" in admin.open(f"{PATH}.csv?fiscal_year=2025").text


def test_year_is_closed_once_it_was_confirmed_and_then_stays(
    resources: Resources, session: Session, admin: Visitor
) -> None:
    make_views(session, on=date(2025, 6, 1), views=8)
    assert admin.get(LAST_YEAR).dom.select_one("[data-close=yes] input[name=is_confirmed]")
    unsure = admin.send(f"{PATH}/2025/close")
    assert (unsure.status_code, "印を付けてください" in unsure.text) == (422, True)
    before = len(actions(resources))
    assert admin.send(f"{PATH}/2025/close", is_confirmed="1").location == LAST_YEAR
    assert actions(resources)[before:] == ["report_year_closed"]
    assert not admin.get(LAST_YEAR).dom.select("[data-stored-total]")
    # As a clock that was set back, or a host that was thought to be gone, brings them.
    make_views(session, on=date(2025, 6, 2), views=90)
    page = admin.get(LAST_YEAR)
    assert page.dom.select_one("[data-stored-total='8']")
    assert page.dom.select_one("[data-close=closed]")
    assert not page.dom.select("[name=cost_yen]")
    kept = json.loads(admin.open(f"{PATH}.json?fiscal_year=2025").data)
    assert (kept["total_page_views"], kept["closed_at"]) == (8, "2026-11-20T12:00:00+09:00")
    again = admin.send(f"{PATH}/2025/close", is_confirmed="1")
    assert (again.status_code, "もう締めてあります" in again.text) == (409, True)
    with write_transaction(resources.sessions) as own:
        own.get_one(ClosedReportFile, (2025, "csv")).content += b"0"
        own.get_one(ClosedReportFile, (2025, "json")).content += b"0"
    refused = admin.open(f"{PATH}.csv?fiscal_year=2025")
    assert (refused.status_code, "CSVファイルが、締めたときの内容と違います" in refused.text) == (
        500,
        True,
    )
    told = admin.open(LAST_YEAR)
    assert (told.status_code, "JSONファイルが、締めたときの内容と違います" in told.text) == (
        200,
        True,
    )


def test_year_is_not_closed_while_a_host_lags(session: Session, admin: Visitor) -> None:
    make_views(session, on=date(2025, 6, 1))
    session.add(SpoolPlace(place="elsewhere:/data", counted_until=NOW.replace(month=2)))
    session.commit()
    answer = admin.send(f"{PATH}/2025/close", is_confirmed="1")
    assert (answer.status_code, "elsewhere:/data" in answer.text) == (409, True)


def test_staff_do_not_get_in(app: Flask, resources: Resources) -> None:
    make_user(resources, "clerk@town.example.jp", role=Role.APPROVER, has_totp=False)
    clerk = Visitor(app)
    clerk.sign_in("clerk@town.example.jp")
    for path in (PATH, f"{PATH}.csv"):
        assert clerk.open(path).status_code in (303, 403)
