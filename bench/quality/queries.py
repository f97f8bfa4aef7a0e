"""The judged queries: what owners type, and how well each listing serves them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TYPES = ("keyword", "sentence", "variant", "synonym", "facets", "typo")
"""In the order of the tables. What each means: ``README.md`` of this folder."""

LOOKED_AT = "tune"
"""The half that may be looked at, query by query, to make the engine better."""

EVIDENCE = "report"
"""The half that says how good it is, as long as nobody looked."""

HALVES = (LOOKED_AT, EVIDENCE)
"""The published set, to which tables and the baseline belong."""

DEVELOPMENT = "development"
"""A further set to tune on, by somebody who had not seen the halves; in no published table."""

CHOICES = (*HALVES, DEVELOPMENT)
"""Whatever queries can be asked for by name."""

GRADES = (1, 2, 3)

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query with its judgements. ``grades`` maps a listing's source id to 1, 2 or 3; a listing
    it does not name was judged to be of no use."""

    id: str
    type: str
    half: str
    """One of ``CHOICES``."""
    text: str
    filters: Mapping[str, tuple[str, ...]]
    """Chosen codes by facet, as in a search's address."""
    need: str
    """Who asks, and for what; in English, for whoever judges again."""
    grades: Mapping[str, int]


def load_queries(half: str | None = None) -> list[JudgedQuery]:
    """The queries of one of ``CHOICES``, or both halves, in the order of the file."""
    name = "development.jsonl" if half == DEVELOPMENT else "queries.jsonl"
    with (_FOLDER / name).open(encoding="utf-8") as file:
        queries = [_parse(line) for line in file]
    return [query for query in queries if half in (None, query.half)]


def _parse(line: str) -> JudgedQuery:
    row = json.loads(line)
    return JudgedQuery(
        id=row["id"],
        type=row["type"],
        half=row["half"],
        text=row["text"],
        filters={facet: tuple(codes) for facet, codes in row["filters"].items()},
        need=row["need"],
        grades=row["judgements"],
    )
