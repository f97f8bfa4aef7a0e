"""PostgreSQL's full-text search over words cut beforehand.

Its trigrams (pg_trgm) are no peer: they cannot find words of two characters, the commonest in
Japanese.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from bench.quality.rankers.ranking import FieldText, Match, RankerMissingError
from bench.quality.rankers.words import words
from tests.postgresql import PostgresqlMissingError, temporary_cluster

# PostgreSQL has four weights. What they are worth stands in the order D, C, B, A.
_LABELS = {"title": "A", "keywords": "B", "summary": "C", "names": "D", "body": "D"}
_WORTH = "{0.33, 0.5, 0.67, 1.0}"

# Divide by 1 + the logarithm of the length, the nearest it has to BM25's length norm.
_LENGTH_NORM = 1


@contextmanager
def open_postgresql(documents: Sequence[FieldText]) -> Iterator[Match]:
    """A temporary server of our own, reached by a socket in its folder."""
    try:
        with temporary_cluster() as url:
            address = url.format(name="postgres").replace("+psycopg", "")
            with psycopg.connect(address) as connection:
                yield _filled(connection, documents)
    except PostgresqlMissingError as missing:
        raise RankerMissingError(str(missing)) from None


def _filled(connection: psycopg.Connection, documents: Sequence[FieldText]) -> Match:
    connection.execute("CREATE TABLE listing (id text PRIMARY KEY, terms tsvector)")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO listing VALUES (%s, CAST(%s AS tsvector))",
            [(document.id, _vector(document)) for document in documents],
        )
    connection.execute("CREATE INDEX ON listing USING gin (terms)")

    def match(text: str, needs_all: bool) -> list[str]:
        terms = [_quoted(word) for word in dict.fromkeys(words(text))]
        if not terms:
            return []
        query = (" & " if needs_all else " | ").join(terms)
        rows = connection.execute(
            "SELECT id FROM listing, CAST(%s AS tsquery) AS query WHERE terms @@ query"
            " ORDER BY ts_rank(CAST(%s AS real[]), terms, query, %s) DESC, id",
            (query, _WORTH, _LENGTH_NORM),
        )
        return [id_ for (id_,) in rows]

    return match


def _vector(document: FieldText) -> str:
    """Words with their positions and weights; a tsvector holds positions up to 16,383."""
    entries = []
    position = 0
    for name, text in document.fields.items():
        for word in words(text):
            position += 1
            entries.append(f"{_quoted(word)}:{min(position, 16_383)}{_LABELS[name]}")
    return " ".join(entries)


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
