"""Readings in kana, and the loose form in which they are looked up."""

import re
from functools import lru_cache

_HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ゖ") + 1)))
_KATAKANA = "".join(map(chr, range(ord("ァ"), ord("ヶ") + 1)))
_TO_HIRAGANA = str.maketrans(_KATAKANA, _HIRAGANA)
_TO_KATAKANA = str.maketrans(_HIRAGANA, _KATAKANA)

_KANA = re.compile("[ぁ-ゖァ-ヺー]+")

_ROWS_BY_VOWEL = {
    "あ": "あかさたなはまやらわがざだばぱぁゃゎ",
    "い": "いきしちにひみりぎじぢびぴぃ",
    "う": "うくすつぬふむゆるぐずづぶぷぅゅゔ",
    "え": "えけせてねへめれげぜでべぺぇ",
    "お": "おこそとのほもよろをごぞどぼぽぉょ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _ROWS_BY_VOWEL.items() for kana in row}

# Kana that sound alike.
_SOUNDS = str.maketrans("ぢづをゔ", "じずおぶ")


def is_kana(text: str) -> bool:
    """Whether a text is kana and long-vowel signs alone, and some."""
    return _KANA.fullmatch(text) is not None


def to_hiragana(text: str) -> str:
    """Katakana turned into hiragana; all else stays."""
    return text.translate(_TO_HIRAGANA)


def to_katakana(text: str) -> str:
    """Hiragana turned into katakana; all else stays."""
    return text.translate(_TO_KATAKANA)


@lru_cache(maxsize=16_384)
def reading_key(kana: str) -> str:
    """What readings are compared by: hiragana without what only prolongs a vowel, so that じぎょー,
    じぎょう and じぎょ are one. The key of a beginning is a beginning of the key."""
    return "".join(key for key, _ in key_positions(kana))


def key_positions(kana: str) -> list[tuple[str, int]]:
    """The characters of the ``reading_key`` of ``kana``, each with its place in ``kana``."""
    found: list[tuple[str, int]] = []
    for at, character in enumerate(to_hiragana(kana).translate(_SOUNDS)):
        vowel = _VOWEL_OF.get(found[-1][0]) if found else None
        is_long = character == "ー" or character == vowel or (vowel, character) == ("お", "う")
        if not (is_long and found):
            found.append((character, at))
    return found
