"""What is typed by ear meets what it is the sound of."""

import pytest

from search_index import reading_key, typed_reading_keys


@pytest.mark.parametrize(
    ("kana", "romaji"),
    [
        ("そうぎょう", ["sougyou", "sogyo", "sōgyō", "soogyo"]),
        ("しょうてんがい", ["shoutengai", "syotengai"]),
        ("ちいき", ["chiiki", "tiiki"]),
        ("なんぶ", ["nambu", "nanbu"]),
        ("ろっかしょ", ["rokkasho", "rokkasyo"]),
        ("ふじさき", ["fujisaki", "huzisaki"]),
        ("せつび", ["setsubi", "setubi"]),
        ("じゅん", ["jun", "zyun", "jyun"]),
    ],
)
def test_spellings_of_a_sound_are_one(kana: str, romaji: list[str]) -> None:
    assert all(reading_key(kana) in typed_reading_keys(text) for text in (kana, *romaji))


@pytest.mark.parametrize("beginning", ["s", "sh", "sho", "shou", "shout", "shouten"])
def test_every_beginning_of_a_romaji_word_fits(beginning: str) -> None:
    assert reading_key("しょうてんがい").startswith(typed_reading_keys(beginning))


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("ハチノヘ", "はちのへ"),
        ("ﾊﾁﾉﾍ", "はちのへ"),
        ("ＨＡＣＨＩＮＯＨＥ", "はちのへ"),
        ("hachi nohe", "はちのへ"),
        ("じぎょーしょーけー", "じぎょうしょうけえ"),
    ],
)
def test_width_case_and_kind_of_kana_do_not_matter(typed: str, kana: str) -> None:
    assert reading_key(kana) in typed_reading_keys(typed)


@pytest.mark.parametrize("text", ["", " ", "八戸", "dx2", "補助kin", "qqq", "a" * 200])
def test_what_is_neither_kana_nor_romaji_has_no_sound(text: str) -> None:
    assert typed_reading_keys(text) == ()
