"""Words nobody knows: made-up names in katakana, as many as a corpus of any size can use."""

from random import Random

_SYLLABLES = (
    *"アイウエオカキクケコサシスセソタチツテトナニノハヒフホマミムメモヤユヨラリルレロワンー",
    *"ガギグゴザダドバビブボパピポ",
    *("キャ", "シュ", "チョ", "リュ", "ギョ", "ジャ"),
)
_FIRSTS = tuple(syllable for syllable in _SYLLABLES if syllable not in ("ン", "ー"))
_STEP = 7_368_787
_LONGEST_RUN = len(_FIRSTS) * len(_SYLLABLES) ** 3

VOCABULARY_SIZE = 200_000
"""How many names there are; a corpus meets the rare ones only as it grows."""


def coined_name(number: int) -> str:
    """The made-up name of a number from 0; names of numbers below ``VOCABULARY_SIZE`` differ."""
    # A step without common factors visits every word of four syllables before it comes again.
    rest = (number + 1) * _STEP % _LONGEST_RUN
    rest, first = divmod(rest, len(_FIRSTS))
    syllables = [_FIRSTS[first]]
    for _ in range(3):
        rest, at = divmod(rest, len(_SYLLABLES))
        syllables.append(_SYLLABLES[at])
    return "".join(syllables)


def draw_name(random: Random) -> str:
    """A name after Zipf's law: the n-th is drawn with a chance near 1/n."""
    return coined_name(zipf_index(random, VOCABULARY_SIZE))


def zipf_index(random: Random, size: int, *, offset: int = 1) -> int:
    """A number below ``size``; n comes with a chance near 1/(n + offset)."""
    return int(offset * ((size + offset) / offset) ** random.random()) - offset
