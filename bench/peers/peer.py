"""What every engine under comparison is given and asked, whatever it is made of.

A peer that indexes words gets them ready made, so that engines are compared and not tokenizers: the
content words of each field in their dictionary form, joined by spaces (``tokenised``). A peer that
cuts text by itself takes ``raw``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from search_index import FACETS

TEXT_FIELDS = ("title", "summary", "keywords", "names", "body")
FIELD_WEIGHTS = {"title": 3.0, "summary": 1.5, "keywords": 2.0, "names": 1.0, "body": 1.0}
"""What a word found in a field is worth, where an engine can be told."""

FACET_FIELDS = FACETS


@dataclass(frozen=True, slots=True)
class PeerDocument:
    """A listing as a peer gets it.

    ``raw`` and ``tokenised`` have every name of ``TEXT_FIELDS``; ``facets`` maps names of
    ``FACET_FIELDS`` to the codes a filter may choose. ``closes_on`` is the deadline on the day of
    the comparison, if there is one.
    """

    id: str
    raw: Mapping[str, str]
    tokenised: Mapping[str, str]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closes_on: date | None = None


class Match(StrEnum):
    """Which documents the words of a query find."""

    ALL = "all"
    ANY = "any"
    PHRASE = "phrase"
    """The words in a row within one field, content words only."""


@dataclass(frozen=True, slots=True)
class PeerQuery:
    """A search. Peers of words use ``words``, in the form of ``PeerDocument.tokenised``; peers that
    cut text by themselves use ``text``. Both empty find everything.

    ``filters`` are OR within a facet and AND across. ``with_facets`` asks for the counts of all
    ``FACET_FIELDS``, each heeding the filters of the others and not its own.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    match: Match = Match.ALL
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_facets: bool = False
    by_deadline: bool = False
    """Nearest deadline first, documents without one last; else by relevance."""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """``ids`` are the best ``limit`` in order. ``facets`` is empty where none were asked for, and
    leaves out codes that count zero."""

    total: int
    ids: tuple[str, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class PeerMissingError(Exception):
    """A peer cannot be run here; the message says what to install."""


class Engine(Protocol):
    """A search engine over one corpus, kept in a folder. Tables print its name and version."""

    name: str
    version: str

    def open(self) -> None:
        """Make ready to answer what was built, now or in an earlier run."""
        ...

    def close(self) -> None:
        """Let go of processes, files and everything cached; ``open`` may follow."""
        ...

    def search(self, query: PeerQuery) -> PeerAnswer:
        """Answer a query, from its words to ids and counts in Python's hands."""
        ...


class Peer(Engine, Protocol):
    """An engine that takes ready-made words.

    :raises PeerMissingError: when made, if it cannot be run here.
    """

    def __init__(self, folder: Path) -> None: ...

    def build(self, documents: Iterable[PeerDocument]) -> None:
        """Index ``documents`` into the folder, which is empty, and make it durable. Leaves the
        engine closed."""
        ...


def rank(
    engine: Engine,
    text: str,
    words: tuple[str, ...],
    *,
    match: Match = Match.ANY,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    limit: int = 10,
) -> tuple[str, ...]:
    """The ids an engine holds most relevant to a question, best first."""
    query = PeerQuery(text=text, words=words, match=match, filters=filters or {}, limit=limit)
    return engine.search(query).ids
