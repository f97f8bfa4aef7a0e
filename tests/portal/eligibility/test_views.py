"""``/check`` as an owner goes through it."""

import logging
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient

from portal.db import write_transaction
from portal.eligibility import services
from portal.extensions import Resources
from portal.listings import services as listing_services
from portal.listings.models import Listing
from portal.listings.stated_conditions import StatedConditions
from tests.conftest import NOW
from tests.factories import make_agency, make_listing, publish_and_index
from tests.pages import Page
from tests.portal.eligibility.drawing import TODAY

ALL_UNSURE = "/check?" + "&".join(
    f"{name}=unsure"
    for name in ("purpose", "place", "industry", "years", "form", "employees", "capital", "by")
)


@pytest.fixture
def demo(demo_app: Flask) -> FlaskClient:
    return demo_app.test_client()


def look(client: FlaskClient, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(200, response.text)


def asked_of(page: Page) -> str:
    """The name of the question that a page asks."""
    (name,) = {str(button["name"]) for button in page.dom.select("button.answer")}
    return name


def answer(client: FlaskClient, page: Page, value: str) -> Page:
    """Push one of the buttons: what a browser sends then."""
    form = page.dom.select_one("main form")
    assert isinstance(form, Tag)
    (button,) = form.select(f"button[value='{value}']")
    pairs = [(str(one["name"]), str(one["value"])) for one in form.select("input[type=hidden]")]
    response = client.get(
        str(form["action"]), query_string=[*pairs, (str(button["name"]), str(button["value"]))]
    )
    return Page(response.status_code, response.text)


def verdicts(page: Page) -> dict[str, list[str]]:
    """The listings of a result, by verdict."""
    return {
        str(section["data-verdict"]): [
            str(card["data-listing-id"]) for card in section.select("[data-listing-id]")
        ]
        for section in page.dom.select("[data-verdict]")
    }


def link(page: Page, label: str) -> str:
    (found,) = [str(a["href"]) for a in page.dom.select("main a") if label in a.get_text()]
    return found


def test_few_taps_lead_to_a_result(demo: FlaskClient) -> None:
    answers = {
        **{"purpose": "equipment", "place": "02203", "industry": "E", "years": "5-10"},
        **{"form": "company", "employees": "6-20", "by": "any"},
    }
    page, taps = look(demo, "/check"), 0
    while not page.dom.select("[data-verdict]"):
        page = answer(demo, page, answers[asked_of(page)])
        taps += 1
    assert 5 <= taps <= 7
    assert {"製造業", "八戸市", "会社", "6〜20人"} <= {
        text.removesuffix(" 変える（業種）").split(" 変える")[0] for text in page.texts(".given dd")
    }
    assert sum(len(ids) for ids in verdicts(page).values()) > 10


def test_all_unsure_excludes_nothing(demo: FlaskClient) -> None:
    page = look(demo, "/check")
    while not page.dom.select("[data-verdict]"):
        page = answer(demo, page, "unsure")
    found = {str(one["data-verdict"]): one["data-total"] for one in page.dom.select(".verdict")}
    assert found["not-eligible"] == found["eligible"] == "0"
    assert int(str(found["ask"])) > 200


def test_number_of_the_listing_stands_beside_that_of_the_owner(
    get_page, resources: Resources
) -> None:
    publish_and_index(resources, conditions=StatedConditions(size="small", is_complete=True))
    address = "/check?purpose=unsure&place=02203&industry=I&years=10-&form=sole&employees="
    page = get_page(f"{address}6-20&show=result")
    assert verdicts(page)["not-eligible"] == ["L000001"]
    assert page.text("[data-deciding]") == (
        "×合わない 会社の大きさ：小規模な事業者（従業員5人以下） お答え：個人事業主、6〜20人"
    )
    page = get_page(f"{address}0-5&show=result")
    assert verdicts(page)["eligible"] == ["L000001"]


def test_each_question_can_be_answered_passed_over_and_left(demo: FlaskClient) -> None:
    page = look(demo, "/check?purpose=startup")
    assert asked_of(page) == "place"
    assert page.text("h1") == "事業所がある市町村はどこですか"
    assert "2問目" in page.text("title")
    assert page.dom.select_one("button[value=unsure]") is not None
    assert page.dom.select_one("button[value='02203']") is not None
    assert len(page.dom.select("details")) == 6
    back = look(demo, link(page, "もどる"))
    assert asked_of(back) == "purpose"
    result = look(demo, link(page, "ここまでの答えで結果を見る"))
    assert result.dom.select("[data-verdict]")
    assert result.texts(".given dd") == ["創業・起業 変える（やりたいこと）"]


def test_answer_can_be_changed_from_the_result(demo: FlaskClient) -> None:
    page = look(demo, "/check?purpose=startup&place=02203&years=planned&show=result")
    (change,) = [str(a["href"]) for a in page.dom.select(".given a") if "場所" in a.get_text()]
    page = look(demo, change)
    assert asked_of(page) == "place"
    assert page.text(".answer__now") == "いまの答え"
    assert dict(parse_qsl(urlsplit(link(page, "もどる")).query))["show"] == "result"
    page = answer(demo, page, "02201")
    assert ("place", "02201") in [
        (str(one["name"]), str(one["value"])) for one in page.dom.select("input[type=hidden]")
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/check?place=99999&employees=12",
        "/check?place=02203&place=02201",
        "/check?form=%00&industry=%E2%80%8B&show=%FF",
        "/check?trade=retail&ask=trade",
        "/check?by=" + "9" * 5000,
        "/check?ask=trade&industry=E",
        "/check?ask=capital&capital=",
    ],
    ids=["unknown", "twice", "unreadable", "no-industry", "long", "nothing-to-choose", "empty"],
)
def test_tampered_address_is_a_page(get_page, address: str) -> None:
    page = get_page(address)
    assert "9999" not in page.text("main")


def test_what_was_ignored_is_said_without_repeating_it(get_page) -> None:
    page = get_page("/check?place=<b>99999")
    assert "読めない答え" in page.text("[role=status]")
    assert "99999" not in page.text("main")
    assert get_page("/check?place=02203").dom.select(".notice") == []


@pytest.mark.parametrize("address", ["/check", "/check?place=02203", ALL_UNSURE])
def test_answers_are_kept_nowhere_and_told_to_nobody(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "Set-Cookie" not in response.headers


def test_links_that_lead_elsewhere_carry_no_answer(demo: FlaskClient) -> None:
    page = look(demo, "/check?purpose=startup&place=02203&years=planned&show=result")
    elsewhere = [
        str(tag["href"]) for tag in page.dom.select("a[href]") if "/check" not in str(tag["href"])
    ]
    assert len(elsewhere) > 20
    assert not [href for href in elsewhere if "02203" in href or "planned" in href]


def test_no_answer_gets_into_a_log_nor_into_the_database(
    demo: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/check?purpose=succession&place=02412&employees=51-100&form=cooperative"
    caplog.set_level(logging.DEBUG)
    # Statements with their values, as what fails in the database is logged.
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    look(demo, address)
    page = look(demo, f"{address}&show=result")
    hidden = {
        str(one["name"]): str(one["value"]) for one in page.dom.select("#favorite-form input")
    }
    kept = demo.post(str(page.dom.select("[data-keeps]")[0]["formaction"]), data=hidden)
    assert kept.location.startswith(f"{address}&show=result#")
    page = look(demo, kept.location)
    assert page.dom.select_one("[data-keeps]")["aria-pressed"] == "true"

    def fail(*_args: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(services, "desks_for", fail)
    broken = demo.get(f"{address}&show=result")
    assert (broken.status_code, broken.headers["Cache-Control"]) == (500, "no-store")
    assert broken.headers["Referrer-Policy"] == "strict-origin"
    assert "Exception on /check" in caplog.text
    for value in ("02412", "51-100", "cooperative"):
        assert value not in caplog.text


def test_page_with_answers_is_not_for_search_engines(get_page) -> None:
    assert get_page("/check").dom.select("meta[name=robots]") == []
    for address in ("/check?place=02203", "/check?show=result"):
        (robots,) = get_page(address).dom.select("meta[name=robots]")
        assert "noindex" in str(robots["content"])


def test_change_of_a_listing_is_in_the_next_check(get_page, resources: Resources) -> None:
    address = "/check?purpose=unsure&place=02203&show=result"
    assert verdicts(get_page(address)) == {"eligible": [], "ask": [], "not-eligible": []}
    with resources.sessions() as session:
        make_listing(session)
        make_listing(session, regions=("02201",))
    assert verdicts(get_page(address)) == {
        **{"eligible": [], "ask": ["L000001"], "not-eligible": ["L000002"]}
    }
    with write_transaction(resources.sessions) as session:
        listing = session.get_one(Listing, 1)
        listing_services.withdraw(session, listing, now=NOW, reason="終了")
    assert verdicts(get_page(address))["ask"] == []


def test_what_is_on_offer_and_closes_soonest_comes_first(get_page, resources: Resources) -> None:
    last_year = {"date_state": "always", "fiscal_years": (TODAY.year - 2,)}
    publish_and_index(resources, **last_year)
    for said in (
        {"date_state": "always"},
        *({"date_state": "window", "closes_on": TODAY + timedelta(n)} for n in (20, 3)),
    ):
        publish_and_index(resources, **said)
    found = verdicts(get_page("/check?place=02203&show=result"))
    assert found["ask"] == ["L000004", "L000003", "L000002", "L000001"]


def test_listing_that_is_over_is_not_looked_at(get_page, resources: Resources) -> None:
    yesterday = TODAY - timedelta(1)
    publish_and_index(resources, date_state="window", closes_on=yesterday)
    publish_and_index(resources, date_state="window", closes_on=TODAY)
    found = verdicts(get_page("/check?place=02203&show=result"))
    assert found == {"eligible": [], "ask": ["L000002"], "not-eligible": []}


def test_purpose_leaves_others_out_and_refuses_nobody(get_page, resources: Resources) -> None:
    publish_and_index(resources, purposes=("startup",))
    publish_and_index(resources, purposes=("sales",))
    page = get_page("/check?purpose=startup&place=02203&show=result")
    assert verdicts(page)["ask"] == ["L000001"]
    assert verdicts(page)["not-eligible"] == []
    assert "やりたいことが違う支援（1件）" in page.text("main")


def test_free_text_is_shown_to_be_asked_about(get_page, resources: Resources) -> None:
    publish_and_index(resources, eligibility="町税に未納がない方")
    page = get_page("/check?place=02203&show=result")
    assert page.text("[data-deciding]") == "？確かめる 対象になる方：「町税に未納がない方」"


def test_coming_listing_asks_by_when(get_page, resources: Resources) -> None:
    opens_on = TODAY + timedelta(40)
    publish_and_index(resources, date_state="window", opens_on=opens_on, source_id=None)
    address = "/check?purpose=unsure&place=02203"
    assert asked_of(get_page(address)) == "by"
    page = get_page(f"{address}&by=1m")
    assert verdicts(page)["not-eligible"] == ["L000001"]
    assert page.text("[data-deciding]") == (
        "×合わない 受付：2026年12月30日（令和8年）から受け付けます お答え：1か月以内"
    )
    assert verdicts(get_page(f"{address}&by=3m"))["ask"] == ["L000001"]


def test_desks_open_to_the_place_are_shown_with_their_number(
    get_page, resources: Resources
) -> None:
    desk = {"kind": "desk", "tel": "017-734-0000"}
    first = ["八戸商工会議所", "21あおもり産業総合支援センター"]
    publish_and_index(resources, title="県の窓口", purposes=("sales",), **desk)
    publish_and_index(
        resources, title="八戸の窓口", regions=("02203",), purposes=("startup",), **desk
    )
    publish_and_index(resources, title="弘前の窓口", regions=("02202",), **desk)
    address = "/check?show=result&purpose="
    page = get_page(f"{address}startup&place=02203")
    assert page.texts(".desk__name") == [*first, "八戸の窓口"]
    assert [a["href"] for a in page.dom.select(".desk__tel")] == ["tel:0177340000"]
    assert get_page(f"{address}sales&place=02203").texts(".desk__name") == [*first, "県の窓口"]
    outside = get_page(f"{address}startup&place=outside").texts(".desk__name")
    assert "八戸の窓口" not in outside
    assert "八戸商工会議所" not in outside


def test_one_listing_is_checked_by_the_questions_that_settle_it(
    get_page, client: FlaskClient, resources: Resources
) -> None:
    wanted = publish_and_index(
        resources, regions=("02203",), industries=("E",), purposes=("sales",), title="八戸の工場"
    )
    publish_and_index(resources, kind="desk", purposes=("sales",), title="売り方の窓口")
    publish_and_index(resources, industries=("A",))
    page = look(client, link(get_page(f"/listings/{wanted}"), "この支援の対象か確かめる"))
    assert "「八戸の工場」の対象になるか" in page.text("main")
    assert (asked_of(page), page.dom.select("main a.button")) == ("place", [])
    page = answer(client, page, "02203")
    assert "2問目" in page.text("title")
    assert asked_of(page) == "industry"
    assert asked_of(look(client, link(page, "もどる"))) == "place"
    page = answer(client, page, "A")
    assert verdicts(page) == {"not-eligible": [wanted]}
    assert page.texts(".given dt") == ["場所", "業種"]
    assert page.texts(".desk__name")[-1] == "売り方の窓口"
    page = look(client, link(page, "ほかの支援も調べる"))
    assert len(page.listing_ids) == 3
    assert page.texts(".given dt") == ["場所", "業種"]


@pytest.mark.parametrize("public_id", ["L999999", "L000001"], ids=["none", "over"])
def test_listing_that_cannot_be_checked_is_said_and_all_are(
    get_page, resources: Resources, public_id: str
) -> None:
    over = {"date_state": "window", "closes_on": NOW.date() - timedelta(days=30)}
    publish_and_index(resources, **over)
    publish_and_index(resources)
    page = get_page(f"/check?listing={public_id}&place=02203&show=result")
    assert "すべての支援を調べます" in page.text(".notice--info[role=status]")
    assert verdicts(page)["ask"] == ["L000002"]
    assert public_id not in page.text("main")


def test_long_lists_are_cut_until_all_is_asked_for(get_page, resources: Resources) -> None:
    with resources.sessions() as session:
        agency = make_agency(session)
        for _ in range(25):
            make_listing(session, agency=agency)
    page = get_page("/check?place=02203&show=result")
    assert len(page.listing_ids) == 20
    assert page.text("#ask") == "窓口で確認（25件）"
    page = get_page(link(page, "すべての支援を表示する"))
    assert len(page.listing_ids) == 25
