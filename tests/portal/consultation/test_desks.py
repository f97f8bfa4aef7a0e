"""Which desks are for whom: the facts of the region pack, and their order."""

import json
from dataclasses import replace

import pytest

from portal.config import CHECKOUT
from portal.consultation.desks import Desk, Wanted, desks_for, shortlist, wanted_in
from portal.consultation.first_desks import load_first_desks, read_first_desks
from portal.links import tel_address, web_address
from portal.listings.vocabulary import Vocabulary
from tests.each import each

FIRST = load_first_desks("aomori").desks
FILE = CHECKOUT / "portal" / "region_packs" / "aomori" / "first_desks.json"

NEAREST = "最寄りの商工会・商工会議所"
WIDE = ["21あおもり産業総合支援センター", "青森県中小企業団体中央会"]

TRUTHS = {
    "02201": ["青森商工会議所", "青森市浪岡商工会"],
    "02202": ["弘前商工会議所"],
    "02203": ["八戸商工会議所"],
    "02204": ["黒石商工会議所"],
    "02205": ["五所川原商工会議所", "金木商工会", "市浦商工会"],
    "02206": ["十和田商工会議所", "十和田湖商工会"],
    "02207": ["三沢市商工会"],
    "02208": ["むつ商工会議所"],
    "02209": ["つがる市商工会"],
    "02210": ["平川市商工会"],
    "02301": [NEAREST],
    "02384": ["鶴田町商工会"],
    "02402": ["七戸町商工会", "七戸町天間林商工会"],
    "chunan": [NEAREST],
    "pref": [NEAREST],
}


def specialist(code: str, vocabulary: Vocabulary, place: str = "pref", **known: object) -> Desk:
    desk = Desk(code, code, "", vocabulary.tree.expand([place]), purposes=frozenset({"ip"}))
    return replace(desk, **known)  # type: ignore[arg-type]


def codes(desks: tuple[Desk, ...]) -> list[str]:
    return [desk.code for desk in desks if not desk.is_first]


def test_every_municipality_has_a_first_desk_for_every_purpose(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.tree.municipalities) == 40
    for place in vocabulary.tree.municipalities:
        for purpose in vocabulary.purposes:
            wanted = wanted_in([place], vocabulary.tree, purposes=[purpose])
            found = desks_for(FIRST, wanted)
            assert found, (place, purpose)
            assert all(desk.is_first and place in desk.places for desk in found)


@each("place", list(TRUTHS))
def test_first_desks_are_those_of_the_place_then_those_of_the_prefecture(
    vocabulary: Vocabulary, place: str
) -> None:
    found = desks_for(FIRST, wanted_in([place], vocabulary.tree))
    assert [desk.name for desk in found] == [*TRUTHS[place], *WIDE]


def test_facts_have_a_source_and_can_be_rung_or_looked_up(vocabulary: Vocabulary) -> None:
    facts = json.loads(FILE.read_text("utf-8"))
    assert {row["source"] for row in facts["desks"]} == set(facts["sources"])
    assert {row["says"] for row in facts["desks"]} == set(facts["says"])
    assert len({desk.code for desk in FIRST}) == len(FIRST)
    for desk in FIRST:
        assert desk.tel or desk.url or desk.agency_code, desk.name
        assert not desk.tel or (tel_address(desk.tel) and desk.note), desk.name
        assert not desk.url or web_address(desk.url), desk.name


def test_desk_for_a_place_that_there_is_not_is_refused(vocabulary: Vocabulary) -> None:
    facts = json.loads(FILE.read_text("utf-8"))
    facts["desks"][0]["places"] = ["13101"]
    with pytest.raises(ValueError, match=r"cci-aomori .*13101"):
        read_first_desks(json.dumps(facts), vocabulary.tree)


def test_number_is_shown_with_the_month_of_its_source(vocabulary: Vocabulary) -> None:
    facts = json.loads(FILE.read_text("utf-8"))
    row = facts["desks"][2] | {"hours": "平日9時から17時", "places": ["chunan"]}
    (desk,) = read_first_desks(json.dumps(facts | {"desks": [row]}), vocabulary.tree).desks
    assert (desk.hours, desk.tel) == ("平日9時から17時", "0172-33-4111")
    assert desk.note == "電話番号は2019年4月時点の公式サイトによります"
    assert desk.places == vocabulary.tree.areas["chunan"].municipalities


def test_region_pack_may_have_no_first_desks() -> None:
    assert load_first_desks("nowhere").desks == ()


def test_specialists_know_about_the_purpose_and_are_open_to_place_and_industry(
    vocabulary: Vocabulary,
) -> None:
    desks = (
        specialist("wide", vocabulary),
        specialist("near", vocabulary, "02203"),
        specialist("rung", vocabulary, tel="017-000-0000"),
        specialist("far", vocabulary, "02201", tel="017-000-0000"),
        specialist("other", vocabulary, purposes=frozenset({"gx"})),
        specialist("farms", vocabulary, industries=frozenset({"A"})),
    )
    wanted = wanted_in(["02203"], vocabulary.tree, purposes=["ip"])
    assert codes(desks_for(desks, wanted)) == ["rung", "near", "farms", "wide"]
    makers = replace(wanted, industry="E")
    assert codes(desks_for(desks, makers)) == ["rung", "near", "wide"]
    assert codes(desks_for(desks, wanted_in(["02203"], vocabulary.tree))) == []
    both = wanted_in(["02203"], vocabulary.tree, purposes=["ip", "gx"])
    versed = specialist("versed", vocabulary, purposes=both.purposes)
    assert codes(desks_for((*desks, versed), both))[:2] == ["versed", "rung"]
    outside = replace(wanted_in([], vocabulary.tree, purposes=["ip"]), is_outside=True)
    assert codes(desks_for(desks, outside)) == ["rung", "farms", "wide"]
    assert desks_for(desks, wanted) == desks_for(tuple(reversed(desks)), wanted)


def test_shortlist_has_the_nearest_the_best_specialist_and_the_next(
    vocabulary: Vocabulary,
) -> None:
    desks = (*FIRST, specialist("L000007", vocabulary, listing_id="L000007"))
    wanted = Wanted(frozenset({"02202"}), frozenset({"ip"}))
    found = desks_for(desks, wanted)
    assert [desk.name for desk in shortlist(found)] == ["弘前商工会議所", WIDE[0], "L000007"]
    alone = [desk.name for desk in shortlist(found, without="L000007")]
    assert alone == ["弘前商工会議所", *WIDE]
