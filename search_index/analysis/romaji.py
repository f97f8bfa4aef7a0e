"""Latin letters read as Japanese: Hepburn, Kunrei and what people type for either."""

import re
from collections.abc import Iterator

MAX_LETTERS = 48
"""Longer texts are not read."""

MAX_READINGS = 4

_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "s": "さしすせそ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "m": "まみむめも",
    "r": "らりるれろ",
    "g": "がぎぐげご",
    "z": "ざじずぜぞ",
    "d": "だぢづでど",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}
# Rows of Hepburn and of loan words, as they are spelt: vowels that a row lacks are left out.
_SPELT = {
    "y": {"a": "や", "u": "ゆ", "o": "よ"},
    "w": {"a": "わ", "i": "うぃ", "e": "うぇ", "o": "を"},
    "f": {"a": "ふぁ", "i": "ふぃ", "u": "ふ", "e": "ふぇ", "o": "ふぉ"},
    "v": {"a": "ゔぁ", "i": "ゔぃ", "u": "ゔ", "e": "ゔぇ", "o": "ゔぉ"},
    "j": {"a": "じゃ", "i": "じ", "u": "じゅ", "e": "じぇ", "o": "じょ"},
    "sh": {"a": "しゃ", "i": "し", "u": "しゅ", "e": "しぇ", "o": "しょ"},
    "ch": {"a": "ちゃ", "i": "ち", "u": "ちゅ", "e": "ちぇ", "o": "ちょ"},
    "ts": {"u": "つ"},
}
_GLIDES = {"a": "ゃ", "u": "ゅ", "o": "ょ"}

_SYLLABLES = {
    consonant + vowel: kana
    for consonant, row in _ROWS.items()
    for vowel, kana in zip("aiueo", row, strict=True)
}
_SYLLABLES |= {
    f"{consonant}y{vowel}": row[1] + glide
    for consonant, row in (_ROWS | {"j": " じ"}).items()
    for vowel, glide in _GLIDES.items()
    if consonant
}
_SYLLABLES |= {
    consonant + vowel: kana for consonant, row in _SPELT.items() for vowel, kana in row.items()
}

_LONG_VOWELS = str.maketrans(
    {"ā": "a-", "ī": "i-", "ū": "u-", "ē": "e-", "ō": "o-"}
    | {"â": "a-", "î": "i-", "û": "u-", "ê": "e-", "ô": "o-"}
    | {"’": "'", "‘": "'", "`": "'"}
)
_LETTERS = re.compile("[a-z'-]+")
_SMALL = "ゃゅょぁぃぇぉ"


def read_romaji(text: str) -> tuple[str, ...]:
    """The readings in hiragana that normalised Latin ``text`` may spell, the likeliest first; none
    if it spells no Japanese. At most ``MAX_READINGS``: they differ in where an n belongs."""
    letters = text.translate(_LONG_VOWELS)
    if len(letters) > MAX_LETTERS or not _LETTERS.fullmatch(letters):
        return ()
    # Readings of the rest from every letter on, last first, so that no rest is read twice.
    rests: list[list[str]] = [[""]]
    for at in range(len(letters) - 1, -1, -1):
        readings = [
            kana + rest for kana, length in _beginnings(letters[at:]) for rest in rests[-length]
        ]
        possible = [reading for reading in readings if "んん" not in reading]
        rests.append(list(dict.fromkeys(possible))[:MAX_READINGS])
    return tuple(rests[-1])


def read_unfinished_romaji(text: str) -> tuple[str, ...]:
    """The readings a text may begin with that is still being typed: ``jigyous`` leads to
    じぎょうさ, じぎょうし and so on."""
    finished = read_romaji(text)
    if not text or text[-1] in "aiueo-'":
        return finished
    # Whichever vowel follows, it may come after a glide: しゃ is し so far.
    begun = [reading.rstrip(_SMALL) for vowel in "aiueo" for reading in read_romaji(text + vowel)]
    return tuple(dict.fromkeys((*finished, *begun)))


def _beginnings(letters: str) -> Iterator[tuple[str, int]]:
    """The kana that ``letters`` may begin with, and how many letters each takes."""
    first, following = letters[0], letters[1:2]
    if letters[:2] == "n'":
        yield "ん", 2
        return
    for length in range(min(3, len(letters)), 0, -1):
        if kana := _SYLLABLES.get(letters[:length]):
            yield kana, length
    if first == "n":
        yield "ん", 1
        if following == "n":
            yield "ん", 2
    elif first == "m" and following in ("b", "p", "m"):
        yield "ん", 1
    elif first == "-":
        yield "ー", 1
    elif letters[:3] == "tch" or (first == following and first not in "aiueo'"):
        yield "っ", 1
