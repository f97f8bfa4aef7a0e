"""Texts of any length and strangeness, made such that they can be set: in characters that the fonts
have, with places where lines may end."""

import re
import unicodedata
from collections.abc import Iterator

from portal.typesetting import glyphs

UNDRAWN = "□"
"""Stands for characters that the fonts lack, however many in a row."""

_NARROW = frozenset(" !\"'()*,-./:;I[\\]^_`fijlrt{|}~")
_WIDE = frozenset("#%@MWm")
_LONGEST_PIECE = 0.6
"""Of a line; what is longer is broken anywhere, for it may be longer than the line."""

BREAK_HERE = "\u200b"
"""Has no width; a line may end at it."""

_SPARE = 0.5
"""Em of a line that stay empty."""

_FREE = re.compile("[ぁ-ゖァ-ヺ一-鿿]")
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")
_OPENING = frozenset("（「『【")
_CLOSING = frozenset("）」』】、。")


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


def breakable(text: str, width: float) -> str:
    """The same text with places to break what is longer than a line may be.

    :param width: of a line, in em.
    """
    return "".join(
        piece if width_of(piece) <= width * _LONGEST_PIECE else BREAK_HERE.join(piece)
        for piece in _pieces(text)
    )


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes at most, filled one after the other."""
    lines, filled = 1, 0.0
    for piece in _pieces(text):
        wide = width_of(piece)
        for part in [wide] if wide <= width * _LONGEST_PIECE else map(_width, piece):
            if filled + part > width - _SPARE:
                lines, filled = lines + 1, 0.0
            filled += part
    return lines


def _pieces(text: str) -> Iterator[str]:
    """The text cut wherever a line may surely end, by the rules of Unicode and of Japanese."""
    begin = 0
    for position in range(1, len(text)):
        if _may_break(text[position - 1], text[position]):
            yield text[begin:position]
            begin = position
    if text:
        yield text[begin:]


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return True
    if _is_letter(before):
        return _is_free(after)
    if _is_free(before) or before in _CLOSING:
        return _is_free(after) or _is_letter(after) or after in _OPENING
    return False


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_free(character: str) -> bool:
    """Whether lines may end before and after it: kanji, and kana that are not small."""
    return bool(_FREE.match(character)) and character not in _SMALL
