"""All words an index has met, to find those that look or sound like one it has not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum

from search_index.document_terms import WordForm


class Closeness(IntEnum):
    """How alike two words are, most alike first."""

    SAME_READING = 0
    SWAPPED = 1
    """Two neighbouring characters change places."""
    ONE_EDIT = 2
    """One character is inserted, left out or replaced."""


class Vocabulary:
    """Surfaces by reading and by length."""

    def __init__(self, forms: Iterable[WordForm]) -> None:
        self._by_reading: dict[str, set[str]] = defaultdict(set)
        self._by_length: dict[int, set[str]] = defaultdict(set)
        for form in forms:
            self._by_reading[form.reading].add(form.surface)
            self._by_length[len(form.surface)].add(form.surface)

    def like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        """Surfaces that are not ``text`` but read like it (``reading``, in katakana) or are one
        edit away from it. One character alone is like everything, so only its reading counts."""
        for surface in self._by_reading.get(reading, ()):
            if surface != text:
                yield Closeness.SAME_READING, surface
        if len(text) > 1:
            for length in (len(text) - 1, len(text), len(text) + 1):
                for surface in self._by_length.get(length, ()):
                    closeness = compare(surface, text)
                    if closeness is not None:
                        yield closeness, surface


def compare(one: str, other: str) -> Closeness | None:
    """How alike two surfaces look; None if they are equal or more than one edit apart."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return None
    pairs = enumerate(zip(short, long, strict=False))
    at = next((place for place, (left, right) in pairs if left != right), len(short))
    if len(short) < len(long):
        return Closeness.ONE_EDIT if short[at:] == long[at + 1 :] else None
    if short[at + 1 :] == long[at + 1 :]:
        return Closeness.ONE_EDIT
    is_swap = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return Closeness.SWAPPED if is_swap else None
