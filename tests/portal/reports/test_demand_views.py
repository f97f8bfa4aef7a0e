"""The pages of unmet demand, from what was searched for to what is then found."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.publishing import prefilling
from tests.accounts import Visitor, signed_in, signed_in_admin
from tests.conftest import MakeApp, MakeDatabase, make_settings, resources_of
from tests.factories import make_agency, make_views, publish_and_index
from tests.pages import Page
from tests.portal.reports.test_searched import days, search

CLERK = "clerk@hirosaki.example.jp"
FEW = {"with_few_hits": 2, "times": 2}


@pytest.fixture
def real_app(tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp) -> Flask:
    """An app whose index is in a folder."""
    settings = make_settings(
        tmp_path,
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index",
    )
    app = make_app(settings)
    app.testing = True
    resources_of(app).indexer.rebuild()
    return app


def clerk_of_hirosaki(app: Flask, *, level: str = "municipality") -> Visitor:
    with resources_of(app).sessions.begin() as session:
        make_agency(session, "m02202", name="弘前市", level=level, region_code="02202")
    return signed_in(app, CLERK, role=Role.STAFF, agency="m02202")


def labels(page: Page) -> list[str]:
    return page.texts("[data-demand] h2")


def link_of(row: Tag, text: str) -> str:
    found = [link["href"] for link in row.select("a") if link.get_text().startswith(text)]
    assert len(found) == 1, row
    return str(found[0])


def test_search_in_vain_is_proposed_added_with_one_click_and_then_finds_its_listing(
    real_app: Flask, session: Session
) -> None:
    held = resources_of(real_app)
    listing = publish_and_index(held, title="除雪機の購入補助", summary="除雪機を買う費用。")
    clerk, owner = clerk_of_hirosaki(real_app), Visitor(real_app)
    asked = "/search?q=ゆきはね&region=02202&purpose=equipment"
    with held.sessions() as counting:
        conditions = "q=ゆきはね&region=02202&purpose=equipment"
        search(counting, conditions, *days(1, 2), times=4, without_hits=4)
    # Eight times, but on two days; somebody makes it on a third.
    assert labels(clerk.get("/staff/demand")) == []
    assert owner.get(asked).listing_ids == []
    page = clerk.get("/staff/demand")
    assert labels(page) == ["「ゆきはね」（地域: 弘前市、目的: 設備投資）"]
    row = page.dom.select_one("[data-demand]")
    assert row.select_one("[data-found-now]")["data-found-now"] == "0"
    assert row.select_one("[data-without-hits]")["data-without-hits"] == "9"
    assert row.h2.a["href"].startswith("/search?q=")

    form = clerk.get(link_of(row, "同義語に追加を提案"))
    assert form.dom.select_one("input[name=word]")["value"] == "ゆきはね"
    answer = clerk.send("/staff/demand/proposals/new", word="ゆきはね", equivalents="除雪")
    assert answer.location == "/staff/demand/proposals"

    admin = signed_in_admin(real_app)
    assert admin.get("/admin/demand").dom.select_one("[data-open-proposals]")
    waiting = admin.get("/admin/demand/proposals")
    button = waiting.dom.select_one("[data-state=open] form[action$=accept]")
    assert admin.send(button["action"]).status_code == 303
    assert clerk.get("/staff/demand/proposals").dom.select_one("[data-state=added]")

    assert owner.get(asked).listing_ids == [listing]
    row = clerk.get("/staff/demand").dom.select_one("[data-demand]")
    assert row.select_one("[data-found-now]")["data-found-now"] == "1"


def test_listing_for_a_demand_is_begun_with_the_conditions_of_the_search(app: Flask) -> None:
    held = resources_of(app)
    conditions = "q=x&region=pref&purpose=startup&purpose=equipment&kind=loan&industry=E"
    with held.sessions() as session:
        search(session, conditions, *days(1, 2, 3), **FEW)
    clerk, admin = clerk_of_hirosaki(app), signed_in_admin(app)
    address = link_of(clerk.get("/staff/demand").dom.select_one("[data-demand]"), "この条件の")
    editor = clerk.get(address)

    def chosen(page: Page, name: str) -> set[str]:
        boxes = page.dom.select(f"input[name={name}][checked]")
        return {box["value"] for box in boxes} | {
            option["value"] for option in page.dom.select(f"select[name={name}] [selected]")
        }

    assert chosen(editor, "purposes") == {"startup", "equipment"}
    assert chosen(editor, "kind") == {"loan"}
    assert chosen(editor, "industries") == {"E"}
    # Their own, not all that was searched.
    assert chosen(editor, "regions") == {"02202"}

    address = link_of(admin.get("/admin/demand").dom.select_one("[data-demand]"), "この条件の")
    step = admin.get(address)
    kept = [(box["name"], box["value"]) for box in step.dom.select("main input[type=hidden]")]
    assert ("region", "pref") in kept
    bad = "/staff/listings/new?region=99999&kind=loan&kind=subsidy&purpose=&industry=%00&title=x"
    editor = clerk.get(bad)
    assert chosen(editor, "kind") <= {""}
    assert chosen(editor, "regions") == {"02202"}
    assert editor.dom.select_one("input[name=title]").get("value", "") == ""
    # What somebody was typing is not lost for it.
    clerk.send("/staff/listings/new/autosave", title="書きかけ", agency="m02202")
    editor = clerk.get(address)
    assert "書きかけ" in str(editor.dom)
    assert prefilling.KEPT_INSTEAD in editor.dom.get_text()


def test_municipality_sees_its_own_demand_and_all_others_choose_a_place(app: Flask) -> None:
    held = resources_of(app)
    with held.sessions() as session:
        for conditions in ("q=own&region=02202", "q=other&region=02203", "q=nowhere"):
            search(session, conditions, *days(1, 2, 3), **FEW)
        search(session, "q=own&region=02202", *days(1, 2, 3, month=6), times=9, with_few_hits=9)
        search(session, "q=last+year", *days(1, 2, 3, year=2025), **FEW)
    clerk, admin = clerk_of_hirosaki(app), signed_in_admin(app)
    own, other = "「own」（地域: 弘前市）", "「other」（地域: 八戸市）"
    page = clerk.get("/staff/demand")
    assert labels(page) == [own]
    assert page.texts("[data-month]") == ["5月 6回、", "6月 27回"]
    assert labels(clerk.get("/staff/demand?place=none")) == ["「nowhere」"]
    assert labels(clerk.get("/staff/demand?place=02203")) == [own]
    assert labels(clerk.get("/staff/demand?month=5")) == [own]
    assert labels(clerk.get("/staff/demand?month=7")) == []
    last_year = clerk.get("/staff/demand?fiscal_year=2025&place=none")
    assert labels(last_year) == ["「last year」"]

    assert labels(admin.get("/admin/demand")) == [own, "「nowhere」", other]
    assert labels(admin.get("/admin/demand?place=02203")) == [other]
    assert admin.open("/staff/demand?place=02203").location == "/admin/demand?place=02203"
    assert admin.open("/staff/demand/proposals/new").location == "/admin/demand/proposals"
    assert admin.send("/staff/demand/proposals/new", word="a", equivalents="b").status_code == 404

    for asked in ("1999", "2027", "99999999999", "x", "-1", "２０２５", "%00"):
        page = clerk.get(f"/staff/demand?fiscal_year={asked}&month=13&page=x&unknown=1")
        assert page.text("main [role=status]").startswith("選んだ年度の検索の記録はありません。")
        assert labels(page) == [own]
    assert "この番号のページはありません" in clerk.get("/staff/demand?page=9").text("main")


def test_support_body_sees_the_whole_prefecture(app: Flask) -> None:
    with resources_of(app).sessions() as session:
        search(session, "q=other&region=02203", *days(1, 2, 3), **FEW)
    clerk = clerk_of_hirosaki(app, level="organization")
    assert labels(clerk.get("/staff/demand")) == ["「other」（地域: 八戸市）"]


def test_file_says_what_the_page_says_and_holds_no_formulas(app: Flask) -> None:
    with resources_of(app).sessions() as session:
        search(session, "q=%3DHYPERLINK(1)&region=02202", *days(1, 2, 3), **FEW)
        search(session, "q=%3DHYPERLINK(1)&region=02202", date(2026, 6, 1), times=5)
        search(session, "q=secret", *days(1, 2), **FEW)
        search(session, "q=b", *days(1, 2, 3), **FEW)
        search(session, "q=b", *days(4, 5, 6, month=3, year=2027), times=3, with_few_hits=3)
        make_views(session, on=date(2026, 5, 1), is_sample=True)
    admin = signed_in_admin(app)
    assert admin.get("/admin/demand").text("h1") == "求められている支援（見本）"
    answer = admin.send("/admin/demand/export", fiscal_year="2026", unknown="x")
    assert "demand-2026-sample.csv" in answer.headers["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [row[1:9] for row in rows] == [
        ["年度の計", "「b」", "地域の指定なし", "15", "6", "0", "15", "/search?q=b"],
        ["5月", "「b」", "地域の指定なし", "6", "3", "0", "6", "/search?q=b"],
        ["3月", "「b」", "地域の指定なし", "9", "3", "0", "9", "/search?q=b"],
        [
            *("年度の計", "「=HYPERLINK(1)」（地域: 弘前市）", "弘前市", "11", "4", "0", "6"),
            "/search?q=%3DHYPERLINK%281%29&region=02202",
        ],
    ]
    assert {row[9] for row in rows} == {"見本データ"}
    assert {row[0] for row in rows} == {"令和8年度"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert len(header) == len(rows[0])
    month = admin.send("/admin/demand/export", month="3").text.splitlines()
    assert [line.split(",")[1:3] for line in month[1:]] == [["3月", "「b」"]]


def test_what_a_clerk_proposed_is_one_click_beside_the_search(app: Flask) -> None:
    held = resources_of(app)
    publish_and_index(held, title="除雪機の購入補助")
    with held.sessions() as session:
        search(session, "q=弘前 ゆきはね", *days(1, 2, 3), **FEW)
    clerk, admin = clerk_of_hirosaki(app), signed_in_admin(app)
    assert not admin.get("/admin/demand").dom.select("[data-demand] form")
    clerk.send("/staff/demand/proposals/new", word="ゆきはね", equivalents="除雪、 \r\n雪かき")
    here = "/admin/demand?fiscal_year=2026&place=02202"
    form = admin.get(here).dom.select_one("[data-demand] form")
    assert form.button.get_text() == "同義語に追加: ゆきはね ＝ 除雪 ＝ 雪かき"
    target = form.select_one("input[name=next]")["value"]
    assert admin.send(form["action"], next=target).location == here
    flashes = admin.get(here).text("main [role=status]")
    assert flashes.startswith("「ゆきはね」を「除雪」「雪かき」と同じ意味として足しました。")
    assert admin.get(here).dom.select_one("[data-found-now]")["data-found-now"] == "1"


def test_what_cannot_be_proposed_or_added_is_told_and_nothing_is_lost(app: Flask) -> None:
    clerk, admin = clerk_of_hirosaki(app), signed_in_admin(app)
    new, proposals = "/staff/demand/proposals/new", "/admin/demand/proposals"
    for word in ("%00", "%ff", "x" * 300, "", "<b>", "-"):
        clerk.get(f"{new}?word={word}&word=y&unknown=1")
    answer = clerk.send(new, word="ゆきはね", chosen="雪はね x", equivalents="", note="あ" * 201)
    assert answer.status_code == 422
    page = Page(422, answer.text)
    assert page.texts("[role=alert] a") == ["メモは200文字までの文字だけで入れてください。"]
    assert page.dom.select_one("input[name=chosen][checked]")["value"] == "雪はね x"
    assert clerk.send(new, word="ゆきはね", equivalents="除雪").status_code == 303

    assert admin.send(f"{proposals}/add").status_code == 422
    answer = admin.send(f"{proposals}/1/decline", reason=" ")
    assert answer.status_code == 422
    wrong = Page(422, answer.text).dom.select_one(
        "[data-proposal='1'] details[open] input[name=reason]"
    )
    assert wrong["aria-invalid"] == "true"
    for number in ("2", "0", "99999999999999999999"):
        assert admin.send(f"{proposals}/{number}/accept").status_code == 404
    assert admin.send(f"{proposals}/1/decline", reason="意味が広すぎます。").status_code == 303
    answer = admin.send(f"{proposals}/1/accept", next="//evil.example")
    assert answer.location == proposals
    assert "もう決めています" in admin.get(proposals).text("main [role=status]")
    row = clerk.get("/staff/demand/proposals").dom.select_one("[data-state=declined]")
    assert "意味が広すぎます。" in row.get_text()
