"""What an agency is told of its own listings: the numbers, the page, and the files."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.favorites.models import Favorite
from portal.fiscal_year import FiscalYear
from portal.listings import services
from portal.listings.models import Listing, public_id_of
from portal.listings.vocabulary import Vocabulary
from portal.pageviews.kinds import ClickKind, PageKind, ViewClass
from portal.reports.agency_statistics import AgencyStatistics, Measure
from portal.reports.statistics import agency_statistics
from portal.spreadsheets import unguarded
from tests.accounts import Visitor, make_user, signed_in, signed_in_admin
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, make_draft, make_listing, make_views
from tests.pages import Page
from tests.portal.reports.agency_counts import make_clicks, make_visits

YEAR = FiscalYear(2026)
TODAY = date(2026, 11, 20)
TITLES = ("雪の補助金", "=1+1", "＋８１の融資", "\t@SUM(A1)", "https://city.example.jp/")
SECRET = "q=夜逃げ"


def days(month: int, *numbers: int) -> list[date]:
    return [date(2026, month, number) for number in numbers]


def fill(session: Session, agency: Agency, other: Agency) -> list[Listing]:
    """Two years of an agency, and the same days of another."""
    listings = [make_listing(session, agency=agency, title=title) for title in TITLES]
    first, second, third, *_ = listings
    make_views(session, first, on=date(2026, 3, 31), views=7)
    make_views(session, first, on=date(2026, 4, 1), views=30)
    make_views(session, first, on=date(2026, 4, 1), views=3, page_kind=PageKind.LISTING_MORE)
    make_views(session, second, on=date(2026, 11, 19), views=5)
    make_views(session, third, on=date(2025, 12, 1), views=2)
    for left_out in (ViewClass.BOT, ViewClass.STAFF, ViewClass.OTHER):
        make_views(session, first, on=date(2026, 4, 2), views=1_000, view_class=left_out)
    make_views(session, on=date(2026, 4, 2), views=500)
    for kind, clicks in ((ClickKind.APPLY, 4), (ClickKind.CONTACT, 3), (ClickKind.SITE, 2)):
        make_clicks(session, first, on=date(2026, 5, 1), clicks=clicks, kind=kind)
    make_clicks(session, second, on=date(2026, 11, 1), kind=ClickKind.APPLY)
    make_visits(session, first, "q=雪+設備&region=02201", on=days(4, 1, 2, 3), visits=2)
    make_visits(session, first, SECRET, on=days(4, 1, 2, 3, 4))
    make_visits(session, second, SECRET, on=days(4, 1, 2), visits=40)
    foreign = make_listing(session, agency=other, title="よその補助金")
    make_views(session, foreign, on=date(2026, 4, 1), views=9_999)
    make_clicks(session, foreign, on=date(2026, 4, 1), clicks=888, kind=ClickKind.APPLY)
    make_visits(session, foreign, "q=よそ", on=days(4, 1, 2, 3), visits=77)
    make_draft(session, agency=agency, title="下書き")
    services.withdraw(session, third, reason="終了", now=NOW)
    session.commit()
    return listings


def agencies(session: Session) -> tuple[Agency, Agency]:
    town = {"level": "municipality", "region_code": None}
    own = make_agency(session, "m02201", name="青森市", **town)
    return own, make_agency(session, "m02202", name="弘前市", **town)


def counted(statistics: AgencyStatistics, measure: Measure) -> tuple[int | None, int, int]:
    """The total, and the sums of months and of listings."""
    return (
        statistics.total[measure],
        sum(month.numbers[measure] or 0 for month in statistics.months),
        sum(row.numbers[measure] or 0 for row in statistics.listings),
    )


def test_numbers_are_those_of_the_agency_and_year_and_all_sums_agree(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    with database() as session:
        own, other = agencies(session)
        listings = fill(session, own, other)
        found = agency_statistics(session, own, YEAR, vocabulary, today=TODAY)
        assert counted(found, Measure.VIEWS) == (38, 38, 38)
        assert counted(found, Measure.APPLY) == (5, 5, 5)
        assert counted(found, Measure.CONTACT) == (3, 3, 3)
        assert counted(found, Measure.SITE) == (2, 2, 2)
        assert counted(found, Measure.VISITS) == (6, 6, 6)
        assert found.previous_total[Measure.VIEWS] == 9
        # Whatever was viewed, and all that is public: the most viewed first.
        assert [
            (row.title, row.numbers[Measure.VIEWS], row.previous_views) for row in found.listings
        ] == [
            ("雪の補助金", 33, 7),
            ("=1+1", 5, 0),
            ("＋８１の融資", 0, 2),
            *((listing_title, 0, 0) for listing_title in TITLES[3:]),
        ]
        assert [row.is_public for row in found.listings] == [True, True, False, True, True]
        assert [(row.label, row.public_id, row.visits, row.days) for row in found.searches] == [
            ("「雪 設備」（地域: 青森市）", public_id_of(listings[0].id), 6, 3)
        ]
        known = {month.month: month.numbers[Measure.VIEWS] for month in found.months}
        assert known == {
            4: 33,
            **dict.fromkeys(range(5, 11), 0),
            11: 5,
            **dict.fromkeys((12, 1, 2, 3)),
        }
        before = {month.month: month.previous_views for month in found.months}
        assert before == {**dict.fromkeys(range(4, 12)), 12: 2, 1: 0, 2: 0, 3: 7}
        last_year = agency_statistics(session, own, FiscalYear(2025), vocabulary, today=TODAY)
        assert counted(last_year, Measure.VIEWS) == (9, 9, 9)
        assert last_year.previous_total[Measure.VIEWS] is None
        nothing = agency_statistics(session, own, FiscalYear(2024), vocabulary, today=TODAY)
        assert counted(nothing, Measure.VIEWS) == (0, 0, 0)


@pytest.fixture
def clerk(app: Flask) -> Visitor:
    """Somebody of the agency whose listings were counted."""
    held = resources_of(app)
    with held.sessions() as session:
        first, *_ = fill(session, *agencies(session))
        listing_id, version_id = first.id, first.public_version_id
    clerk = signed_in(app, "clerk@aomori.example.jp", role=Role.STAFF, agency="m02201")
    owner = make_user(held, "owner@firm.example.jp")
    with held.sessions() as session:
        kept = {"known_version_id": version_id, "saved_at": NOW}
        session.add(Favorite(user_id=owner, listing_id=listing_id, **kept))
        session.commit()
    return clerk


def tables(page: Page) -> list[list[list[str]]]:
    """The numbers of months and of listings, row by row; what is not told is empty."""
    return [
        [
            [
                "" if cell.select(".figures__none") else cell.select("span")[1].get_text(strip=True)
                for cell in row.select("[data-measure]")
            ]
            for row in table.select("tbody tr, tfoot tr")
        ]
        for table in page.dom.select("table.figures")[:2]
    ]


def blocks(rows: Iterable[list[str]]) -> list[list[list[str]]]:
    """What stands between empty rows."""
    found: list[list[list[str]]] = [[]]
    for row in rows:
        if any(row):
            found[-1].append(row)
        else:
            found.append([])
    return found


def test_page_csv_and_workbook_say_the_same_and_titles_stay_texts(clerk: Visitor) -> None:
    page = clerk.get("/staff/statistics")
    answer = clerk.open("/staff/statistics.csv")
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="statistics-m02201-2026.csv"'
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "＋", "\t", "@"))]
    first, *others = blocks([[unguarded(cell) for cell in line] for line in lines])
    in_csv = [first[1:], *(block[1:] for block in others)]
    workbook = openpyxl.load_workbook(io.BytesIO(clerk.open("/staff/statistics.xlsx").data))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    for sheet, expected in zip(workbook, in_csv, strict=True):
        texts = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        *_, table = blocks(texts)
        assert table[len(table) - len(expected) :] == expected, sheet.title
    month_rows, listing_rows, search_rows = (table[1:] for table in in_csv[1:4])
    months, listings = tables(page)
    assert months == [row[1:] for row in month_rows]
    assert listings == [row[3:] for row in listing_rows[:-1]]
    assert [row[1] for row in listing_rows[:-1]] == list(TITLES)
    assert listing_rows[-1][3:] == ["38", "6", "5", "3", "2", "9", "1"]
    assert [(row[0], row[3]) for row in search_rows] == [("「雪 設備」（地域: 青森市）", "6")]
    for text in (page.dom.get_text(), answer.text, str([cell.value for cell in cells])):
        assert "夜逃げ" not in text
        assert "よそ" not in text
        assert "見本" not in text


def test_page_leads_to_the_listing_its_public_page_and_the_search(clerk: Visitor) -> None:
    page = clerk.get("/staff/statistics?page=1&sort=x")
    first, _, third, *_ = page.dom.select("tr[data-listing]")
    assert [link["href"] for link in first.select("a")] == [
        "/listings/L000001",
        "/staff/listings/L000001",
    ]
    assert [link["href"] for link in third.select("a")] == ["/staff/listings/L000003"]
    search = page.dom.select_one("tr[data-search] a")
    assert search is not None
    for link in (*first.select("a"), search):
        assert clerk.open(str(link["href"])).status_code == 200
    assert page.dom.select_one("svg title") is not None
    home = clerk.get("/staff")
    assert home.dom.select_one("[data-recent-views='5']") is not None
    assert [item["data-most-viewed"] for item in home.dom.select("[data-most-viewed]")] == [
        "L000002"
    ]
    rows = clerk.get("/staff/listings").dom.select("[data-listing]:has([data-views])")
    shown = {row["data-listing"]: row.select("[data-views]")[0]["data-views"] for row in rows}
    assert shown["L000002"] == "5"
    assert {number for listing, number in shown.items() if listing != "L000002"} == {"0"}


def test_agencies_see_their_own_alone_and_the_prefecture_chooses(
    app: Flask, clerk: Visitor
) -> None:
    own = clerk.get("/staff/statistics?agency=m02202")
    assert own.text("h1") == "青森市の集計"
    assert "9,999" not in own.dom.get_text()
    assert b"9999" not in clerk.open("/staff/statistics.csv?agency=m02202").data
    assert clerk.open("/admin/statistics?agency=m02201").status_code in (403, 404)
    admin = signed_in_admin(app)
    everybody = admin.get("/admin/statistics")
    rows = {
        str(row["data-agency"]): row.select("td")[0].get_text()
        for row in everybody.dom.select("[data-agency]")
    }
    assert rows == {"m02202": "9,999", "m02201": "38"}
    theirs = admin.get("/admin/statistics?agency=m02202&fiscal_year=2026")
    assert theirs.text("h1") == "弘前市の集計"
    assert "よその補助金" in admin.open("/admin/statistics.csv?agency=m02202").text
    assert (
        admin.open("/staff/statistics?agency=m02202").location == "/admin/statistics?agency=m02202"
    )
    assert admin.open("/admin/statistics.csv").location == "/admin/statistics"
    assert admin.open("/admin/statistics?agency=x%00").status_code == 404


def test_years_that_there_is_nothing_of_are_told_and_never_break(clerk: Visitor) -> None:
    told = {
        "2027": "令和9年度は、まだ始まっていません",
        "2024": "令和6年度は、このサイトで数え始める前",
        **dict.fromkeys(
            ("0", "-1", "x", "２０２６", "99999999999", "1868", "2026 ", "%00"), "読み取れません"
        ),
    }
    for year, text in told.items():
        page = clerk.get(f"/staff/statistics?fiscal_year={year}")
        assert text in page.text("[data-problem]"), year
        assert not page.dom.select("table")
        for file in ("csv", "xlsx"):
            led = clerk.open(f"/staff/statistics.{file}?fiscal_year={year}")
            assert text in clerk.get(led.location).text("[data-problem]"), year
    years = clerk.get("/staff/statistics?fiscal_year=").dom.select("#fiscal_year option")
    assert [option["value"] for option in years] == ["2026", "2025"]
    assert clerk.get("/staff/statistics?page=99").dom.select("[data-total]")


def test_made_up_numbers_say_so_in_the_title_and_in_the_files(app: Flask, clerk: Visitor) -> None:
    with resources_of(app).sessions() as session:
        first = session.get_one(Listing, 1)
        make_views(session, first, on=date(2026, 11, 2), is_sample=True)
    page = clerk.get("/staff/statistics")
    assert page.text("h1") == "青森市の集計（見本）"
    assert "見本" in page.text("head > title")
    assert "見本の数です" in page.text("[data-sample]")
    assert "見本の数が含まれています" in clerk.open("/staff/statistics.csv").text
    workbook = openpyxl.load_workbook(io.BytesIO(clerk.open("/staff/statistics.xlsx").data))
    for sheet in workbook:
        assert sheet["A1"].value == "青森市の集計 令和8年度（見本）"
        assert "見本の数が含まれています" in sheet["A2"].value
    assert workbook.properties.created == NOW.replace(tzinfo=None)
    assert "見本" in clerk.get("/staff").text("#views-title")
    assert "見本" in clerk.get("/staff/listings").text("[data-listing=L000001] [data-views]")
    assert "（見本）" in signed_in_admin(app).get("/admin/statistics").text("h1")
