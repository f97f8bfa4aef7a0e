"""The public page of what is viewed most, and the few that the home page names."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import view_counting
from portal.clock import Clock
from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.models import Listing
from portal.pageviews.kinds import Device, PageKind, ViewClass
from portal.pageviews.models import DailyPageView, ImportedPageView, SpoolPlace
from portal.reports.models import TakenOverTitle
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, make_listing, make_views, publish_and_index
from tests.pages import Page
from tests.portal.pageviews.raw import BOT, PHONE

TODAY = Clock(NOW).today()
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)


def rows(page: Page) -> list[tuple[str | None, str, str | None, str | None]]:
    """Rank, title, address and views of each row."""
    found = []
    for row in page.dom.select(".ranking li"):
        rank, link = row.select_one(".ranking__rank strong"), row.select_one(".ranking__title a")
        views = row.select_one("[data-views]")
        found.append(
            (
                rank and rank.get_text(),
                row.select_one(".ranking__title").get_text(),
                link and link["href"],
                views and views["data-views"],
            )
        )
    return found


def home_rows(page: Page) -> list[str]:
    return page.texts("[aria-labelledby=most-viewed-title] .ranking__title")


def make_several(session: Session) -> list[Listing]:
    return [make_listing(session, title=f"支援{letter}") for letter in "ABCDEF"]


def test_ranking_counts_people_on_all_pages_of_a_listing_within_the_fiscal_year(
    get_page, session: Session
) -> None:
    a, b, c, d, *_ = make_several(session)
    for listing, day, views in [(a, FIRST, 3), (b, LAST, 2), (c, FIRST, 4)]:
        make_views(session, listing, on=day, views=views)
        make_views(session, listing, on=day, views=50, view_class=ViewClass.BOT)
    make_views(session, b, on=LAST, page_kind=PageKind.LISTING_MORE)
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        make_views(session, d, on=day, views=7)
    make_views(session, on=FIRST, views=90)
    make_draft(session, title="書きかけ")
    page = get_page("/ranking?fiscal_year=2025")
    assert page.text("h1") == "令和7年度のアクセス上位"
    assert rows(page) == [
        ("1", "支援C", "/listings/L000003", "4"),
        ("2", "支援A", "/listings/L000001", "3"),
        ("2", "支援B", "/listings/L000002", "3"),
    ]
    assert page.texts(".years a") == ["令和8年度", "令和7年度", "令和6年度"]
    assert page.texts(".years [aria-current]") == ["令和7年度"]
    assert rows(get_page("/ranking")) == [("1", "支援D", "/listings/L000004", "7")]
    assert "見本" not in page.text("main")


def test_what_is_not_public_any_more_says_what_its_own_page_says(
    get_page, session: Session
) -> None:
    pref, town = make_agency(session), make_agency(session, "m02203", name="八戸市")
    gone, shown = make_listing(session, title="秘密A", agency=town), make_listing(session)
    draft = make_draft(session, title="秘密B")
    for listing, views in [(gone, 9), (shown, 5)]:
        make_views(session, listing, on=TODAY, views=views)
    # What no page of ours can have counted is not told either.
    for listing_id in (draft.id, 999):
        session.add(
            DailyPageView(
                viewed_on=TODAY,
                view_class=ViewClass.HUMAN,
                page_kind=PageKind.LISTING,
                listing_id=listing_id,
                version_id=1,
                device=Device.PHONE,
                views=7,
            )
        )
    services.withdraw(session, gone, reason="秘密C", now=NOW)
    session.commit()
    page = get_page("/ranking")
    assert rows(page) == [
        ("1", "掲載を終了した支援", "/listings/L000001", "9"),
        ("2", "店舗改装の補助金", "/listings/L000002", "5"),
    ]
    assert page.texts(".ranking__note a") == ["八戸市", pref.name]
    assert "秘密" not in page.dom.get_text()
    assert "八戸市" in get_page("/listings/L000001", status=410).text("main")
    assert home_rows(get_page("/")) == ["店舗改装の補助金"]


def test_taken_over_year_shows_titles_in_their_order_without_counts(
    get_page, session: Session
) -> None:
    make_listing(session, title="同じ名前")
    make_listing(session, title="二つある名前")
    make_listing(session, title="二つある名前")
    titles = ["もうない支援", "同じ名前", "二つある名前", "同じ名前（家賃）"]
    session.add_all(
        TakenOverTitle(fiscal_year=2022, position=position, title=title)
        for position, title in enumerate(titles, start=1)
    )
    for year, views in [(2022, 31_272), (2023, 20_748)]:
        session.add(ImportedPageView(fiscal_year=year, month=0, views=views, imported_at=NOW))
    session.commit()
    page = get_page("/ranking?fiscal_year=2022")
    links = [None, "/listings/L000001", None, None]
    assert rows(page) == [
        (None, title, link, None) for title, link in zip(titles, links, strict=True)
    ]
    assert "件数は公表されていません" in page.text(".lead")
    only_total = get_page("/ranking?fiscal_year=2023")
    assert (rows(only_total), only_total.texts(".hint")) == (
        [],
        ["前のサイトが公表した、この年度のページビュー数は20,748件です。"],
    )
    assert only_total.texts(".years a") == ["令和8年度", "令和5年度", "令和4年度"]


def test_years_without_anything_say_which_there_are(get_page, session: Session) -> None:
    page = get_page("/ranking")
    assert page.text(".lead") == "この年度は、支援ごとの件数がありません。"
    told = {
        "2020": "令和2年度の記録はありません。",
        "2027": "令和9年度は、まだ始まっていません。",
        "99999999999999999999": "「99999999999999999999」という年度はありません。",
        "-1": "「-1」という年度はありません。",
        "２０２６": "「２０２６」という年度はありません。",
        "0": "「0」という年度はありません。",
        "<b>" * 20: f"「{('<b>' * 20)[:20]}…」という年度はありません。",
    }
    for asked, problem in told.items():
        page = get_page(f"/ranking?fiscal_year={asked}", status=404)
        assert page.text(".notice p") == f"{problem}下の年度から選んでください。"
        assert page.dom.select_one("meta[name=robots]")["content"] == "noindex"
        assert page.texts(".years a") == ["令和8年度"]
    assert get_page("/ranking?fiscal_year=&page=9").text("h1") == "令和8年度のアクセス上位"


def test_sample_views_are_called_so_wherever_they_are_shown(get_page, session: Session) -> None:
    listing = make_listing(session)
    session.add(SpoolPlace(place="here", counted_until=NOW))
    make_views(session, listing, on=TODAY, views=3, is_sample=True)
    page = get_page("/ranking")
    assert page.text("h1") == "令和8年度のアクセス上位（見本）"
    assert page.text("title") == "令和8年度のアクセス上位（見本） | あおビズサーチ"
    assert "この件数は見本です。" in page.text(".notice--warning")
    assert page.text("[data-counted-until]") == "11月20日（金）12:00までの集計"
    assert "このサイトで数え始めたのは、2026年11月20日（金）です。" in page.texts(".hint")
    assert get_page("/").text("#most-viewed-title") == "よく見られている支援（見本）"


@pytest.mark.parametrize(
    ("today", "span", "first"),
    [
        (date(2026, 4, 20), "この90日間", "支援F"),
        (date(2026, 5, 10), "令和8年度", "支援A"),
        (date(2027, 5, 10), "この90日間", None),
    ],
    ids=["new year", "later", "nothing counted"],
)
def test_home_names_what_is_viewed_this_year_or_while_it_is_young_in_the_last_days(
    app: Flask, get_page, resources: Resources, today: date, span: str, first: str | None
) -> None:
    with resources.sessions() as session:
        several = make_several(session)
        for more, listing in enumerate(several):
            make_views(session, listing, on=date(2026, 4, 2), views=9 - more)
        make_views(session, several[-1], on=date(2026, 3, 30), views=99)
    noon = NOW.replace(year=today.year, month=today.month, day=today.day)
    app.extensions["portal"] = replace(resources, clock=Clock(noon))
    page = get_page("/")
    if first is None:
        assert not page.dom.select("#most-viewed-title")
        return
    assert home_rows(page)[0] == first
    assert len(home_rows(page)) == 5
    hint = page.text("[aria-labelledby=most-viewed-title] .hint")
    assert hint == f"{span}に見られた件数の多い順です。"
    assert "/ranking" in {link["href"] for link in page.dom.select(".section__head a")}


def test_what_people_open_is_ranked_and_what_bots_open_is_not(
    app: Flask, get_page, client: FlaskClient, resources: Resources
) -> None:
    publish_and_index(resources, title="人が見た支援")
    publish_and_index(resources, title="巡回された支援")
    client.get("/listings/L000001", headers={"User-Agent": PHONE})
    client.get("/listings/L000001/history", headers={"User-Agent": PHONE})
    for _ in range(3):
        client.get("/listings/L000002", headers={"User-Agent": BOT})
    with app.test_request_context():
        view_counting.count_now()
    page = get_page("/ranking")
    assert rows(page) == [("1", "人が見た支援", "/listings/L000001", "2")]
    assert page.text("[data-counted-until]") == "11月20日（金）12:00までの集計"


def test_sums_are_kept_for_minutes_but_what_may_be_shown_is_asked_each_time(
    app: Flask, get_page, resources: Resources
) -> None:
    with resources.sessions() as session:
        a, b, *_ = make_several(session)
        make_views(session, a, on=TODAY, views=2)
        assert rows(get_page("/ranking"))[0][1] == "支援A"
        make_views(session, b, on=TODAY, views=3)
        services.withdraw(session, queries.get_public(session, a.public_id), reason="終了", now=NOW)
        session.commit()
    assert [row[1] for row in rows(get_page("/ranking"))] == ["掲載を終了した支援"]
    later = Clock(NOW + timedelta(minutes=3))
    app.extensions["portal"] = replace(resources, clock=later)
    assert [row[3] for row in rows(get_page("/ranking"))] == ["3", "2"]


def test_about_tells_what_is_counted_and_what_is_not(get_page) -> None:
    page = get_page("/about")
    section = page.text("main")
    assert page.dom.select_one("h2#page-views")
    for label in ("検索エンジンなどの自動巡回", "職員（ログイン中）", "先読み", "稼働監視"):
        assert label in section
    assert "26か月" in section
