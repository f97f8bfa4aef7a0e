"""Kana and Latin letters as readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis.kana import is_kana, key_positions, reading_key, to_hiragana
from search_index.analysis.romaji import (
    MAX_LETTERS,
    MAX_READINGS,
    read_romaji,
    read_unfinished_romaji,
)
from tests.search_index.examples import FIXED


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("jigyou", ["じぎょう"]),
        ("zigyou", ["じぎょう"]),
        ("shoukei", ["しょうけい"]),
        ("syoukei", ["しょうけい"]),
        ("sōgyō", ["そーぎょー"]),
        ("ra-men", ["らーめん"]),
        ("hojokin", ["ほじょきん"]),
        ("kin'yuu", ["きんゆう"]),
        ("kinyuu", ["きにゅう", "きんゆう"]),
        ("annai", ["あんない", "あんあい"]),
        ("shimbun", ["しんぶん"]),
        ("gakkou", ["がっこう"]),
        ("matcha", ["まっちゃ"]),
        ("tsugaru", ["つがる"]),
        ("dx", []),
        ("web", []),
        ("", []),
        ("a1", []),
        ("a" * (MAX_LETTERS + 1), []),
    ],
)
def test_readings_of_latin_letters(text: str, readings: list[str]) -> None:
    assert list(read_romaji(text)) == readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("jigyous", ["じぎょうさ", "じぎょうし", "じぎょうす", "じぎょうせ", "じぎょうそ"]),
        ("jigyoush", ["じぎょうし"]),
        ("hoj", ["ほじ"]),
        ("gakk", ["がっか", "がっき", "がっく", "がっけ", "がっこ"]),
        ("sougyou", ["そうぎょう"]),
        ("x", []),
    ],
)
def test_unfinished_letters_lead_to_every_kana_they_may_become(
    text: str, readings: list[str]
) -> None:
    assert sorted(read_unfinished_romaji(text)) == sorted(readings)


@FIXED
@given(st.text("aiueoknstychm'-ō", max_size=60))
def test_any_letters_are_read_in_bounds(text: str) -> None:
    readings = read_romaji(text)
    assert len(readings) <= MAX_READINGS
    assert all(is_kana(reading) for reading in readings)


@FIXED
@given(st.text("かきくけこしつにのびゃゅょんー", max_size=20))
def test_key_of_a_beginning_is_a_beginning_of_the_key(kana: str) -> None:
    key = reading_key(kana)
    assert all(key.startswith(reading_key(kana[:end])) for end in range(len(kana)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("じぎょう", "じぎょ"),
        ("ホームページ", "ほうむぺえじ"),
        ("そうぎょう", "そーぎょー"),
        ("おおさか", "おうさか"),
        ("つづく", "つずく"),
    ],
)
def test_long_vowels_and_like_sounds_share_a_key(one: str, other: str) -> None:
    assert reading_key(one) == reading_key(other)


@FIXED
@given(st.text("ぁあいうえおかガきグこゴしジじょョーん", max_size=20))
def test_key_holds_characters_of_the_reading_at_their_places(kana: str) -> None:
    positions = key_positions(kana)
    assert [place for _, place in positions] == sorted({place for _, place in positions})
    assert all(to_hiragana(kana[place]) == character for character, place in positions)
