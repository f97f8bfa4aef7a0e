"""How much two titles of listings are alike, whatever year they speak of."""

import re
import unicodedata

# 令和8年度, R8, 2026年度, 第2回 and the words that nearly every title has.
_PASSING = re.compile(r"(?:令和|平成|r|h)?(?:元|[0-9]+)年度?|[rh][0-9]+|第[0-9]+回|\(見本\)")
_NO_LETTER = re.compile(r"[\W_]+")

ALIKE = 0.6
"""From here on two titles may mean the same."""


def key_of(title: str) -> str:
    """A title without width, case, signs, years and rounds."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _NO_LETTER.sub("", _PASSING.sub("", folded))


def likeness(one: str, other: str) -> float:
    """How alike two keys are, from 0 to 1: the pairs of characters they share. One that is a whole
    part of the other is alike, if it is long enough to mean something."""
    if not one or not other:
        return 0.0
    if min(len(one), len(other)) >= 4 and (one in other or other in one):
        return 1.0 if one == other else 0.9
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(key: str) -> set[str]:
    return {key[i : i + 2] for i in range(max(len(key) - 1, 1))}
