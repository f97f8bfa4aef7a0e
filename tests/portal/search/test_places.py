"""Places named in a text become a filter at one tap."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.extensions import Resources
from portal.listings.vocabulary import load_vocabulary
from portal.search.places import PlaceNames, PlacesInText
from tests.factories import make_agency, publish_and_index
from tests.pages import Page

VOCABULARY = load_vocabulary("aomori")
PLACES = PlaceNames(VOCABULARY)


def places(text: str) -> PlacesInText | None:
    return PLACES.find(text)


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("八戸 補助金", "02203", "補助金"),
        ("補助金　八戸市", "02203", "補助金"),
        ("八戸市の補助金", "02203", "補助金"),
        ("八戸市補助金", "02203", "補助金"),
        ("八戸市内で飲食店を開きたい", "02203", "飲食店を開きたい"),
        ("八戸で創業 融資", "02203", "創業 融資"),
        ("八戸は補助金がありますか", "02203", "補助金がありますか"),
        ("青森県八戸市 創業", "02203", "創業"),
        ("三戸郡南部町 創業", "02445", "創業"),
        ("八戸", "02203", ""),
        ("はちのへ 創業", "02203", "創業"),
        ("ハチノヘシ", "02203", ""),
        ("hachinohe DX", "02203", "DX"),
        ("Hachinohe-shi", "02203", ""),
        ("mutsu", "02208", ""),
        ("むつ市", "02208", ""),
        ("towada", "02206", ""),
        ("さんのへまち", "02441", ""),
        ("鰺ヶ沢 起業", "02321", "起業"),
        ("鯵ヶ沢", "02321", ""),
        ("鯵ケ沢町", "02321", ""),
        ("鯵が沢", "02321", ""),
        ("あじがさわ", "02321", ""),
        ("ajigasawa", "02321", ""),
        ("六か所村", "02411", ""),
        ("外ｹ浜", "02307", ""),
        ("下北 漁業", "shimokita", "漁業"),
        ("三八地域", "sanpachi", ""),
        ("青森市の補助金", "02201", "補助金"),
        ("青森県青森 創業", "02201", "創業"),
        ("青森 青森市", "02201", ""),
        ("あおもりし", "02201", ""),
        ("aomori-shi", "02201", ""),
        ("八戸 -融資 「創業 支援」", "02203", "-融資 「創業 支援」"),
    ],
)
def test_place_is_read_in_every_writing(text: str, code: str, rest: str) -> None:
    found = places(text)
    assert found is not None
    assert (found.choices, found.rest) == (((code,),), rest)


def test_several_places_are_taken_together() -> None:
    found = places("八戸 三沢市 八戸市 創業")
    assert found == PlacesInText(("八戸", "三沢市", "八戸市"), (("02203", "02207"),), "創業")


@pytest.mark.parametrize(
    "text", ["青森 創業", "創業 青森", "青森での創業", "aomori 創業", "あおもり 創業"]
)
def test_name_of_both_prefecture_and_city_can_mean_either(text: str) -> None:
    found = places(text)
    assert found is not None
    assert (found.choices, found.rest) == ((("pref",), ("02201",)), "創業")


def test_name_of_both_means_the_city_beside_another_city() -> None:
    found = places("青森 八戸 創業")
    assert found == PlacesInText(("青森", "八戸"), (("02201", "02203"),), "創業")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "補助金",
        "青森県 補助金",
        "青森市場",
        "八戸市長",
        "八戸市以外の補助金",
        "八戸市から通う",
        "八戸市と三戸町の補助金",
        "八戸商工会議所",
        "三沢基地",
        "南部鉄器",
        "東北",
        "東北電力",
        "とうほく",
        "むつかしい",
        "さい",
        "sai",
        "その際",
        '"八戸" 補助金',
        "「八戸市」",
        "-八戸 補助金",
        "DX",
        "-",
    ],
)
def test_what_is_no_place_is_left_alone(text: str) -> None:
    assert places(text) is None


def test_every_municipality_is_found_by_name_and_reading() -> None:
    for code, place in VOCABULARY.tree.municipalities.items():
        for name in (place.name, *place.variants, place.kana, f"{place.name}の補助金"):
            found = places(name)
            assert found is not None
            assert found.choices == ((code,),)


def offers(page: Page) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the links of the offer say, and the searches they lead to."""
    return [
        (link.get_text(), parse_qsl(urlsplit(str(link["href"])).query))
        for link in page.dom.select("#results .narrowed a")
    ]


def fill(held: Resources) -> dict[str, str]:
    """Listings of some municipalities and the prefecture; none says where it can be used."""
    with held.sessions.begin() as session:
        make_agency(session, "m02203", name="八戸市", level="municipality", region_code="02203")
    regions = {
        "hachinohe": "02203",
        "hirosaki": "02202",
        "aomori": "02201",
        "ajigasawa": "02321",
        "pref": "pref",
    }
    return {
        name: publish_and_index(held, title=f"販路の補助金 {name}", regions=(code,))
        for name, code in regions.items()
    }


def test_offer_leads_to_what_can_be_used_there(get_page, resources: Resources) -> None:
    ids = fill(resources)
    ((label, pairs),) = offers(get_page("/search?q=八戸 補助金&kind=subsidy"))
    assert label == "地域を八戸市で絞り込む（2件）"
    assert pairs == [("q", "補助金"), ("region", "02203"), ("kind", "subsidy")]
    page = get_page("/search?q=補助金&region=02203&kind=subsidy")
    assert {*page.listing_ids} == {ids["hachinohe"], ids["pref"]}
    assert offers(page) == []
    assert any("八戸市" in chip for chip in page.texts(".chips .chip__label"))


def test_help_tells_what_is_offered(get_page, resources: Resources) -> None:
    fill(resources)
    page = get_page("/help")
    ((label, _),) = offers(get_page(f"/search?q={page.text('#places code')}"))
    assert label == f"{page.text('#places strong')}（2件）"


@pytest.mark.parametrize(
    "text", ["鰺ヶ沢", "鯵ヶ沢", "鯵ケ沢", "あじがさわ", "アジガサワ", "ajigasawa"]
)
def test_town_is_found_and_offered_in_each_writing(
    get_page, resources: Resources, text: str
) -> None:
    ids = fill(resources)
    page = get_page(f"/search?q={text}")
    assert page.listing_ids[0] == ids["ajigasawa"]
    assert offers(page) == [("地域を鰺ヶ沢町で絞り込む（2件）", [("region", "02321")])]


@pytest.mark.parametrize("text", ["青森 補助金", "aomori 補助金"])
def test_prefecture_and_city_of_one_name_are_both_offered(
    get_page, resources: Resources, text: str
) -> None:
    ids = fill(resources)
    assert offers(get_page(f"/search?q={text}")) == [
        ("地域を青森県全域で絞り込む（1件）", [("q", "補助金"), ("region", "pref")]),
        ("地域を青森市で絞り込む（2件）", [("q", "補助金"), ("region", "02201")]),
    ]
    assert {*get_page("/search?q=補助金&region=pref").listing_ids} == {ids["pref"]}
    city = get_page("/search?q=補助金&region=02201")
    assert {*city.listing_ids} == {ids["aomori"], ids["pref"]}
    assert any(
        "青森県全域" in chip for chip in get_page("/search?region=pref").texts(".chip__label")
    )


def test_only_the_one_of_one_name_that_finds_something_is_offered(
    get_page, resources: Resources
) -> None:
    publish_and_index(resources, title="販路の補助金", regions=("02201",))
    ((label, _),) = offers(get_page("/search?q=青森 補助金"))
    assert label == "地域を青森市で絞り込む（1件）"


def test_nothing_is_offered_that_finds_nothing(get_page, resources: Resources) -> None:
    fill(resources)
    assert offers(get_page("/search?q=八戸 -補助金")) == []
    assert offers(get_page("/search?q=八戸 補助金&kind=loan")) == []


def test_nothing_is_offered_where_a_region_is_chosen(get_page, resources: Resources) -> None:
    fill(resources)
    assert offers(get_page("/search?q=八戸 補助金&region=02202")) == []
