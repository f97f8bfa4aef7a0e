"""PostgreSQL full-text search over ready-made words: ``tsvector`` with GIN, facets as arrays.

A server of our own, reached by a socket only, on data that stay in the peer's folder.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

from bench.peers.peer import (
    FACET_FIELDS,
    TEXT_FIELDS,
    Match,
    PeerAnswer,
    PeerDocument,
    PeerMissingError,
    PeerQuery,
)
from bench.peers.sql_facets import deadline_number
from tests.postgresql import SERVER_ACCOUNT, PostgresqlMissingError, find_programs

# A tsvector knows four weights.
_LABELS = {"title": "A", "keywords": "B", "summary": "C", "names": "D", "body": "D"}
_WEIGHTS = "{0.33, 0.5, 0.67, 1}"
"""Of D, C, B and A."""
# Between fields, so that no phrase reaches from one into the next.
_GAP = 20

_SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "off",
}
_VERSION = re.compile(r"\d+\.\d+")


class Postgresql:
    """One table; counts are taken in one statement from the rows a text found."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        try:
            self._programs = find_programs()
        except PostgresqlMissingError as error:
            raise PeerMissingError(str(error)) from error
        self._data = (folder / "cluster").absolute()
        self._account = SERVER_ACCOUNT if os.geteuid() == 0 else None
        told = subprocess.check_output([self._programs / "postgres", "--version"], text=True)  # noqa: S603
        self.version = _VERSION.findall(told)[0]

    def build(self, documents: Iterable[PeerDocument]) -> None:
        self._data.mkdir()
        if self._account:
            shutil.chown(self._data, self._account)
        self._run("initdb", "--pgdata", str(self._data), "--username", "portal", "--auth", "trust",
                  "--encoding", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        self._start()
        facets = ", ".join(f"{facet} text[] NOT NULL" for facet in FACET_FIELDS)
        self._database.execute(
            f"CREATE TABLE listing (id text PRIMARY KEY, deadline int NOT NULL,"
            f" words tsvector NOT NULL, {facets})"
        )
        with self._database.cursor().copy("COPY listing FROM STDIN") as rows:
            for document in documents:
                codes = [list(document.facets.get(facet, ())) for facet in FACET_FIELDS]
                words = _vector(document.tokenised)
                rows.write_row((document.id, deadline_number(document), words, *codes))
        self._database.execute("CREATE INDEX ON listing USING gin (words)")
        for facet in FACET_FIELDS:
            self._database.execute(f"CREATE INDEX ON listing USING gin ({facet})")
        self._database.execute("CREATE INDEX ON listing (deadline, id)")
        self._database.execute("VACUUM ANALYZE listing")
        self.close()

    def open(self) -> None:
        self._start()

    def close(self) -> None:
        self._database.close()
        self._stop("fast")
        shutil.rmtree(self._sockets, ignore_errors=True)

    def search(self, query: PeerQuery) -> PeerAnswer:
        text = "words @@ %(text)s::tsquery" if query.words else "TRUE"
        values: dict[str, object] = {"text": _expression(query), "limit": query.limit}
        filters = {
            facet: f"{facet} && %({facet})s" for facet, codes in query.filters.items() if codes
        }
        values |= {facet: list(query.filters[facet]) for facet in filters}
        where = " AND ".join((text, *filters.values()))
        if query.by_deadline:
            order = "deadline, id"
        elif query.words:
            order = f"ts_rank('{_WEIGHTS}', words, %(text)s::tsquery, 1) DESC, id"
        else:
            order = "id"
        run = self._database.execute
        found = f"FROM listing WHERE {where}"
        counted = run(f"SELECT count(*) {found}", values).fetchone()
        ids = run(f"SELECT id {found} ORDER BY {order} LIMIT %(limit)s", values)
        page = tuple(row[0] for row in ids)
        total = counted[0] if counted else 0
        if not query.with_facets:
            return PeerAnswer(total, page)
        facets: dict[str, dict[str, int]] = {facet: {} for facet in FACET_FIELDS}
        for facet, code, count in run(_counting(text, filters), values):
            facets[facet][code] = count
        return PeerAnswer(total, page, facets)

    def _start(self) -> None:
        if (self._data / "postmaster.pid").exists():
            # Left behind by a run that was killed.
            self._run(
                "pg_ctl", "--pgdata", str(self._data), "-m", "immediate", "stop", must_work=False
            )
        # Not in the peer's folder: the path of a socket has to be short.
        self._sockets = Path(tempfile.mkdtemp(prefix="bench-pg-", dir="/tmp"))
        if self._account:
            shutil.chown(self._sockets, self._account)
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options += f" -c unix_socket_directories={self._sockets}"
        log = str(self._data / "server.log")
        self._run("pg_ctl", "--pgdata", str(self._data), "-o", options, "-l", log, "-w", "start")
        self._database = psycopg.connect(
            f"host={self._sockets} user=portal dbname=postgres", autocommit=True
        )

    def _stop(self, mode: str, *, must_work: bool = True) -> None:
        data = str(self._data)
        self._run("pg_ctl", "--pgdata", data, "-m", mode, "-w", "stop", must_work=must_work)

    def _run(self, program: str, *arguments: str, must_work: bool = True) -> None:
        done = subprocess.run(  # noqa: S603  (our own programs and arguments)
            [self._programs / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            user=self._account,
            cwd="/",
        )
        if must_work and done.returncode:
            # Most often the account of the server cannot reach the folder.
            raise RuntimeError(f"{program} failed for {self._data}: {done.stderr or done.stdout}")


def _counting(text: str, filters: Mapping[str, str]) -> str:
    """A statement for (facet, code, count), matching the text once for all facets."""
    columns = ", ".join(FACET_FIELDS)
    parts = []
    for facet in FACET_FIELDS:
        heeded = [condition for name, condition in filters.items() if name != facet]
        where = " AND ".join(heeded) or "TRUE"
        parts.append(
            f"SELECT '{facet}', code, count(*) FROM found, unnest({facet}) AS code"  # noqa: S608
            f" WHERE {where} GROUP BY code"
        )
    found = f"SELECT {columns} FROM listing WHERE {text}"  # noqa: S608  (our own names)
    return f"WITH found AS MATERIALIZED ({found}) {' UNION ALL '.join(parts)}"


def _vector(texts: Mapping[str, str]) -> str:
    """A ``tsvector`` as text, with each word's positions and weights."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 1
    for name in TEXT_FIELDS:
        for word in texts[name].split():
            places[word].append(f"{position}{_LABELS[name]}")
            position += 1
        position += _GAP
    return " ".join(f"{_quoted(word)}:{','.join(at)}" for word, at in places.items())


def _expression(query: PeerQuery) -> str:
    operator = {Match.ALL: " & ", Match.ANY: " | ", Match.PHRASE: " <-> "}[query.match]
    return operator.join(map(_quoted, query.words))


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
