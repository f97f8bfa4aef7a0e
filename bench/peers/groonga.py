"""Groonga over ready-made words, one long-lived process that is told commands through a pipe."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.peers.peer import (
    FACET_FIELDS,
    FIELD_WEIGHTS,
    TEXT_FIELDS,
    Match,
    PeerAnswer,
    PeerDocument,
    PeerMissingError,
    PeerQuery,
)
from bench.peers.sql_facets import counting_groups, deadline_number

# Twice the weights of the others, because Groonga's scores are whole numbers and 1.5 would be lost.
_TEXT_COLUMNS = " || ".join(f"{name} * {int(FIELD_WEIGHTS[name] * 2)}" for name in TEXT_FIELDS)

_VERSION = re.compile(r"Groonga ([\d.]+)")
_LOAD_BATCH = 1000


def find_program() -> str:
    """The path of ``groonga``.

    :raises PeerMissingError: it is not installed.
    """
    program = shutil.which("groonga")
    if program is None:
        raise PeerMissingError("no groonga: apt-get install groonga-bin")
    return program


def select_parameters(query: PeerQuery) -> list[dict[str, str]]:
    """The ``select`` commands that answer a query; the first gives the page of hits."""
    text = {"match_columns": _TEXT_COLUMNS, "query": _expression(query)} if query.words else {}
    order = "deadline,_key" if query.by_deadline else "-_score,_key" if text else "_key"
    page = {"limit": str(query.limit), "output_columns": "_key", "sort_keys": order}
    commands = [{"table": "Listing", **text, **_filter(query.filters), **page}]
    if query.with_facets:
        for facets, heeded in counting_groups(query.filters):
            counted = _drilldowns(facets)
            if heeded == query.filters:
                commands[0] |= counted
            else:
                nothing = {"limit": "0", "output_columns": "_key"}
                commands.append(
                    {"table": "Listing", **text, **_filter(heeded), **nothing, **counted}
                )
    return commands


class Groonga:
    """Full-text index with positions and fields, an index on each code, counts by drilldown."""

    name = "Groonga"

    def __init__(self, folder: Path) -> None:
        self._program = find_program()
        self.path = folder / "groonga.db"
        told = subprocess.check_output([self._program, "--version"], text=True)  # noqa: S603
        found = _VERSION.search(told)
        self.version = found[1] if found else "unknown"

    def build(self, documents: Iterable[PeerDocument]) -> None:
        self._start("-n")
        self._command("table_create", name="Listing", flags="TABLE_PAT_KEY", key_type="ShortText")
        for name in TEXT_FIELDS:
            self._column("Listing", name, "COLUMN_SCALAR", "Text")
        self._column("Listing", "deadline", "COLUMN_SCALAR", "UInt32")
        for facet in FACET_FIELDS:
            self._command("table_create", name=facet, flags="TABLE_PAT_KEY", key_type="ShortText")
            self._column("Listing", facet, "COLUMN_VECTOR", facet)
        self._load(documents)
        # Indexes over what is there already are built faster, and are as if optimised.
        self._command(
            "table_create", name="Word", flags="TABLE_PAT_KEY", key_type="ShortText",
            default_tokenizer="TokenDelimit",
        )  # fmt: skip
        flags = "COLUMN_INDEX|WITH_POSITION|WITH_SECTION"
        self._column("Word", "listing_text", flags, "Listing", source=",".join(TEXT_FIELDS))
        for facet in FACET_FIELDS:
            self._column(facet, f"listing_{facet}", "COLUMN_INDEX", "Listing", source=facet)
        self.close()

    def open(self) -> None:
        self._start()
        self._command("cache_limit", max="0")

    def close(self) -> None:
        self._process.communicate()

    def search(self, query: PeerQuery) -> PeerAnswer:
        first, *others = [self._command("select", **each) for each in select_parameters(query)]
        hits = first[0]
        facets = {
            name: dict(rows[2:])
            for answer in (first, *others)
            for name, rows in (answer[1] if len(answer) > 1 else {}).items()
        }
        return PeerAnswer(hits[0][0], tuple(key for (key,) in hits[2:]), facets)

    def _start(self, *options: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own program and arguments)
            [self._program, *options, str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _command(self, command: str, /, **parameters: str) -> Any:  # the shape differs by command
        return self._send(f"/d/{command}?{urlencode(parameters)}\n")

    def _send(self, lines: str) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("groonga has no pipes")
        stdin.write(lines)
        stdin.flush()
        (code, *_), *body = json.loads(stdout.readline())
        if code != 0:
            raise RuntimeError(f"groonga refused {lines[:200]!r}")
        return body[0]

    def _column(self, table: str, name: str, flags: str, value: str, **options: str) -> None:
        self._command("column_create", table=table, name=name, flags=flags, type=value, **options)

    def _load(self, documents: Iterable[PeerDocument]) -> None:
        rows = []
        for document in documents:
            facets = {facet: document.facets.get(facet, ()) for facet in FACET_FIELDS}
            deadline = deadline_number(document)
            rows.append({"_key": document.id, "deadline": deadline, **document.tokenised, **facets})
            if len(rows) == _LOAD_BATCH:
                self._send(f"load --table Listing\n{json.dumps(rows, ensure_ascii=False)}\n")
                rows.clear()
        if rows:
            self._send(f"load --table Listing\n{json.dumps(rows, ensure_ascii=False)}\n")


def _expression(query: PeerQuery) -> str:
    if query.match is Match.PHRASE:
        return _quoted(" ".join(query.words))
    return (" OR " if query.match is Match.ANY else " ").join(map(_quoted, query.words))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _filter(filters: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    conditions = [
        f"in_values({facet}, {', '.join(map(_quoted, codes))})"
        for facet, codes in filters.items()
        if codes
    ]
    return {"filter": " && ".join(conditions)} if conditions else {}


def _drilldowns(facets: Iterable[str]) -> dict[str, str]:
    return dict(_drilldown_pairs(facets))


def _drilldown_pairs(facets: Iterable[str]) -> Iterator[tuple[str, str]]:
    for facet in facets:
        yield f"drilldowns[{facet}].keys", facet
        yield f"drilldowns[{facet}].limit", "-1"
        yield f"drilldowns[{facet}].output_columns", "_key,_nsubrecs"
