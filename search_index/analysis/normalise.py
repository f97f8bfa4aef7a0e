"""The form in which all text is compared, with the way back to the raw text for highlights."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Radicals look like ideographs, PDFs are full of them, and NFKC leaves those of the CJK Radicals
# Supplement alone (it does fold the Kangxi ones). Targets: Unicode's Equivalent_Unified_Ideograph.
_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)

# Zero-width characters, soft hyphens and variation selectors: seen by nobody, searched by nobody.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")

# A character with the marks NFKC may compose it with; such a cluster is folded as one.
_CLUSTER = re.compile(
    "[\\s\\S][\u0300-\u036f\u1160-\u11ff\u3099\u309a\ufe00-\ufe0f\uff9e\uff9f\U000e0100-\U000e01ef]*"
)

_KANA = "ぁ-ゖァ-ヺー"
_JAPANESE = f"{_KANA}々〆〇一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff"
_FALSE_LONG_VOWEL = re.compile(f"(?<=[{_KANA}])[-‐‒–—―−─━](?=[{_KANA}])")
_SOFT_BREAK = re.compile(f"(?<=[{_JAPANESE}])\r?\n(?=[{_JAPANESE}])")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Normalised text in which every character knows the raw characters it came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw text behind the non-empty slice ``text[start:end]``, as (start, end)."""
        return self.starts[start], self.ends[end - 1]


def normalise(raw: str) -> NormalisedText:
    """Fold radicals, widths, compatibility forms and case; mend long vowels typed as hyphens;
    take out what is invisible and line breaks within a Japanese sentence."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(raw):
        folded = _fold(cluster.group())
        characters.extend(folded)
        starts.extend([cluster.start()] * len(folded))
        ends.extend([cluster.end()] * len(folded))
    text = _FALSE_LONG_VOWEL.sub("ー", "".join(characters))
    for lost in reversed([match.span() for match in _SOFT_BREAK.finditer(text)]):
        text = text[: lost[0]] + text[lost[1] :]
        del starts[slice(*lost)], ends[slice(*lost)]
    return NormalisedText(text, tuple(starts), tuple(ends))


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    visible = _INVISIBLE.sub("", cluster.translate(_RADICALS))
    # Half a surrogate pair is no character; no encoder behind us would take it.
    encodable = visible.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", encodable).lower()
