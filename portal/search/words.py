"""The pieces of a typed text: words, and what is in quotes, with the minus before them."""

import re
import unicodedata

WORD = re.compile(r'[-－−]?(?:"[^"]*"|「[^「」]*」)|[^\s"「」]+')
MINUS = "-－−"
QUOTES = '"「」'

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def folded(text: str) -> str:
    """A text without differences of width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def folded_kana(text: str) -> str:
    """A text without those, and in one kind of kana. For what is recognised while it is typed;
    searches take ねぶた and ネブタ for two words unless synonyms say otherwise."""
    return folded(text).translate(_TO_HIRAGANA)
