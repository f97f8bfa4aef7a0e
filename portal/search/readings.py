"""What people type for a name they know by ear: kana, or romaji in either spelling."""

import re
import unicodedata
from functools import lru_cache

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "s": "さしすせそ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "m": "まみむめも",
    "y": "や ゆ よ",
    "r": "らりるれろ",
    "w": "わゐ ゑを",
    "g": "がぎぐげご",
    "z": "ざじずぜぞ",
    "d": "だぢづでど",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}
_KANA = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
    if kana != " "
} | {"ん": "n", "ぢ": "zi", "づ": "zu"}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
# Spellings as they are taught abroad, made the plain ones of the table above.
_PLAIN = (
    *(("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("ts", "t")),
    *(("fu", "hu"), ("ji", "zi"), ("jy", "zy"), ("j", "zy"), ("di", "zi"), ("du", "zu")),
    *(("ā", "a"), ("ī", "i"), ("ū", "u"), ("ē", "e"), ("ō", "o")),
)
_LATIN = re.compile(r"[a-zāīūēō' -]+")


def folded(text: str) -> str:
    """A text without differences of width, case, spaces and kind of kana."""
    normal = unicodedata.normalize("NFKC", text).casefold().translate(_TO_HIRAGANA)
    return "".join(normal.split())


def is_romaji(text: str) -> bool:
    """Whether a folded text may be the sound of a Japanese word in Latin letters."""
    return _LATIN.fullmatch(text) is not None


def sound_of_romaji(text: str) -> str:
    """Folded romaji in one spelling; long and short vowels are the same."""
    plain = re.sub("[' -]", "", text)
    for taught, simple in _PLAIN:
        plain = plain.replace(taught, simple)
    # What is typed so far may end within a consonant: sh, ts, ky.
    plain = re.sub(r"(?<=[a-z])[hy]$", "", plain) if plain[-2:-1] in ("s", "t", "z") else plain
    return _shortened(plain)


@lru_cache(maxsize=2048)
def sound_of_kana(kana: str) -> str:
    """The same sound for a word in hiragana."""
    sounds: list[str] = []
    for character in kana:
        small = _SMALL.get(character)
        if small and sounds and sounds[-1][-1:] in "iueo":
            sounds[-1] = sounds[-1][:-1] + small
        else:
            sounds.append(small or _KANA.get(character, "q" if character == "っ" else ""))
    return _shortened(re.sub("q(.)", r"\1\1", "".join(sounds)))


def _shortened(sound: str) -> str:
    sound = sound.replace("ou", "o").replace("ei", "e").replace("nn", "n").replace("mb", "nb")
    return re.sub(r"([aiueo])\1+", r"\1", sound.replace("mp", "np"))
