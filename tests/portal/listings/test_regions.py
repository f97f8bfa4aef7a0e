"""Where a listing can be used, computed here a second time in the plainest way."""

from itertools import product

import pytest

from portal.listings.vocabulary import Vocabulary

HACHINOHE, AOMORI, SANNOHE, HIROSAKI = "02203", "02201", "02441", "02202"


def test_pack_holds_forty_municipalities_in_six_areas(vocabulary: Vocabulary) -> None:
    tree = vocabulary.tree
    assert len(tree.municipalities) == 40
    assert {code: len(area.municipalities) for code, area in tree.areas.items()} == {
        "tosei": 5, "chunan": 7, "sanpachi": 7, "seihoku": 7, "kamikita": 9, "shimokita": 5,
    }  # fmt: skip


@pytest.mark.parametrize("wide", ["nation", "pref", "tosei"])
def test_wider_listing_covers_the_municipality(vocabulary: Vocabulary, wide: str) -> None:
    assert AOMORI in vocabulary.tree.search_codes([wide], [])


def test_exception_takes_the_municipality_out_and_the_whole_with_it(
    vocabulary: Vocabulary,
) -> None:
    codes = vocabulary.tree.search_codes(["pref"], [AOMORI])
    assert AOMORI not in codes
    assert "pref" not in codes
    assert "tosei" in codes
    assert HACHINOHE in codes


def test_area_whose_every_municipality_is_excepted_is_not_matched(vocabulary: Vocabulary) -> None:
    tree = vocabulary.tree
    codes = tree.search_codes(["pref"], ["shimokita"])
    assert "shimokita" not in codes
    assert set(codes).isdisjoint(tree.areas["shimokita"].municipalities)


def test_all_six_areas_make_the_whole_prefecture(vocabulary: Vocabulary) -> None:
    assert "pref" in vocabulary.tree.search_codes(vocabulary.tree.areas, [])


@pytest.mark.parametrize(
    ("regions", "searched", "is_found"),
    [
        ([HACHINOHE], HACHINOHE, True),
        (["sanpachi"], HACHINOHE, False),
        (["pref"], HACHINOHE, False),
        ([HACHINOHE], "sanpachi", True),
        (["sanpachi"], "sanpachi", True),
        (["pref"], "sanpachi", False),
        (["pref"], "pref", True),
        (["nation"], "pref", False),
        (["nation", "pref"], "pref", True),
        ([HACHINOHE, HIROSAKI], HIROSAKI, True),
    ],
)
def test_local_only_finds_nothing_wider(
    vocabulary: Vocabulary, regions: list[str], searched: str, is_found: bool
) -> None:
    assert (searched in vocabulary.tree.local_search_codes(regions, [])) is is_found


def test_what_is_local_is_always_found_without_local_only_too(vocabulary: Vocabulary) -> None:
    tree = vocabulary.tree
    single = ["nation", "pref", *tree.areas, HACHINOHE, SANNOHE, AOMORI]
    for first, second, out in product(single, single, ["", AOMORI, "sanpachi"]):
        regions, exceptions = [first, second], [out] if out else []
        local = tree.local_search_codes(regions, exceptions)
        assert set(local) <= set(tree.search_codes(regions, exceptions))
