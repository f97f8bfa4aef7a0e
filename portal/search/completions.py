"""Completions: what somebody may be about to type, while they type it.

Names of places, agencies and what else one can choose come first, because they lead to a precise
search; then words, then the listings themselves.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.agencies import queries as agency_queries
from portal.listings import queries
from portal.listings.vocabulary import Vocabulary
from portal.search.words import folded_kana
from search_index import SearchIndex, SearchUnavailableError, reading_key, typed_reading_keys

MOST = 10
_MOST_NAMES = 5
_MOST_OF_A_KIND = 3

_PARTS = re.compile("[・、（）]")


class CompletionKind(StrEnum):
    """What a completion stands for, and so what choosing it does."""

    REGION = "region"
    AGENCY = "agency"
    PURPOSE = "purpose"
    KIND = "kind"
    INDUSTRY = "industry"
    WORD = "word"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Completion:
    """A text to offer. ``code`` is that of the value, agency or listing; a word has none."""

    text: str
    kind: CompletionKind
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    completion: Completion
    kana: str


def complete(
    session: Session,
    index: SearchIndex,
    text: str,
    *,
    vocabulary: Vocabulary,
    limit: int = MOST,
) -> tuple[Completion, ...]:
    """At most ``limit`` completions of a typed text, the likeliest first; none for no text."""
    typed = folded_kana(text)
    if not any(character.isalnum() for character in typed):
        return ()
    names = _best_names(typed, _names(session, vocabulary))
    named = {name.text for name in names}
    listed = (item for item in _from_listings(session, index, text) if item.text not in named)
    return tuple(dict.fromkeys([*names, *listed]))[:limit]


def _names(session: Session, vocabulary: Vocabulary) -> Iterator[_Name]:
    """Everything one can choose that has a name."""
    facets = (CompletionKind.REGION, CompletionKind.PURPOSE, CompletionKind.KIND)
    for kind in (*facets, CompletionKind.INDUSTRY):
        for code, label in vocabulary.search_values(kind).items():
            yield _Name(Completion(label, kind, code), vocabulary.kana.get((kind, code), ""))
    for agency in agency_queries.list_agencies(session):
        completion = Completion(agency.name, CompletionKind.AGENCY, agency.code)
        yield _Name(completion, agency.kana or "")


def _best_names(typed: str, names: Iterable[_Name]) -> list[Completion]:
    """Those that begin as typed, in spelling or sound, before those that merely hold it."""
    keys = typed_reading_keys(typed)
    ranked = [
        (rank, name.completion) for name in names if (rank := _rank(typed, keys, name)) is not None
    ]
    best: list[Completion] = []
    for _, completion in sorted(ranked, key=lambda pair: pair[0]):
        if sum(other.kind == completion.kind for other in best) < _MOST_OF_A_KIND:
            best.append(completion)
    return best[:_MOST_NAMES]


def _rank(typed: str, keys: tuple[str, ...], name: _Name) -> int | None:
    """How well a name fits, 0 best; None if it does not."""
    label = folded_kana(name.completion.text)
    if label.startswith(typed):
        return 0
    kana = folded_kana(name.kana)
    spellings = [*_PARTS.split(label), *_PARTS.split(kana)]
    if any(spelling.startswith(typed) for spelling in spellings):
        return 1
    if any(reading_key(part).startswith(keys) for part in _PARTS.split(kana)):
        return 2
    return 3 if len(typed) > 1 and typed in label else None


def _from_listings(session: Session, index: SearchIndex, text: str) -> Iterator[Completion]:
    """Keywords and titles of published listings; none while the index is unavailable."""
    try:
        found = index.complete(text, limit=MOST)
    except SearchUnavailableError:
        return
    # An index that lags behind may hold a title that is not public any more, never its word alone.
    titles = queries.published_titles(session, [item.id for item in found if item.id])
    for item in found:
        if item.id in titles:
            yield Completion(titles[item.id], CompletionKind.LISTING, item.id)
        elif item.kind == "keyword" and folded_kana(item.text) != folded_kana(text):
            yield Completion(item.text, CompletionKind.WORD)
