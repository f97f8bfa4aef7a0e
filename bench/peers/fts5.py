"""SQLite FTS5 over ready-made words, in the SQLite that Python brings."""

import sqlite3
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.peers.peer import (
    FACET_FIELDS,
    FIELD_WEIGHTS,
    TEXT_FIELDS,
    Match,
    PeerAnswer,
    PeerDocument,
    PeerQuery,
)
from bench.peers.sql_facets import counting_groups, deadline_number

# Letters of any script are part of a word to the ascii tokenizer, ASCII punctuation once it is
# told: so only the spaces we put part words. Quotes cannot be named there.
_TOKENIZER = f"""ascii tokenchars '{"".join(set(string.punctuation) - set("'" + '"'))}'"""

_CODES_PER_FACET = 1000

_TABLES = """
CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT NOT NULL, closes_on INTEGER NOT NULL);
CREATE TABLE code (number INTEGER PRIMARY KEY, facet TEXT NOT NULL, code TEXT NOT NULL);
CREATE TABLE document_code (
    document INTEGER NOT NULL, code INTEGER NOT NULL, PRIMARY KEY (document, code)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX document_by_deadline ON document (closes_on, id);
CREATE UNIQUE INDEX code_by_name ON code (facet, code);
CREATE INDEX document_code_by_code ON document_code (code, document);
ANALYZE;
"""


class Fts5:
    """One FTS5 table with a column per field, and a table of codes indexed both ways."""

    name = "FTS5"
    version = f"SQLite {sqlite3.sqlite_version}"
    tokenizer = f'tokenize = "{_TOKENIZER}"'

    def __init__(self, folder: Path) -> None:
        self._path = folder / "fts5.db"

    def build(self, documents: Iterable[PeerDocument]) -> None:
        self._connect()
        self._database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")
        self._database.executescript(_TABLES)
        columns = ", ".join(TEXT_FIELDS)
        self._database.execute(
            f"CREATE VIRTUAL TABLE listing USING fts5({columns}, content = '', {self.tokenizer})"
        )
        weights = ", ".join(str(FIELD_WEIGHTS[name]) for name in TEXT_FIELDS)
        self._database.execute(
            "INSERT INTO listing(listing, rank) VALUES ('rank', ?)", (f"bm25({weights})",)
        )
        self._database.execute("BEGIN")
        codes: dict[tuple[str, str], int] = {}
        for number, document in enumerate(documents, start=1):
            self._add(number, document, codes)
        self._database.executemany(
            "INSERT INTO code VALUES (?, ?, ?)",
            ((number, facet, code) for (facet, code), number in codes.items()),
        )
        self._database.execute("COMMIT")
        self._database.execute("INSERT INTO listing(listing) VALUES ('optimize')")
        self._database.executescript(_INDEXES)
        self.close()

    def texts(self, document: PeerDocument) -> Mapping[str, str]:
        """What of a document is indexed."""
        return document.tokenised

    def expression(self, query: PeerQuery) -> str:
        """The text part of a query as FTS5 writes it; empty for none."""
        if query.match is Match.PHRASE and query.words:
            return quoted(" ".join(query.words))
        return f" {'OR' if query.match is Match.ANY else 'AND'} ".join(map(quoted, query.words))

    def open(self) -> None:
        self._connect()
        # All of it in memory if it fits, as the other engines have it.
        self._database.executescript(
            "PRAGMA query_only = ON; PRAGMA mmap_size = 8589934592; PRAGMA cache_size = -262144;"
            "PRAGMA temp_store = MEMORY;"
        )
        self._database.execute("PRAGMA query_only = OFF")
        self._database.execute("CREATE TEMP TABLE found (number INTEGER PRIMARY KEY)")
        rows = self._database.execute("SELECT number, facet, code FROM code")
        self._codes = {(facet, code): number for number, facet, code in rows}
        self._names = {number: name for name, number in self._codes.items()}

    def close(self) -> None:
        self._database.close()

    def search(self, query: PeerQuery) -> PeerAnswer:
        expression = self.expression(query)
        total, ids = self._page(expression, query)
        if not query.with_facets:
            return PeerAnswer(total, ids)
        if expression:
            # Matched once, counted several times.
            self._database.execute("DELETE FROM found")
            self._database.execute(
                "INSERT INTO found SELECT rowid FROM listing WHERE listing MATCH ?", (expression,)
            )
        facets = dict(self._counts(bool(expression), query.filters))
        return PeerAnswer(total, ids, {name: facets.get(name, {}) for name in FACET_FIELDS})

    def _connect(self) -> None:
        # Statements are prepared once and found again by their text.
        self._database = sqlite3.connect(
            self._path, isolation_level=None, cached_statements=512, check_same_thread=False
        )

    def _add(self, number: int, document: PeerDocument, codes: dict[tuple[str, str], int]) -> None:
        self._database.execute(
            "INSERT INTO document VALUES (?, ?, ?)",
            (number, document.id, deadline_number(document)),
        )
        texts = self.texts(document)
        self._database.execute(
            f"INSERT INTO listing(rowid, {', '.join(TEXT_FIELDS)}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  (our own names)
            (number, *(texts[name] for name in TEXT_FIELDS)),
        )
        names = [(facet, code) for facet in FACET_FIELDS for code in document.facets.get(facet, ())]
        self._database.executemany(
            "INSERT INTO document_code VALUES (?, ?)",
            ((number, codes.setdefault(name, _code_number(name, codes))) for name in names),
        )

    def _page(self, expression: str, query: PeerQuery) -> tuple[int, tuple[str, ...]]:
        key = "listing.rowid" if expression else "document.number"
        conditions, values = self._conditions(key, query.filters)
        if expression:
            conditions, values = ["listing MATCH ?", *conditions], [expression, *values]
        where = " AND ".join(conditions) or "TRUE"
        source = "listing" if expression else "document"
        total = self._database.execute(
            f"SELECT count(*) FROM {source} WHERE {where}",  # noqa: S608  (our own names)
            values,
        ).fetchone()[0]
        if expression:
            source = "listing JOIN document ON document.number = listing.rowid"
        order = "closes_on, id" if query.by_deadline else "rank" if expression else "number"
        rows = self._database.execute(
            f"SELECT id FROM {source} WHERE {where} ORDER BY {order} LIMIT ?",  # noqa: S608
            [*values, query.limit],
        )
        return total, tuple(row[0] for row in rows)

    def _conditions(
        self, key: str, filters: Mapping[str, Sequence[str]]
    ) -> tuple[list[str], list[object]]:
        """SQL that lets through the documents, named by ``key``, that have the chosen codes."""
        conditions: list[str] = []
        values: list[object] = []
        for facet, chosen in filters.items():
            numbers = [self._codes[facet, code] for code in chosen if (facet, code) in self._codes]
            marks = ", ".join("?" * len(numbers))
            conditions.append(
                f"EXISTS (SELECT 1 FROM document_code AS chosen WHERE chosen.document = {key}"  # noqa: S608
                f" AND chosen.code IN ({marks}))"
            )
            values.extend(numbers)
        return conditions, values

    def _counts(
        self, has_text: bool, filters: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[str, dict[str, int]]]:
        source = "found" if has_text else "document"
        for facets, heeded in counting_groups(filters):
            conditions, values = self._conditions(f"{source}.number", heeded)
            wanted = " OR ".join(_codes_of(facet) for facet in facets)
            if conditions or has_text:
                # Narrowed before codes are looked at, of which a document has many.
                statement = f"""
                    WITH narrowed AS MATERIALIZED (
                        SELECT number FROM {source} WHERE {" AND ".join(conditions) or "TRUE"})
                    SELECT code, count(*) FROM narrowed
                    CROSS JOIN document_code ON document = narrowed.number
                    WHERE {wanted} GROUP BY code"""  # noqa: S608  (our own names)
            else:
                statement = f"SELECT code, count(*) FROM document_code WHERE {wanted} GROUP BY code"  # noqa: S608
            counts: dict[str, dict[str, int]] = {facet: {} for facet in facets}
            for number, count in self._database.execute(statement, values):
                facet, code = self._names[number]
                counts[facet][code] = count
            yield from counts.items()


def _code_number(name: tuple[str, str], codes: Mapping[tuple[str, str], int]) -> int:
    """A new number for a code, next to those of its facet."""
    return FACET_FIELDS.index(name[0]) * _CODES_PER_FACET + len(codes)


def _codes_of(facet: str) -> str:
    """SQL for the rows of one facet, whose codes are numbered in a row."""
    first = FACET_FIELDS.index(facet) * _CODES_PER_FACET
    return f"code BETWEEN {first} AND {first + _CODES_PER_FACET - 1}"


def quoted(text: str) -> str:
    """A string of FTS5's query language."""
    return '"' + text.replace('"', '""') + '"'
