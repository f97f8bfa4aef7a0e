"""Texts of any length and strangeness, made to fit a number of lines on paper."""

import re
import unicodedata
from collections.abc import Iterator

from portal.sheets import glyphs

UNDRAWN = "□"
"""Stands for characters that the fonts lack, however many in a row."""

MORE = "…（くわしくはQRから）"
"""Ends a text that was cut."""

CUT = "…"
"""Ends one that is too narrow for ``MORE``."""

_NARROW = frozenset(" !\"'()*,-./:;I[\\]^_`fijlrt{|}~")
_WIDE = frozenset("#%@MWm")
_LONGEST_WORD = 10.0
"""Em; longer words are broken anywhere, for they may be longer than a line."""
BREAK_HERE = "\u200b"
"""Has no width; a line may end at it."""
_WORD = re.compile(r"[!-~]+")
_OVERHANG = 1.5
"""Em of a line that may stay empty, because punctuation begins no line."""


def clean(text: str) -> str:
    """The text on one line, in characters that the fonts have. What cannot be seen goes: controls,
    marks of direction, accents that stand alone."""
    shown = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            shown.append(" ")
        elif glyphs.is_drawn(character):
            shown.append(character)
        elif unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Me"):
            shown.append(UNDRAWN)
    return " ".join(re.sub(f"{UNDRAWN}+", UNDRAWN, "".join(shown)).split())


def fit(text: str, *, width: float, lines: int) -> str:
    """A clean text that takes no more than some lines, cut if it must be.

    :param width: of a line, in em; at least 2.
    """
    text = clean(text)
    if lines_of(text, width) <= lines:
        return _breakable(text)
    # Nothing narrower than a third of an em is printed, so the rest is not looked at.
    text = text[: int(width * lines * 3)]
    mark = MORE if width_of(MORE) < width * lines / 2 else CUT
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if lines_of(text[:middle] + mark, width) <= lines:
            low = middle
        else:
            high = middle - 1
    return _breakable(text[:low].rstrip() + mark)


def width_of(text: str) -> float:
    """How wide a text is at most, in em."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if character == BREAK_HERE:
        return 0.0
    if not character.isascii():
        return 0.5 if unicodedata.east_asian_width(character) == "H" else 1.0
    if character in _NARROW:
        return 0.56
    return 1.0 if character in _WIDE else 0.93


def _breakable(text: str) -> str:
    """The same text with places to break words that are longer than a line may be."""

    def broken(word: re.Match[str]) -> str:
        found = word.group()
        return BREAK_HERE.join(found) if width_of(found) > _LONGEST_WORD else found

    return _WORD.sub(broken, text)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes at most, filled one after the other."""
    lines, filled = 1, 0.0
    for piece in _pieces(text):
        wide = width_of(piece)
        if filled + wide > width - _OVERHANG:
            lines, filled = lines + 1, 0.0
        filled += wide
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What is never broken: words of letters, and each character of Japanese."""
    position = 0
    for word in _WORD.finditer(text):
        yield from text[position : word.start()]
        yield from word.group() if width_of(word.group()) > _LONGEST_WORD else (word.group(),)
        position = word.end()
    yield from text[position:]
