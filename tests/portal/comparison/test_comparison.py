"""Listings beside each other: what the table says, and what is done with any address."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.content import RelationContent
from tests.accounts import Visitor
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, make_listing, publish_and_index
from tests.pages import Page


def compare(*ids: str) -> str:
    return "/compare?" + "&".join(f"id={public_id}" for public_id in ids)


def ids_in(address: Any) -> list[str]:
    return [value for name, value in parse_qsl(urlsplit(str(address)).query) if name == "id"]


def columns(page: Page) -> list[str]:
    return [str(head["data-listing-id"]) for head in page.dom.select("thead [data-listing-id]")]


def differing(page: Page) -> dict[str, bool]:
    rows = page.dom.select("tbody tr")
    return {str(row["data-row"]): row["data-differs"] == "yes" for row in rows}


def said(page: Page, row: str) -> list[str]:
    return page.texts(f"[data-row={row}] .comparison__said")


def make_several(resources: Resources, number: int, **content: Any) -> list[str]:
    with resources.sessions() as session:
        found = [
            make_listing(session, title=f"補助金{place}", **content).public_id
            for place in range(1, number + 1)
        ]
    resources.indexer.drain(timeout=1)
    return found


def withdraw(resources: Resources, public_id: str) -> None:
    with resources.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.withdraw(session, listing, reason="終了", now=NOW)
    resources.indexer.drain(timeout=1)


def test_table_says_what_differs_and_white_space_does_not(get_page, resources: Resources) -> None:
    alike = {"rate": "1/2", "documents": ("申請書", "見積書"), "tel": "017-000-0000"}
    first = publish_and_index(
        resources,
        title="改装の補助金",
        eligibility="県内の 中小企業\n",
        amount_max_yen=500_000,
        date_state="window",
        opens_on=date(2026, 11, 1),
        closes_on=date(2026, 11, 30),
        purposes=("equipment", "startup"),
        **alike,
    )
    with resources.sessions() as session:
        town = make_agency(session, "m02201", name="青森市", level="municipality")
        second = make_listing(
            session,
            agency=town,
            title="市の補助金",
            eligibility="県内の　中小企業",
            purposes=("startup", "equipment"),
            apply_url="https://www.example.jp/apply",
            **alike | {"documents": ("見積書", " 申請書")},
        ).public_id
    page = get_page(compare(first, second))
    assert columns(page) == [first, second]
    assert page.texts("thead .comparison__title") == ["改装の補助金", "市の補助金"]
    keeping = page.dom.select("thead button[form=favorite-form]")
    assert [button["data-keeps"] for button in keeping] == [first, second]
    assert all("#star" in str(button.svg) for button in keeping)
    assert said(page, "amount") == ["50万円", "記載なし"]
    assert said(page, "rate") == ["1/2", "1/2"]
    deadline, always = said(page, "status")
    assert "まもなく締切" in deadline
    assert "あと10日" in deadline
    assert "随時" in always
    assert said(page, "agency") == ["青森県（県）", "青森市（市町村）"]
    assert said(page, "desk") == ["017-000-0000", "017-000-0000"]
    assert page.dom.select_one("[data-row=desk] a")["href"] == "tel:0170000000"
    assert said(page, "how") == ["記載なし", "申込ページ"]
    expected = {"status", "period", "amount", "how", "agency"}
    assert {row for row, differs in differing(page).items() if differs} == expected
    assert {"eligibility", "purposes", "documents", "rate", "confirmed"} <= set(differing(page))
    for row in page.dom.select("tbody tr"):
        assert row.select_one("th[scope=row]")
        assert len(row.select("td")) == 2
        assert ("ちがい" in row.th.get_text()) == (row["data-differs"] == "yes")

    switched = get_page(page.dom.select_one("[data-switch]")["href"])
    assert set(differing(switched)) == expected
    assert columns(switched) == [first, second]
    back = get_page(switched.dom.select_one("[data-switch]")["href"])
    assert differing(back) == differing(page)


def test_equal_listings_say_so_and_leave_nothing_to_switch(get_page, resources: Resources) -> None:
    page = get_page(compare(*make_several(resources, 2)))
    assert not any(differing(page).values())
    assert "どの項目も同じでした" in page.text("[data-different]")
    assert not page.dom.select("[data-switch]")


def test_who_ticked_too_few_favorites_is_led_back_to_them(app: Flask, resources: Resources) -> None:
    visitor, ids = Visitor(app), make_several(resources, 2)
    visitor.send("/favorites/shared", id=ids)
    for path in ("/compare", compare(ids[0])):
        assert visitor.get(path).dom.select("main a[href='/favorites']")


def test_any_number_of_ids_leads_on(get_page, resources: Resources) -> None:
    ids = make_several(resources, 6)
    nothing = get_page("/compare")
    assert not nothing.dom.select("table")
    assert nothing.dom.select("main a[href='/search']")
    assert not nothing.dom.select("main a[href='/favorites']")

    one = get_page(compare(ids[0]))
    assert not one.dom.select("table")
    assert "補助金1" in one.text("main .lead")
    added = one.dom.select("[data-candidate] .button")
    assert added
    two = get_page(added[0]["href"])
    assert columns(two)[0] == ids[0]
    assert len(columns(two)) == 2
    # Nothing in the table is offered again, and there is a way to have more in it.
    offered = {str(row["data-candidate"]) for row in two.dom.select("[data-candidate]")}
    assert offered
    assert not offered & set(columns(two))

    six = get_page(compare(*ids))
    assert columns(six) == ids[:4]
    assert "4件まで" in six.text("[data-waiting] p")
    assert [text.split()[0] for text in six.texts("[data-waiting] li")] == ["補助金5", "補助金6"]
    exchanged = six.dom.select("[data-waiting] li a")[3]["href"]
    assert columns(get_page(exchanged)) == [*ids[:3], ids[5]]
    assert sorted(ids_in(exchanged)) == ids
    removed = [link["href"] for link in six.dom.select("[data-remove]")]
    assert [ids_in(address) for address in removed] == [
        [other for other in ids if other != without] for without in ids[:4]
    ]
    # What is sent to others is what is shown.
    assert ids_in(six.text("#share-address")) == ids[:4]
    assert str(six.dom.select_one(".share__qr")["src"]).startswith("data:image/svg+xml,")


def test_doubles_and_ids_of_nothing_public_are_told(get_page, resources: Resources) -> None:
    first, second = make_several(resources, 2)
    with resources.sessions() as session:
        draft = make_draft(session, title="まだ見せない").public_id
        session.commit()
    asked = [first, " l000001", draft, second, "L999999", "<b>x</b>" * 9]
    page = get_page("/compare?" + "&".join(f"id={one}" for one in asked))
    assert columns(page) == [first, second]
    assert "1つにまとめました" in page.text("[data-doubles]")
    assert all(name in page.text("[data-unknown]") for name in (draft, "L999999", "<B>X</B>"))
    assert "まだ見せない" not in page.text("main")


@pytest.mark.parametrize(
    "query",
    ["id=", "id=%00", "id=%ff%fe", "id=L" + "9" * 400, "id=" + "x" * 5_000, "id[]=L000001",
     "differences=1", "differences=x&id=L000001&id=L000001", "&".join(["id=L000009"] * 500)],
    ids=range(9),
)  # fmt: skip
def test_no_address_is_an_error(client: FlaskClient, query: str) -> None:
    assert client.get(f"/compare?{query}").status_code == 200


def test_withdrawn_listing_is_told_with_what_took_its_place(get_page, resources: Resources) -> None:
    old, other, lost = make_several(resources, 3)
    relations = (RelationContent("predecessor", old),)
    new = publish_and_index(resources, title="新しい補助金", relations=relations)
    withdraw(resources, old)
    withdraw(resources, lost)
    page = get_page(compare(old, other, lost))
    assert "掲載終了" in page.text(f"[data-withdrawn={old}] strong")
    assert "新しい補助金" in page.text(f"[data-withdrawn={old}]")
    assert "青森県にお尋ねください" in page.text(f"[data-withdrawn={lost}]")
    assert "補助金1" not in page.text("main")
    assert not page.dom.select("table")
    instead = get_page(page.dom.select_one("[data-exchanged]")["href"])
    assert columns(instead) == [other, new]


def test_pairs_are_told_once_whoever_said_it(get_page, resources: Resources) -> None:
    base, town, rival = make_several(resources, 3)
    relations = (
        RelationContent("tops_up", base),
        RelationContent("exclusive", rival),
        RelationContent("last_year", town),
    )
    last = publish_and_index(resources, title="上乗せ補助金", relations=relations)
    for asked in ([base, town, rival, last], [last, rival, town, base]):
        page = get_page(compare(*asked))
        told = {str(row["data-pair"]): row.get_text() for row in page.dom.select("[data-pair]")}
        assert list(told) == ["exclusive", "tops_up", "next_year"]
        assert "「上乗せ補助金」は、「補助金1」に上乗せできます" in told["tops_up"]
        assert "「補助金2」の翌年度の分が、「上乗せ補助金」です" in told["next_year"]
        assert "窓口にお尋ねください" in page.text(".pairs .hint")
    assert not get_page(compare(base, town)).dom.select("[data-pair]")


def test_listing_leads_to_its_comparison(get_page, resources: Resources) -> None:
    ids = make_several(resources, 6, closes_on=NOW.date() + timedelta(9), date_state="window")
    related = publish_and_index(
        resources, title="上乗せ", relations=(RelationContent("combinable", ids[0]),)
    )
    page = get_page(f"/listings/{ids[0]}")
    (near,) = [link["href"] for link in page.dom.select(".related .more a")]
    table = get_page(near)
    assert len(columns(table)) == 4
    assert columns(table)[0] == ids[0]
    (pair,) = [link["href"] for link in page.dom.select("[data-relation] a[href^='/compare']")]
    assert columns(get_page(pair)) == [ids[0], related]
