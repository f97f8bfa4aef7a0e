"""What of a search in vain is the word that the portal does not know, and what it may stand for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from portal.search.models import LONGEST_MEMBER
from portal.search.params import SearchParams
from portal.search.places import PlaceNames
from portal.search.synonym_cache import Synonyms
from portal.search.synonym_queries import WordsInForce
from portal.search.words import MINUS, QUOTES, WORD, folded
from search_index import (
    CompletionKind,
    SearchIndex,
    SearchQuery,
    SearchResults,
    SearchUnavailableError,
)

MOST = 5
_LEAST_SHARED = 2
"""Characters that a word and one of the synonyms have to have in common."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word to find synonyms for, and what may mean the same: all of it is found by searches."""

    text: str
    is_found: bool
    """Whether a search for the word alone finds anything by now."""
    suggestions: tuple[str, ...]


class WordFinder:
    """Asks the index what it knows. While that is unavailable, nothing is suggested.

    :param groups: the synonyms in force.
    """

    def __init__(
        self,
        index: SearchIndex,
        synonyms: Synonyms,
        groups: Iterable[WordsInForce],
        places: PlaceNames,
        *,
        today: date,
    ) -> None:
        self._index = index
        self._table = synonyms.table
        self._members = [member for words in groups for member in words.members if not words.added]
        self._places = places
        self._today = today

    def count_now(self, params: SearchParams) -> int | None:
        """How many listings a search finds today; None while nobody knows."""
        query = params.to_query(today=self._today, synonyms=self._table)
        found = self._search(replace(query, offset=0))
        return found.total if found else None

    def find(self, text: str) -> UnknownWord | None:
        """The word of a text that nothing has, beside places; all of its words where that is not
        one. None where there is nothing that could be a synonym."""
        named = self._places.find(text)
        words = [
            word
            for piece in WORD.findall(named.rest if named else text)
            if piece[0] not in MINUS and (word := piece.strip(QUOTES))
        ]
        unknown = words if len(words) == 1 else [w for w in words if not self._is_found(w)]
        word = unknown[0] if len(unknown) == 1 else " ".join(words)
        if not any(character.isalnum() for character in word) or len(word) > LONGEST_MEMBER:
            return None
        return UnknownWord(word, self._is_found(word), self.suggest(word))

    def suggest(self, word: str) -> tuple[str, ...]:
        """At most ``MOST`` texts that may mean the same: what the index takes it for, what begins
        like it, and synonyms that have it in them, or that it has."""
        offered: dict[str, str] = {}
        for text in self._offered(word):
            offered.setdefault(folded(text), text)
        offered.pop(folded(word), None)
        found = (
            text
            for text in offered.values()
            if len(text) <= LONGEST_MEMBER and self._is_found(text)
        )
        return tuple(islice(found, MOST))

    def _offered(self, word: str) -> Iterator[str]:
        found = self._search(self._query(word))
        if found and found.interpretation.suggestion:
            yield found.interpretation.suggestion
        try:
            completions = self._index.complete(word, limit=MOST)
        except SearchUnavailableError:
            return
        yield from (each.text for each in completions if each.kind is CompletionKind.KEYWORD)
        yield from self._alike(folded(word))

    def _alike(self, spelt: str) -> Sequence[str]:
        """Synonyms that share most with a word."""
        shared = {}
        for member in self._members:
            other = folded(member)
            if other in spelt or spelt in other:
                shared[member] = min(len(other), len(spelt))
        enough = [member for member, size in shared.items() if size >= _LEAST_SHARED]
        return sorted(enough, key=lambda member: -shared[member])[:MOST]

    def _is_found(self, word: str) -> bool:
        found = self._search(self._query(word))
        if found is None or not found.total:
            return False
        # Hits of another text, or of some of its parts, are none of the word.
        return not (found.interpretation.corrected or found.interpretation.relaxed)

    def _query(self, text: str) -> SearchQuery:
        return SearchQuery(on=self._today, text=text, synonyms=self._table)

    def _search(self, query: SearchQuery) -> SearchResults | None:
        try:
            return self._index.search(replace(query, limit=0, with_facets=False))
        except SearchUnavailableError:
            return None
