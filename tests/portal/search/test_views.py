"""The search page as its reader meets it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import Tag
from flask.testing import FlaskClient

from portal.clock import Clock
from portal.extensions import Resources
from search_index import SearchUnavailableError
from tests.conftest import NOW
from tests.factories import make_agency, publish_and_index

TODAY = Clock(NOW).today()


def chips(page) -> dict[str, str]:
    """The chips of applied conditions: text to address."""
    return {" ".join(chip.get_text().split()): chip["href"] for chip in page.dom.select("a.chip")}


def count(page, facet: str, value: str) -> int:
    option = page.dom.select_one(f"input[name={facet}][value='{value}']")
    return int(option.find_parent("li").select_one("[data-count]")["data-count"])


def total(page) -> int:
    return int(page.dom.select_one("[data-total]")["data-total"])


def test_results_show_total_and_cards(get_page, resources: Resources) -> None:
    shown = [publish_and_index(resources) for _ in range(3)]
    page = get_page("/search")
    assert total(page) == 3
    assert sorted(page.listing_ids) == shown


def test_every_facet_is_a_fieldset_in_the_one_get_form(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search")
    assert [box["data-facet"] for box in page.dom.select("form[method=get] fieldset")] == [
        "industry",
        "region",
        "purpose",
        "kind",
        "status",
        "level",
        "agency",
    ]
    assert page.dom.select_one("fieldset[data-facet=industry] input[name=industry][value=E]")


def test_ids_are_unique(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    ids = [tag["id"] for tag in get_page("/search?industry=E&region=02203").dom.select("[id]")]
    assert len(ids) == len(set(ids))


def test_every_input_has_a_label(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    dom = get_page("/search").dom
    labelled = {label["for"] for label in dom.select("label[for]")}
    assert {field["id"] for field in dom.select("input:not([type=hidden]), select")} <= labelled


def test_a_facet_counts_what_choosing_would_show(get_page, resources: Resources) -> None:
    publish_and_index(resources, industries=("E",))
    publish_and_index(resources, industries=("D", "E"))
    page = get_page("/search?industry=D")
    assert (total(page), count(page, "industry", "D"), count(page, "industry", "E")) == (1, 1, 2)


def test_selected_region_shows_chip_that_removes_it(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search?industry=E&region=02203&page=1")
    assert chips(page)["八戸市 を外す"] == "/search?industry=E"
    assert page.dom.select_one("input[name=region][value='02203']").has_attr("checked")


def test_clearing_keeps_only_the_words(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search?q=改装&industry=E&include_closed=1&amount_min=500000&sort=new")
    assert chips(page)["すべて解除"] == "/search?q=%E6%94%B9%E8%A3%85&sort=new"


def test_filter_button_tells_how_many_conditions_apply(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    assert get_page("/search").text("#filter-count") == ""
    page = get_page("/search?industry=E&purpose=startup&include_closed=1")
    assert page.text("#filter-count") == "3個の条件を適用中"


def test_chosen_values_of_a_long_facet_are_not_folded_away(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search?industry=R")
    folded = page.dom.select("#more-industry input")
    shown = page.dom.select("fieldset[data-facet=industry] > ul input")
    assert [field["value"] for field in shown] == ["A", "B", "C", "D", "R"]
    assert len(folded) + len(shown) == 18


def test_area_is_open_where_a_municipality_of_it_is_chosen(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search?region=02203")
    assert [area["id"] for area in page.dom.select("fieldset[data-facet=region] [open]")] == [
        "area-sanpachi"
    ]


def test_agency_facet_names_only_who_has_hits_or_is_chosen(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        make_agency(session, "m02203", name="八戸市", level="municipality", region_code="02203")
    publish_and_index(resources)
    inputs = "fieldset[data-facet=agency] input"
    assert [tag["value"] for tag in get_page("/search").dom.select(inputs)] == ["aomori-pref"]
    chosen = get_page("/search?agency=m02203").dom.select(inputs)
    assert {tag["value"] for tag in chosen} == {"aomori-pref", "m02203"}


def test_unknown_facet_value_is_named_in_notice(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    page = get_page("/search?industry=ZZ")
    assert "「ZZ」という条件はない" in page.text(".notice--warning[class]:not([hidden])")
    assert total(page) == 1


def test_words_are_marked_in_title_and_summary(get_page, resources: Resources) -> None:
    publish_and_index(resources, title="看板の補助", summary="看板を直す費用。")
    page = get_page("/search?q=看板")
    assert page.texts(".card__title mark") == ["看板"]
    assert page.texts(".card__summary mark") == ["看板"]


def test_a_hit_in_the_body_shows_the_place(get_page, resources: Resources) -> None:
    publish_and_index(resources, body="はじめに。" * 40 + "融雪の設備も対象です。" + "ほか。" * 40)
    page = get_page("/search?q=融雪")
    assert page.texts(".card__excerpt mark") == ["融雪"]


def test_markup_in_a_title_stays_text(get_page, resources: Resources) -> None:
    publish_and_index(resources, title="<b>看板</b>の補助")
    page = get_page("/search?q=看板")
    assert page.text(".card__title") == "<b>看板</b>の補助"
    assert not page.dom.select(".card__title b")


def test_words_searched_for_besides_are_named_and_can_be_undone(
    get_page, resources: Resources
) -> None:
    publish_and_index(resources, title="創業の補助金")
    page = get_page("/search?q=創業 -農業")
    notice = page.dom.select_one(".notice--info")
    assert "「起業」" in notice.get_text()
    assert notice.a["href"] == "/search?q=%22%E5%89%B5%E6%A5%AD%22+-%E8%BE%B2%E6%A5%AD"


def test_sort_offers_relevance_only_with_words(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    assert page_sorts(get_page("/search")) == [
        ("", "掲載が新しい順"),
        ("deadline", "締切が近い順"),
        ("amount", "補助上限額が高い順"),
        ("popular", "よく見られている順"),
    ]
    assert page_sorts(get_page("/search?q=改装"))[0] == ("", "関連が強い順")


def page_sorts(page) -> list[tuple[str, str]]:
    return [(tag["value"], tag.get_text()) for tag in page.dom.select("#sort option")]


def test_unknown_amounts_left_out_are_counted(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    publish_and_index(resources, amount_max_yen=2_000_000)
    page = get_page("/search?amount_min=1000000")
    assert total(page) == 1
    assert "上限額が分からない1件は除いています。" in page.texts(".notice p")
    assert "上限100万円以上 を外す" in chips(page)


def test_own_region_switch_appears_with_a_region(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    assert not get_page("/search").dom.select("input[name=local_only]")
    assert get_page("/search?region=02203").dom.select("input[name=local_only]")


def test_closed_listings_are_offered_with_their_number(get_page, resources: Resources) -> None:
    publish_and_index(
        resources, date_state="window", closes_on=TODAY - timedelta(days=1), opens_on=None
    )
    page = get_page("/search")
    assert total(page) == 0
    assert "（1件）" in page.text("label[for=include-closed]")
    assert total(get_page("/search?include_closed=1")) == 1


def test_empty_result_says_which_condition_to_loosen(get_page, resources: Resources) -> None:
    publish_and_index(resources, industries=("E",), regions=("02203",))
    page = get_page("/search?industry=A&region=02203")
    ways = {way.get_text(" ", strip=True): way["href"] for way in page.dom.select(".ways a")}
    assert ways == {"「業種」の条件を外す 1件": "/search?region=02203"}
    (first,) = page.dom.select(".empty [data-desk] a[href='https://www.8cci.or.jp/']")
    assert "八戸商工会議所" in first.get_text()
    assert page.dom.select_one(".empty a[href='/consultation?place=02203']")


def test_page_past_the_end_leads_to_the_first(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    for number in ("2", "10001", "9" * 30):
        page = get_page(f"/search?industry=E&page={number}")
        assert page.listing_ids == []
        assert page.dom.select_one(".empty a")["href"] == "/search?industry=E"


def test_pages_link_to_each_other(get_page, resources: Resources) -> None:
    for _ in range(21):
        publish_and_index(resources)
    page = get_page("/search?per_page=10&page=2")
    assert page.text(".results__range") == "11〜20件目"
    assert page.text(".pager [aria-current]") == "今いるページ 2"
    assert [link["href"] for link in page.dom.select(".pager a")] == [
        "/search?per_page=10",
        "/search?per_page=10",
        "/search?per_page=10&page=3",
        "/search?per_page=10&page=3",
    ]


def test_only_the_plain_list_is_for_search_engines(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    assert not get_page("/search").dom.select("meta[name=robots]")
    assert get_page("/search?industry=E").dom.select("meta[name=robots][content^=noindex]")


def test_address_bar_gets_the_short_form(client: FlaskClient, resources: Resources) -> None:
    publish_and_index(resources)
    response = client.get("/search?q=&industry=E&sort=&per_page=20&amount_min=")
    assert response.headers["HX-Push-Url"] == "/search?industry=E"


@pytest.fixture
def broken_index(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def search(_query: object) -> None:
        raise SearchUnavailableError("damaged")

    monkeypatch.setattr(resources.index, "search", search)
    yield
    while resources.recovery.is_running:
        pass


@pytest.mark.usefixtures("broken_index")
def test_without_index_the_page_says_so_and_still_finds(get_page, resources: Resources) -> None:
    shown = publish_and_index(resources, title="看板の補助")
    publish_and_index(resources, title="別の支援")
    page = get_page("/search?q=看板")
    assert page.listing_ids == [shown]
    assert "簡易検索" in page.texts(".notice--warning")[1]


def test_no_machine_text_reaches_the_page(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    body = get_page("/search?q=改装&industry=E").dom.body
    assert isinstance(body, Tag)
    assert not {"None", "Markup", "SearchParams"} & set(body.get_text().split())
