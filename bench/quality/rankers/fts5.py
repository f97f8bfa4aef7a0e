"""SQLite FTS5, over its own trigrams and over words cut beforehand."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from bench.quality.rankers.ranking import FIELD_WEIGHTS, FieldText, Match
from bench.quality.rankers.words import normalise, words

_COLUMNS = ", ".join(FIELD_WEIGHTS)
_WEIGHTS = ", ".join(map(str, FIELD_WEIGHTS.values()))

# The shortest text that trigrams can find.
_TRIGRAM = 3


@contextmanager
def open_trigrams(documents: Sequence[FieldText]) -> Iterator[Match]:
    """FTS5's trigram tokenizer. It cannot find two characters, so those are looked for with LIKE,
    as its users do."""
    with closing(_filled(documents, normalise, "trigram")) as database:

        def match(text: str, needs_all: bool) -> list[str]:
            terms = normalise(text).split()
            long = [term for term in terms if len(term) >= _TRIGRAM]
            if not needs_all:
                # Any trigram: somebody who wrote a sentence has no other way to find anything.
                long = [term[at : at + 3] for term in long for at in range(len(term) - 2)]
            short = [term for term in terms if len(term) < _TRIGRAM]
            if not long:
                return _containing(database, short, needs_all)
            found = _matching(database, long, needs_all)
            if needs_all and short:
                kept = set(_containing(database, short, needs_all=True))
                return [id_ for id_ in found if id_ in kept]
            return found

        yield match


@contextmanager
def open_words(documents: Sequence[FieldText]) -> Iterator[Match]:
    """FTS5 over Sudachi's words parted by spaces."""
    with closing(_filled(documents, _parted, "unicode61")) as database:

        def match(text: str, needs_all: bool) -> list[str]:
            return _matching(database, words(text), needs_all)

        yield match


def _parted(text: str) -> str:
    return " ".join(words(text))


def _filled(
    documents: Sequence[FieldText], prepare: Callable[[str], str], tokenizer: str
) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(
        f"CREATE VIRTUAL TABLE listing USING fts5(id UNINDEXED, {_COLUMNS}, tokenize='{tokenizer}')"
    )
    marks = ", ".join("?" * (1 + len(FIELD_WEIGHTS)))
    database.executemany(
        f"INSERT INTO listing VALUES ({marks})",  # noqa: S608  (question marks)
        (
            (document.id, *(prepare(document.fields.get(name, "")) for name in FIELD_WEIGHTS))
            for document in documents
        ),
    )
    return database


def _matching(database: sqlite3.Connection, terms: Sequence[str], needs_all: bool) -> list[str]:
    if not terms:
        return []
    quoted = ('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
    query = (" AND " if needs_all else " OR ").join(quoted)
    rows = database.execute(
        f"SELECT id FROM listing WHERE listing MATCH ? ORDER BY bm25(listing, 0, {_WEIGHTS}), id",  # noqa: S608  (numbers of ours)
        (query,),
    )
    return [id_ for (id_,) in rows]


def _containing(database: sqlite3.Connection, terms: Sequence[str], needs_all: bool) -> list[str]:
    """Plain containment, ordered by the weight of the fields that hold each term."""
    if not terms:
        return []
    worth = " + ".join(
        f"{weight} * (instr({name}, ?) > 0)"
        for _ in terms
        for name, weight in FIELD_WEIGHTS.items()
    )
    holds = f"instr({' || char(10) || '.join(FIELD_WEIGHTS)}, ?) > 0"
    condition = (" AND " if needs_all else " OR ").join(holds for _ in terms)
    arguments = [*terms, *(term for term in terms for _ in FIELD_WEIGHTS)]
    rows = database.execute(
        f"SELECT id FROM listing WHERE {condition} ORDER BY {worth} DESC, id",  # noqa: S608
        arguments,
    )
    return [id_ for (id_,) in rows]
