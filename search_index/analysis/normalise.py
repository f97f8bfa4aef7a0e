"""The form in which all text is compared, with the way back to the raw text for highlights."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from search_index.analysis.kanji_forms import KANJI_FORMS

# Radicals look like ideographs, PDFs are full of them, and NFKC leaves those of the CJK Radicals
# Supplement alone (it does fold the Kangxi ones). Targets: Unicode's Equivalent_Unified_Ideograph.
_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)

# Zero-width characters, soft hyphens and variation selectors: seen by nobody, searched by nobody.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")

# A character with the marks NFKC may compose it with; such a cluster is folded as one.
_MARKS = "[\u0300-\u036f\u1160-\u11ff\u3099\u309a\ufe00-\ufe0f\uff9e\uff9f\U000e0100-\U000e01ef]"
_MARK = re.compile(_MARKS)
_CLUSTER = re.compile(f"[\\s\\S]{_MARKS}*")

# Kana that only old texts have, a mark that means 々, and the wave dash beside ～, which is folded.
_OLD_MARKS = str.maketrans("ゐゑヰヱ〻〜", "いえイエ々~")

_KANA = "ぁ-ゖァ-ヺー"
_KANJI = "々〆〇一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff"
_JAPANESE = f"{_KANA}{_KANJI}"
_DASHES = "-‐‒–—―−─━"

# The expressions below begin with what they take out, and look back from there: an expression that
# begins with looking back is tried at every character.

# What stands for a long vowel: a hyphen within kana or at the end of a katakana word, and what
# looks like one (a wave dash, the numeral 一) within katakana.
_FALSE_LONG_VOWEL = re.compile(
    f"[{_DASHES}~一](?:"
    f"(?<=[{_KANA}][{_DASHES}])(?=[{_KANA}])"
    f"|(?<=[ァ-ヺ][{_DASHES}])(?![{_DASHES}\\w])"
    "|(?<=[ァ-ヺ][~一])(?=[ァ-ヺ]))"
)

# The small ke of names (鰺ヶ沢) and of counting (3か月) is written in several ways.
_SMALL_KE = re.compile(
    "[ヶヵガカか](?:"
    f"(?<=[{_KANJI}][ヶヵガ])(?=[{_KANJI}])"
    "|(?<=[0-9一二三四五六七八九十百千数何][ヶヵカか])(?=[月年所国条]))"
)

# ゝ ヽ repeat the kana before them; with a mark of voice, ゞ ヾ, its voiced form.
_REPEATS = re.compile("[ゝゞヽヾ]+")
_IS_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_UNVOICED, _VOICED = (
    "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホ",
    "がぎぐげござじずぜぞだぢづでどばびぶべぼガギグゲゴザジズゼゾダヂヅデドバビブベボ",
)
_TO_VOICED = str.maketrans(_UNVOICED, _VOICED)
_TO_UNVOICED = str.maketrans(_VOICED, _UNVOICED)

_SOFT_BREAK = re.compile(
    f"\n(?<=[{_JAPANESE}]\n)(?=[{_JAPANESE}])|\r\n(?<=[{_JAPANESE}]\r\n)(?=[{_JAPANESE}])"
)
_NO_BREAKS = {"\n": "", "\r\n": ""}

# As NFKC leaves ㈱ and its like, and as people type them.
_LEGAL_FORM = re.compile(r"\((?:株|有|財|社|一社|一財|公社|公財|特非)\)")
_LEGAL_FORMS = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(財)": "財団法人",
    "(社)": "社団法人",
    "(一社)": "一般社団法人",
    "(一財)": "一般財団法人",
    "(公社)": "公益社団法人",
    "(公財)": "公益財団法人",
    "(特非)": "特定非営利活動法人",
}


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Normalised text in which every character knows the raw characters it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw text behind the non-empty slice ``text[start:end]``, as (start, end)."""
        return self.starts[start], self.ends[end - 1]


def normalise(raw: str) -> NormalisedText:
    """Fold radicals, old forms of characters, widths, compatibility forms and case; mend long
    vowels typed as hyphens, write small ke, repeated kana and legal forms of firms in one way; take
    out what is invisible and line breaks within a Japanese sentence."""
    text, starts, ends = _folded(raw)
    for pattern, rewritten in ((_LEGAL_FORM, _LEGAL_FORMS), (_SOFT_BREAK, _NO_BREAKS)):
        for match in reversed(list(pattern.finditer(text))):
            start, end = match.span()
            new = rewritten[match.group()]
            text = text[:start] + new + text[end:]
            starts = [*starts[:start], *[starts[start]] * len(new), *starts[end:]]
            ends = [*ends[:start], *[ends[end - 1]] * len(new), *ends[end:]]
    return NormalisedText(_in_place(text), starts, ends)


def _folded(raw: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """A text folded cluster by cluster, and for every character of that where its cluster starts
    and ends."""
    has_marks = _MARK.search(raw)
    if not has_marks:
        text = raw.translate(_FOLDS)
        if _FOLDS.uneven.isdisjoint(raw):
            # Most texts fold character by character.
            return text, range(len(raw)), range(1, len(raw) + 1)
    clusters = _CLUSTER.findall(raw) if has_marks else list(raw)
    folded = [_fold(cluster) for cluster in clusters]
    edges = list(accumulate(map(len, clusters), initial=0))
    counts = list(map(len, folded))
    return (
        "".join(folded),
        [edge for edge, count in zip(edges[:-1], counts, strict=True) for _ in range(count)],
        [edge for edge, count in zip(edges[1:], counts, strict=True) for _ in range(count)],
    )


def normalise_text(raw: str) -> str:
    """The same text as ``normalise``, several times as fast, without the way back."""
    if _MARK.search(raw):
        return normalise(raw).text
    text = _LEGAL_FORM.sub(lambda match: _LEGAL_FORMS[match.group()], raw.translate(_FOLDS))
    return _in_place(_SOFT_BREAK.sub("", text))


def _in_place(text: str) -> str:
    """What is rewritten character by character."""
    text = _REPEATS.sub(_repeat, _FALSE_LONG_VOWEL.sub("ー", text))
    return _SMALL_KE.sub("ケ", text)


def _repeat(match: re.Match[str]) -> str:
    kana = match.string[max(0, match.start() - 1) : match.start()]
    if not _IS_KANA.match(kana):
        return match.group()
    plain = kana.translate(_TO_UNVOICED)
    voiced = plain.translate(_TO_VOICED)
    return "".join(voiced if mark in "ゞヾ" else plain for mark in match.group())


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    visible = _INVISIBLE.sub("", cluster.translate(_RADICALS))
    # Half a surrogate pair is no character; no encoder behind us would take it.
    encodable = visible.encode("utf-8", "replace").decode()
    folded = unicodedata.normalize("NFKC", encodable).lower()
    return folded.translate(KANJI_FORMS).translate(_OLD_MARKS)


class _Folds(dict[int, str]):
    """What ``_fold`` makes of single characters, for ``str.translate``; filled as they are met."""

    _MOST = 16_384

    def __init__(self) -> None:
        self.uneven: set[str] = set()
        """Of the characters met, those that do not become one."""

    def __missing__(self, code: int) -> str:
        if len(self) >= self._MOST:
            self.clear()
        character = chr(code)
        folded = self[code] = _fold(character)
        if len(folded) != 1:
            self.uneven.add(character)
        return folded


_FOLDS = _Folds()
