"""Which groups are behind what a search says it looks for beside the words typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.search import synonym_queries
from portal.search.synonym_queries import WordsInForce
from portal.search.words import folded
from search_index import SearchIndex, SearchQuery, SearchUnavailableError, SynonymExpansion


@dataclass(frozen=True, slots=True)
class TriedTerm:
    """A part of a text, what is searched for beside it, and the groups that say so."""

    term: str
    added: tuple[str, ...]
    group_ids: tuple[int, ...]
    """None where it is no group's doing: a reading, another writing of a year."""
    is_guess: bool = False
    """True if no group has the term, but its words are mostly those of sayings of these."""


def explain(
    expansions: Iterable[SynonymExpansion],
    groups: Mapping[int, WordsInForce],
    *,
    index: SearchIndex,
    on: date,
) -> tuple[TriedTerm, ...]:
    """What a search on a day was widened by, with the groups of those in force that widened it."""
    given = {group_id: _folded_all(_given(words)) for group_id, words in groups.items()}
    return tuple(_explained(each, groups, given, index, on) for each in expansions)


def _explained(
    expansion: SynonymExpansion,
    groups: Mapping[int, WordsInForce],
    given: Mapping[int, frozenset[str]],
    index: SearchIndex,
    on: date,
) -> TriedTerm:
    term, unexplained = folded(expansion.term), set(_folded_all(expansion.added))
    givers = {group_id: groups[group_id] for group_id in groups if given[group_id] & unexplained}
    # The search tells a term of groups as one of them spells it.
    found = {each for each, words in givers.items() if term in _folded_all(words.members)}
    if not found:
        alike = _giving_most_of(expansion.added, groups)
        return TriedTerm(expansion.term, expansion.added, alike, is_guess=bool(alike))
    for group_id in found:
        unexplained -= given[group_id]
    # Others may have it in a spelling that searches take for the same: 取組 for 取り組み.
    for group_id, words in givers.items():
        if given[group_id] & unexplained and _knows(index, words, expansion.term, on):
            found.add(group_id)
    return TriedTerm(expansion.term, expansion.added, tuple(sorted(found)))


def _giving_most_of(added: tuple[str, ...], groups: Mapping[int, WordsInForce]) -> tuple[int, ...]:
    """The groups all of whose added words stand there in a row, if none has more of them."""
    runs = {added[start:end] for end in range(len(added) + 1) for start in range(end)}
    held = {group_id: words.added for group_id, words in groups.items() if words.added in runs}
    most = max(map(len, held.values()), default=0)
    return tuple(group_id for group_id, words in held.items() if len(words) == most)


def _knows(index: SearchIndex, words: WordsInForce, term: str, on: date) -> bool:
    """Whether a group alone widens a search for a term by one of its words."""
    table = synonym_queries.to_table([words])
    query = SearchQuery(on=on, text=term, limit=0, with_facets=False, synonyms=table)
    try:
        expansions = index.search(query).interpretation.synonyms
    except SearchUnavailableError:
        return False
    given = _folded_all(_given(words))
    return any(given & _folded_all(each.added) for each in expansions)


def _given(words: WordsInForce) -> tuple[str, ...]:
    return words.added or words.members


def _folded_all(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded, texts))
