"""Where a text shows what was searched for: by surfaces, so that nothing is tokenised again."""

import re
from dataclasses import dataclass
from functools import lru_cache

from search_index.analysis.normalise import normalise


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Finds the words of one query in any text; without words it finds nothing."""

    surfaces: tuple[str, ...] = ()
    """Normalised text to look for."""

    def spans(self, raw: str) -> tuple[tuple[int, int], ...]:
        """The (start, end) of what to mark in ``raw``, ascending; none touch each other."""
        merged: list[tuple[int, int]] = []
        for start, end, _ in self._matches(raw):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return tuple(merged)

    def snippet(self, raw: str, width: int) -> tuple[int, int] | None:
        """The (start, end) of the ``width`` characters of ``raw`` that show most different words,
        the earliest of equals; none if there is nothing to mark."""
        matches = self._matches(raw)
        if not matches:
            return None
        lead = width // 8
        best, most = 0, 0
        for index, (start, _, _) in enumerate(matches):
            shown: set[str] = set()
            for _, end, surface in matches[index:]:
                if end > start - lead + width:
                    break
                shown.add(surface)
            if len(shown) > most:
                best, most = start, len(shown)
        start = max(0, min(best - lead, len(raw) - width))
        return start, min(len(raw), start + width)

    def _matches(self, raw: str) -> list[tuple[int, int, str]]:
        """The (start, end, surface) of every match, ascending."""
        if not self.surfaces:
            return []
        normalised = normalise(raw)
        return [
            (*normalised.raw_span(*match.span()), match.group())
            for match in _pattern(self.surfaces).finditer(normalised.text)
        ]


@lru_cache(maxsize=256)
def _pattern(surfaces: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(surfaces, key=len, reverse=True)
    return re.compile("|".join(map(_bounded, longest_first)))


def _bounded(surface: str) -> str:
    """A surface as an expression that does not match within a longer Latin word or number."""
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", surface) else ""
    after = "(?![a-z0-9])" if re.search("[a-z0-9]$", surface) else ""
    return before + re.escape(surface) + after
