"""The words of an index by how they are read, for what is typed in kana or Latin letters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search_index.analysis.kana import is_kana, reading_key, to_hiragana
from search_index.errors import SearchUnavailableError

READINGS = "readings"
"""Postings of no text field: each term is a ``Reading`` of a word that the document holds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a word is read, and how it is written."""

    key: str
    """The ``reading_key`` of the reading."""
    reading: str
    """In hiragana."""
    surface: str

    def to_term(self) -> str:
        """As a term of the ``READINGS`` postings. Terms of one key share a prefix."""
        return "\t".join((self.key, self.reading, self.surface))

    @classmethod
    def from_term(cls, term: str) -> "Reading":
        """The inverse of ``to_term``.

        :raises SearchUnavailableError: the term is damaged.
        """
        parts = term.split("\t")
        if len(parts) != 3:
            raise SearchUnavailableError(f"a damaged term: {term!r}")
        return cls(*parts)


def reading_terms(words: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The terms of words, given by surface and reading. What has no reading in kana has no term."""
    for surface, reading in words:
        if is_kana(reading):
            yield Reading(reading_key(reading), to_hiragana(reading), surface).to_term()
