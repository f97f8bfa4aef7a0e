"""``/consultation`` as an owner goes through it, and the desks beside other things."""

from datetime import timedelta

from bs4 import Tag
from flask.testing import FlaskClient

from portal.agencies.models import Agency
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services as listing_services
from portal.listings.models import Listing
from tests.conftest import NOW
from tests.factories import make_agency, publish_and_index
from tests.pages import Page

WAY = "/consultation?place=02202&purpose=startup&stage="


def tap(client: FlaskClient, page: Page, label: str) -> Page:
    """Push an answer, as a browser without scripts does."""
    form = page.dom.select_one("main form")
    assert isinstance(form, Tag)
    (button,) = [one for one in form.select("button") if one.get_text().startswith(label)]
    pairs = [(str(one["name"]), str(one["value"])) for one in form.select("input[type=hidden]")]
    response = client.get(
        str(form["action"]), query_string=[*pairs, (str(button["name"]), str(button["value"]))]
    )
    return Page(response.status_code, response.text)


def follow(client: FlaskClient, page: Page, label: str) -> Page:
    (address,) = [str(a["href"]) for a in page.dom.select("main a") if label in a.get_text()]
    return Page(200, client.get(address).text)


def test_three_taps_lead_to_the_desk_to_ring(
    get_page, client: FlaskClient, resources: Resources
) -> None:
    publish_and_index(
        resources, title="創業の相談室", kind="desk", tel="017-111-2222", purposes=("startup",)
    )
    page = get_page("/consultation")
    assert len(page.dom.select("button[name=place]")) == 41
    page = tap(client, page, "弘前市")
    assert len(page.dom.select("button[name=purpose]")) == 21
    back = follow(client, page, "もどる")
    assert back.text("h1") == "お店や会社はどこにありますか"
    page = tap(client, tap(client, page, "創業・起業"), "はじめて相談する")
    assert page.texts(".given dd") == [
        "弘前市 変える（場所）",
        "創業・起業 変える（相談したいこと）",
        "はじめて相談する 変える（いまの段階）",
    ]
    now, then = page.dom.select("section:has(> .desks)")
    assert [a["href"] for a in now.select(".desk__tel")] == ["tel:0172334111"]
    assert "2019年4月時点" in now.get_text()
    (site,) = now.select("a.desk__site")
    assert (site["href"], "電話番号は公式サイトで" in site.get_text()) == (
        "https://www.21aomori.or.jp/",
        True,
    )
    assert [a["href"] for a in then.select(".desk a")] == ["/listings/L000001", "tel:0171112222"]
    (here,) = page.dom.select("ol.flow > li[aria-current=step]")
    assert here is page.dom.select("ol.flow > li")[0]
    assert "いまここ" in here.get_text()
    (search,) = page.dom.select("main a[href^='/search']")
    assert search["href"] == "/search?region=02202&purpose=startup"
    assert search.get_text() == "弘前市で使える「創業・起業」の支援を見る"
    changed = tap(client, follow(client, page, "変える（場所）"), "平内町")
    assert changed.texts(".desk__name")[0] == "最寄りの商工会・商工会議所"


def test_stage_decides_who_comes_first_and_what_to_bring(get_page, resources: Resources) -> None:
    alone = get_page(f"{WAY}expert")
    assert alone.texts(".desk__name")[0] == "弘前商工会議所"
    assert "紹介してもらえます" in alone.text("main")
    for number in range(4):
        title = f"創業の相談室{number}"
        publish_and_index(resources, title=title, kind="desk", purposes=("startup",))
    page = get_page(f"{WAY}expert")
    assert page.texts(".desk__name")[:1] == ["創業の相談室0"]
    assert page.texts("details .desk__name") == ["創業の相談室3"]
    assert page.dom.select("ol.flow > li")[1].get("aria-current") == "step"
    assert "書きかけの申請書" in get_page(f"{WAY}apply").text(".consultation__ready")


def test_answers_that_cannot_be_read_are_asked_again(get_page) -> None:
    page = get_page("/consultation?place=99999&purpose=%00&stage=first")
    assert page.text("h1") == "お店や会社はどこにありますか"
    assert "もう一度" in page.text("[role=status]")
    assert "99999" not in page.text("main")
    page = get_page("/consultation?place=unsure&purpose=unsure&stage=first")
    assert page.texts(".desk__name")[0] == "最寄りの商工会・商工会議所"
    assert page.dom.select_one("main a[href='/search']") is not None
    assert get_page("/consultation?place=chunan&purpose=ip&stage=apply").status == 200


def test_answers_are_told_to_nobody(client: FlaskClient) -> None:
    response = client.get(f"{WAY}first")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in response.text
    assert "Set-Cookie" not in response.headers
    assert "noindex" not in client.get("/consultation").text


def test_desks_follow_listings_and_agencies(get_page, resources: Resources) -> None:
    with write_transaction(resources.sessions) as session:
        make_agency(session, "aomori21", name="支援センター", level="organization")
    over = {"date_state": "window", "closes_on": NOW.date() - timedelta(days=1)}
    desk = {"kind": "desk", "purposes": ("startup",)}
    publish_and_index(resources, title="終わった相談室", **desk, **over)
    publish_and_index(resources, title="相談室（見本）", **desk)
    publish_and_index(resources, title="創業の相談室", **desk)
    first = ["弘前商工会議所", "21あおもり産業総合支援センター", "青森県中小企業団体中央会"]
    page = get_page(f"{WAY}first")
    assert page.texts(".desk__name") == [*first, "創業の相談室"]
    assert page.dom.select_one("a.desk__name[href='/agencies/aomori21']") is not None
    with write_transaction(resources.sessions) as session:
        centre = session.query(Agency).filter_by(code="aomori21").one()
        centre.tel = "017-777-0000"
        listing = session.get_one(Listing, 3)
        listing_services.withdraw(session, listing, reason="終了", now=NOW)
    page = get_page(f"{WAY}first")
    assert page.texts(".desk__name") == first
    assert [a["href"] for a in page.dom.select(".desk__tel")] == [
        "tel:0172334111",
        "tel:0177770000",
    ]


def test_listing_page_has_a_few_desks_and_the_way_to_others(get_page, resources: Resources) -> None:
    desk = {"kind": "desk", "purposes": ("sales",), "regions": ("02203",)}
    own = publish_and_index(resources, title="売り方の窓口", tel="0178-00-0001", **desk)
    plain = publish_and_index(resources, regions=("02203",), purposes=("sales", "ip"))
    page = get_page(f"/listings/{plain}")
    assert page.texts(".listing__desks .desk__name") == [
        "八戸商工会議所",
        "21あおもり産業総合支援センター",
        "売り方の窓口",
    ]
    assert page.dom.select_one(".listing__desks a[href='tel:0178000001']") is not None
    assert page.dom.select_one(".listing__desks a[href='/consultation?place=02203']") is not None
    page = get_page(f"/listings/{own}")
    assert "売り方の窓口" not in page.texts(".listing__desks .desk__name")
