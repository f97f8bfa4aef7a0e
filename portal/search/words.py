"""The pieces of a typed text: words, and what is in quotes, with the minus before them."""

import re
import unicodedata

WORD = re.compile(r'[-－−]?(?:"[^"]*"|「[^「」]*」)|[^\s"「」]+')
MINUS = "-－−"
QUOTES = '"「」'

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def folded(text: str) -> str:
    """A text without differences of width, case, spaces and kind of kana."""
    normal = unicodedata.normalize("NFKC", text).casefold().translate(_TO_HIRAGANA)
    return "".join(normal.split())
