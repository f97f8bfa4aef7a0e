"""Which characters the shipped fonts can draw.

``fonts/make.py`` cuts the fonts down to these, and ``texts`` puts a mark in the place of all
others, so both know the same rule.
"""

import unicodedata
from functools import lru_cache

_OFFICE = "cp932"
"""JIS X 0208 and what makers of office computers added to it, such as 髙, 﨑 and ①: all that can
be typed there without looking a code up."""

_EVERYDAY = "塡剝頰"
"""常用漢字 that the code lacks. (𠮟 is in no table of the font; people write 叱.)"""

_SIGNS = "•～−—–“”‘’€©®"

_LAST_OF_FIRST_LEVEL = 0x4F
"""The row of JIS X 0208 that ends its first level, the 2,965 kanji of daily life."""


@lru_cache(maxsize=10_000)
def is_drawn(character: str) -> bool:
    """Whether the regular font has this character."""
    if character in _EVERYDAY or character in _SIGNS or character == " ":
        return True
    if unicodedata.category(character)[0] in "CZ":
        # Controls have no shape; the wide space has one in the code, but breaks no line.
        return False
    try:
        return bool(character.encode(_OFFICE))
    except UnicodeEncodeError:
        return False


def is_drawn_bold(character: str) -> bool:
    """Whether the bold font has it, too; rarer kanji of a title are printed in the regular one."""
    if not is_drawn(character):
        return False
    try:
        code = character.encode("euc_jp")
    except UnicodeEncodeError:
        return not _is_kanji(character)
    return len(code) == 1 or (len(code) == 2 and code[0] & 0x7F <= _LAST_OF_FIRST_LEVEL)


def drawn() -> str:
    """All characters of the regular font, in order."""
    return "".join(character for character in map(chr, range(0x20, 0x10000)) if is_drawn(character))


def _is_kanji(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK")
