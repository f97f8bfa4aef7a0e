"""The page of a listing, and cards as they look everywhere."""

import json
from datetime import date, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal.clock import Clock
from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.content import EventContent, RoundContent
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, publish_and_index

TODAY = Clock(NOW).today()
NOT_IN_SOURCE = "資料に記載がありません。"
NOT_HERE = "このサイトには載っていません。"
ASK = "窓口にお尋ねください。"
SOURCE = ({"document": "施策一覧", "line": 1},)


def test_answers_come_in_the_order_they_are_asked(get_page, resources: Resources) -> None:
    page = get_page(f"/listings/{publish_and_index(resources)}")
    assert page.texts("h2")[:7] == [
        "対象者",
        "いくら",
        "いつまで",
        "申込方法",
        "問い合わせ",
        "迷ったら、ここにも相談できます",
        "内容",
    ]


@pytest.mark.parametrize(("source", "where"), [((), NOT_HERE), (SOURCE, NOT_IN_SOURCE)])
def test_one_missing_fact_says_so_kindly(
    get_page, resources: Resources, source: tuple[dict[str, object], ...], where: str
) -> None:
    public_id = publish_and_index(
        resources, source=source, eligibility="商店の方", how_to_apply="郵送"
    )
    page = get_page(f"/listings/{public_id}")
    assert page.texts(".answers .unknown, .answers__note") == [where + ASK]


@pytest.mark.parametrize(("source", "where"), [((), NOT_HERE), (SOURCE, NOT_IN_SOURCE)])
def test_several_missing_facts_are_explained_once(
    get_page, resources: Resources, source: tuple[dict[str, object], ...], where: str
) -> None:
    page = get_page(f"/listings/{publish_and_index(resources, source=source)}")
    assert page.texts(".answer .unknown") == ["記載なし"] * 3
    assert page.text(".answers__note") == f"「記載なし」のことは、{where}{ASK}"


def test_missing_telephone_leads_to_the_desks(get_page, resources: Resources) -> None:
    page = get_page(f"/listings/{publish_and_index(resources)}")
    assert f"電話番号は{NOT_HERE}青森県に" in page.text(".contact-card .unknown")
    assert page.dom.select_one(
        ".contact-card + .listing__desks a[href='/consultation?purpose=equipment']"
    )


def test_sample_says_so_and_is_not_rung(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, title="補助金（見本）", tel="000-0000-0001")
    page = get_page(f"/listings/{public_id}")
    assert page.text(".listing__head .notice").startswith("これは表示を確かめるための見本です。")
    assert page.text(".contact-card__tel") == "000-0000-0001"
    assert not page.dom.select("a[href^='tel:']")


def test_listing_that_is_no_sample_has_no_notice(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, title="（見本）市の補助金")
    assert not get_page(f"/listings/{public_id}").dom.select(".listing__head .notice")


def test_deadline_is_told_in_days_and_in_both_calendars(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources, date_state="window", opens_on=TODAY, closes_on=TODAY + timedelta(days=14)
    )
    page = get_page(f"/listings/{public_id}")
    assert page.text(".listing__when") == "まもなく締切 12月4日（金）まで・あと14日"
    assert "締切 令和8年12月4日（金）" in page.texts(".answer__note")


def test_upcoming_listing_names_its_deadline_only_if_there_is_one(
    get_page, resources: Resources
) -> None:
    opens_on = TODAY + timedelta(days=10)
    closing = publish_and_index(
        resources, date_state="window", opens_on=opens_on, closes_on=date(2026, 12, 28)
    )
    endless = publish_and_index(resources, date_state="window", opens_on=opens_on)
    notes = "section[aria-labelledby=when-title] .answer__note"
    assert get_page(f"/listings/{closing}").texts(notes) == ["締切 令和8年12月28日（月）"]
    assert get_page(f"/listings/{endless}").texts(notes) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"date_state": "always"}, "いつでも申し込めます"),
        ({"date_state": "always", "kind": "desk"}, "いつでも利用できます"),
        ({"date_state": "always", "fiscal_years": (2023,)}, "期間の定めなし"),
        ({"date_state": "budget"}, "予算がなくなり次第終了"),
        ({"date_state": "soon"}, "近日受付開始"),
        ({"date_state": "unknown"}, "日程は窓口でご確認ください"),
        ({"date_state": "window", "closes_on": date(2026, 11, 20)}, "今日 11月20日（金）まで"),
        ({"date_state": "window", "opens_on": date(2027, 1, 8)}, "2027年1月8日（金）から受付"),
        (
            {"date_state": "window", "opens_on": date(2026, 11, 1)},
            "受付中。締切は窓口でご確認ください",
        ),
        (
            {
                "kind": "seminar",
                "date_state": "always",
                "events": (EventContent(date(2026, 12, 1)),),
            },
            "12月1日（火） 開催",
        ),
    ],
)
def test_card_says_when_in_plain_words(
    get_page, resources: Resources, content: dict[str, object], said: str
) -> None:
    publish_and_index(resources, **content)
    assert get_page("/search").text(".card__when > span:last-child") == said


def test_closed_card_says_when_it_ended(get_page, resources: Resources) -> None:
    publish_and_index(resources, date_state="window", closes_on=date(2026, 10, 31))
    page = get_page("/search?include_closed=1")
    assert page.text(".card__when") == "終了 10月31日（土）で終了"


def test_closed_listing_offers_no_way_to_apply(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources,
        date_state="window",
        closes_on=date(2026, 10, 31),
        apply_url="https://example.jp/apply",
    )
    page = get_page(f"/listings/{public_id}")
    assert not page.dom.select("a[href='https://example.jp/apply']")
    assert "受付は終了しました" in page.text("section[aria-labelledby=how-title]")


def test_card_says_which_year_it_was_last_offered(get_page, resources: Resources) -> None:
    publish_and_index(resources, date_state="unknown", fiscal_years=(2021, 2023))
    assert get_page("/search").text(".card__trust strong") == "令和5年度に実施。今年度は未確認"


def test_card_of_this_year_does_not_doubt_itself(get_page, resources: Resources) -> None:
    publish_and_index(resources, fiscal_years=(2023, 2026))
    assert not get_page("/search").dom.select(".card__trust")


def test_card_says_who_confirmed_it_and_when(get_page, resources: Resources) -> None:
    publish_and_index(resources, confirmed_on=date(2026, 11, 17))
    assert get_page("/search").text(".card__trust") == "11月17日 青森県が確認"


def test_facts_read_in_a_document_are_as_old_as_it(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources,
        confirmed_on=date(2024, 3, 31),
        source=({"document": "施策一覧", "line": 1}, {"document": "施策一覧", "line": 9}),
    )
    assert get_page("/search").text(".card__trust") == "2024年3月31日時点の資料による"
    assert get_page(f"/listings/{public_id}").texts(".listing__aside .plain li") == ["施策一覧"]


def test_card_names_money_region_with_exceptions_and_industry(
    get_page, resources: Resources
) -> None:
    publish_and_index(
        resources,
        amount_max_yen=123_456_789,
        rate="1/2以内",
        regions=("chunan",),
        region_exceptions=("02202",),
        industries=("D", "E", "I", "M"),
    )
    page = get_page("/search")
    assert page.texts(".card__facts > div") == ["上限額1億2,345万6,789円", "補助率1/2以内"]
    assert page.texts(".card__labels dd") == [
        "補助金・助成金",
        "中南地域（弘前市を除く）",
        "建設業・製造業・卸売・小売業 ほか1",
    ]


def test_rounds_and_events_are_all_listed(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources,
        kind="seminar",
        date_state="window",
        opens_on=date(2026, 10, 1),
        closes_on=date(2026, 10, 31),
        rounds=(RoundContent(date(2026, 12, 1), date(2026, 12, 20), "第2回"),),
        events=(
            EventContent(
                date(2027, 1, 15), time(13, 30), time(16, 0), "市民会館", "八戸市内丸1", 30
            ),
        ),
    )
    page = get_page(f"/listings/{public_id}")
    assert page.texts(".rounds li") == [
        "受付期間 10月1日（木）〜10月31日（土） 終了",
        "第2回 12月1日（火）〜12月20日（日） これから",
    ]
    assert page.text(".happenings li") == (
        "2027年1月15日（金） 13:30〜16:00市民会館 八戸市内丸1定員30人"
    )


def test_telephone_can_be_dialled(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, tel="０１７－７３４－９４１７（内線 12）")
    link = get_page(f"/listings/{public_id}").dom.select_one(".contact-card__tel a")
    assert link["href"] == "tel:0177349417"


def test_only_web_addresses_become_links(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources, apply_url="javascript:alert(1)", url="https://example.jp/a"
    )
    page = get_page(f"/listings/{public_id}")
    assert not [a for a in page.dom.select("a") if a["href"].startswith("javascript")]
    link = page.dom.select_one("a[href='https://example.jp/a']")
    assert "noopener" in link["rel"]


def test_body_is_markdown_below_the_headings_of_the_page(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, body="# 対象\n\n- 改装費\n\n### 細目\n\n**上限**あり")
    prose = get_page(f"/listings/{public_id}").dom.select_one(".prose")
    assert [(tag.name, tag.get_text()) for tag in prose.select("h1,h2,h3,h4,h5")] == [
        ("h3", "対象"),
        ("h4", "細目"),
    ]
    assert prose.li.get_text() == "改装費"
    assert prose.strong.get_text() == "上限"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[押す](javascript:alert(1))",
        "![](https://example.jp/x.png)",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_nothing_in_a_body_can_run_or_load(get_page, resources: Resources, attack: str) -> None:
    prose = get_page(f"/listings/{publish_and_index(resources, body=attack)}").dom.select_one(
        ".prose"
    )
    assert not prose.select("script, img, iframe, [onerror]")
    assert not [a for a in prose.select("a") if a["href"].startswith("javascript")]


def test_past_figures_have_a_column_for_each_year(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources,
        past_results=({"name": "参加者", "unit": "名", "values": {"2022": None, "2023": 1423.0}},),
        past_budgets={"2021": 4789},
    )
    page = get_page(f"/listings/{public_id}")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.dom.select("tr")]
    assert rows == [
        ["項目", "令和3年度", "令和5年度"],
        ["参加者（名）", "―", "1,423"],
        ["予算", "478万9,000円", "―"],
    ]


def test_partners_and_exceptions_are_named(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        make_agency(session, "cci", name="商工会議所", level="organization")
    public_id = publish_and_index(
        resources, partners=("cci",), regions=("pref",), region_exceptions=("02201",)
    )
    page = get_page(f"/listings/{public_id}")
    assert page.text("main .facts a[href='/agencies/cci']") == "商工会議所"
    assert "青森市を除く" in page.texts(".facts p")


def test_related_listings_share_purpose_and_place(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, purposes=("startup",), regions=("02203",))
    near = publish_and_index(resources, purposes=("startup",), regions=("pref",))
    publish_and_index(resources, purposes=("startup",), regions=("02201",))
    publish_and_index(resources, purposes=("dx",), regions=("02203",))
    assert get_page(f"/listings/{public_id}").listing_ids == [near]


def test_related_listings_known_to_be_current_come_first(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, purposes=("startup", "dx"))
    old = publish_and_index(resources, purposes=("startup", "dx"), fiscal_years=(2021,))
    current = publish_and_index(resources, purposes=("dx",))
    assert get_page(f"/listings/{public_id}").listing_ids == [current, old]


def structured(page) -> list[dict]:
    found = []
    for tag in page.dom.select("script[type='application/ld+json']"):
        data = json.loads(tag.string)
        found += data.get("@graph", [data])
    return found


def test_structured_data_tells_service_grant_event_and_way(get_page, resources: Resources) -> None:
    public_id = publish_and_index(
        resources,
        title="</script><b>補助",
        amount_max_yen=500_000,
        events=(EventContent(date(2026, 12, 1), time(10, 0), venue="会館"),),
    )
    page = get_page(f"/listings/{public_id}")
    service, grant, event, way = structured(page)
    assert (service["@type"], service["name"]) == ("GovernmentService", "</script><b>補助")
    assert service["url"].endswith(f"/listings/{public_id}")
    assert (grant["@type"], grant["amount"]["maxValue"]) == ("MonetaryGrant", 500_000)
    assert (event["@type"], event["startDate"]) == ("Event", "2026-12-01T10:00:00+09:00")
    assert way["itemListElement"][2]["name"] == "</script><b>補助"


@pytest.mark.parametrize("public_id", ["L999999", "L1", "x", "L000001x"])
def test_unknown_listing_is_not_found(get_page, public_id: str) -> None:
    assert get_page(f"/listings/{public_id}", 404).text("h1") == "ページが見つかりません"


def test_draft_is_not_found(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        public_id = make_draft(session).public_id
    get_page(f"/listings/{public_id}", 404)


def test_withdrawn_listing_names_whom_to_ask(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    with resources.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.withdraw(session, listing, reason="終了", now=NOW)
    page = get_page(f"/listings/{public_id}", 410)
    assert page.dom.select_one("main a[href='/agencies/aomori-pref']").get_text() == "青森県"


def test_page_loads_nothing_from_another_host(get_page, resources: Resources) -> None:
    dom = get_page(f"/listings/{publish_and_index(resources)}").dom
    loaded = [str(part["src"]) for part in dom.select("[src]")]
    loaded += [str(link["href"]) for link in dom.select("link[rel=stylesheet]")]
    assert all(address.startswith("/") and address[1] != "/" for address in loaded)
    names = [Path(urlsplit(str(part["src"])).path).name for part in dom.select("script[src]")]
    assert names == ["htmx.min.js", "favorites.js", "share.js", "clicks.js"]
