"""Names of places in a typed text, so that a page can offer them as a filter.

Who types 「八戸 補助金」 means what can be used in 八戸市. Most of that is for the whole prefecture
and does not name the town, so no word finds it; the region does.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.listings.regions import PREFECTURE, Municipality
from portal.listings.vocabulary import Vocabulary
from portal.search.words import MINUS, QUOTES, WORD
from search_index import reading_key, typed_reading_keys

# Shorter ones are other words as well: さい is a village, and 再.
_LEAST_KANA = 3
_LEAST_LETTERS = 4

_SMALL_KE = "[ヶケヵカガがか]"
_DISTRICT = "(?:[^\\s]{1,3}郡)?"
_LINK = re.compile("内?(?:での|では|でも|で|の|に|へ|は|が|も)|内")

# What may follow a whole name without a link. 青森市場, 八戸市長 and 八戸市以外 begin like a town
# and are none, and of a list no more than its first name would be taken.
_NEXT_WORD = re.compile("(?![場外民立長営道議役以周近])[一-鿿ァ-ヺA-Za-z0-9]")

_SUFFIX_KANA = {"市": ("し",), "町": ("まち", "ちょう"), "村": ("むら", "そん")}


@dataclass(frozen=True, slots=True)
class PlacesInText:
    """Places a text names."""

    names: tuple[str, ...]
    """As typed."""
    choices: tuple[tuple[str, ...], ...]
    """Regions to choose by their codes: one set of them for each thing the names can mean."""
    rest: str
    """What else the text says."""


class PlaceNames:
    """All ways to write the municipalities and areas of a prefecture: with and without 市, 町 or
    村, in kana, in romaji. Each with what it can mean: 青森 is the prefecture or its capital."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._whole: dict[str, str] = {}
        self._short: dict[str, tuple[str, ...]] = {}
        self._readings: dict[str, tuple[str, ...]] = {}
        for place in vocabulary.tree.municipalities.values():
            self._add(place, vocabulary)
        for area in vocabulary.tree.areas.values():
            self._whole[vocabulary.regions[area.code]] = area.code
            self._short[area.name] = (area.code,)
        names = sorted((*self._whole, *self._short), key=len, reverse=True)
        self._beginning = re.compile(
            f"({vocabulary.prefecture})?{_DISTRICT}({'|'.join(map(_pattern, names))})"
        )

    def _add(self, place: Municipality, vocabulary: Vocabulary) -> None:
        is_prefecture = place.name[:-1] == vocabulary.prefecture[:-1]
        codes = (PREFECTURE, place.code) if is_prefecture else (place.code,)
        has_short = place.name[:-1] not in vocabulary.wider_names
        for name in (place.name, *place.variants):
            self._whole[_plain(name)] = place.code
            if has_short:
                self._short[_plain(name[:-1])] = codes
        self._readings[reading_key(place.kana)] = (place.code,)
        for suffix in _SUFFIX_KANA[place.name[-1]]:
            if has_short and place.kana.endswith(suffix):
                self._readings[reading_key(place.kana.removesuffix(suffix))] = codes

    def find(self, text: str) -> PlacesInText | None:
        """The places a text names outside quotes and without a minus; None if there are none."""
        names: list[str] = []
        meanings: dict[tuple[str, ...], None] = {}
        rest: list[str] = []
        for word in WORD.findall(text):
            named = None if word[0] in MINUS + QUOTES else self._named(word)
            if named:
                name, codes, other = named
                names.append(name)
                meanings[codes] = None
                rest.append(other)
            else:
                rest.append(word)
        if not meanings:
            return None
        return PlacesInText(
            tuple(dict.fromkeys(names)), _choices(list(meanings)), " ".join(filter(None, rest))
        )

    def _named(self, word: str) -> tuple[str, tuple[str, ...], str] | None:
        """The name a word begins with, the regions it can mean, and the rest of the word."""
        typed = unicodedata.normalize("NFKC", word)
        begun = self._begun(typed)
        if not begun and (codes := self._codes_by_reading(typed)):
            return word, codes, ""
        return begun

    def _begun(self, typed: str) -> tuple[str, tuple[str, ...], str] | None:
        begun = self._beginning.match(typed)
        if not begun:
            return None
        name, tail = _plain(begun[2]), typed[begun.end() :]
        link = _LINK.match(tail)
        if link:
            tail = tail[link.end() :]
        elif tail and not (name in self._whole and _NEXT_WORD.match(tail)):
            return None
        codes = (self._whole[name],) if name in self._whole else self._short[name]
        # After 青森県, 青森 is the city.
        return begun[2], codes[-1:] if begun[1] else codes, tail

    def _codes_by_reading(self, typed: str) -> tuple[str, ...] | None:
        if len(typed) < (_LEAST_LETTERS if typed.isascii() else _LEAST_KANA):
            return None
        return next(filter(None, map(self._readings.get, typed_reading_keys(typed))), None)


def _choices(meanings: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """What to choose for the regions that each name can mean, the widest first."""
    if len(meanings) == 1:
        return tuple((code,) for code in meanings[0])
    # Beside another place, a name is a place like it: the prefecture would swallow the other.
    return (tuple(dict.fromkeys(codes[-1] for codes in meanings)),)


def _plain(name: str) -> str:
    """A name with its small ke in one writing."""
    return re.sub(f"(?<=.){_SMALL_KE}(?=[^ぁ-ヿ])", "ヶ", name)


def _pattern(name: str) -> str:
    return re.escape(name).replace("ヶ", _SMALL_KE)
