"""``make bench-quality``: our engine and its peers on the judged queries.

``python -m bench.quality.run --help`` tells what else it can show.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from bench.quality.baseline import record_baseline
from bench.quality.corpus import real_documents
from bench.quality.explain import explain, worst
from bench.quality.measures import (
    MEASURES,
    Scored,
    difference_table,
    mean,
    measure_table,
    score,
)
from bench.quality.queries import (
    CHOICES,
    DEVELOPMENT,
    EVIDENCE,
    LOOKED_AT,
    JudgedQuery,
    load_queries,
)
from bench.quality.rankers import ours
from bench.quality.rankers.peers import open_peers
from bench.quality.versions import used_versions
from portal.search.synonyms import default_synonyms

OURS = "ours"


def main() -> None:
    """Read the arguments and print what they ask for."""
    options = _options()
    with ExitStack() as stack:
        documents = real_documents()
        index = stack.enter_context(ours.open_ours(options.engine, documents))
        if options.explain:
            query = _find(options.explain, options.half)
            results = ours.search(index, query.text, query.filters, default_synonyms())
            _print(explain(query, results, {document.id: document for document in documents}))
            return
        half = options.half or (LOOKED_AT if options.worst else EVIDENCE)
        queries = load_queries(half)
        own = score(ours.rank_with(index), queries)
        if options.worst:
            _print(worst(own, options.worst))
        elif options.record:
            record_baseline(mean(MEASURES["nDCG@10"], own))
        else:
            peers = {} if options.alone else open_peers(stack, documents)
            _print_tables(
                {OURS: own} | {name: score(rank, queries) for name, rank in peers.items()}, queries
            )


def _find(id_: str, half: str | None) -> JudgedQuery:
    """A query that may be looked at; one of the evidence only where its half is asked for."""
    everything = (*load_queries(), *load_queries(DEVELOPMENT))
    query = next((query for query in everything if query.id == id_), None)
    if query is None:
        sys.exit(f"there is no query {id_}")
    if query.half == EVIDENCE and half != EVIDENCE:
        sys.exit(f"{id_} is of the half {query.half}; who looks at it all the same says --half")
    return query


def _print_tables(scores: dict[str, list[Scored]], queries: Sequence[JudgedQuery]) -> None:
    print(f"{len(queries)} judged queries, half: {queries[0].half}")
    print(f"{used_versions()}\n")
    for name in MEASURES:
        _print(measure_table(name, scores))
        print()
    if len(scores) > 1:
        _print(difference_table(OURS, scores))


def _print(lines: Iterable[str]) -> None:
    print("\n".join(lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quality.run", description=__doc__)
    parser.add_argument(
        "--half", choices=CHOICES, help="which queries; else report, or tune for single ones"
    )
    parser.add_argument("--engine", choices=ours.ENGINES, default="memory", help="which of ours")
    parser.add_argument("--alone", action="store_true", help="our engine without the peers")
    parser.add_argument("--explain", metavar="ID", help="show one query closely, and stop")
    parser.add_argument("--worst", type=int, metavar="N", help="show our N worst, and stop")
    parser.add_argument(
        "--record", action="store_true", help="write baseline.json from the reporting half"
    )
    options = parser.parse_args()
    if options.record and options.half not in (None, EVIDENCE):
        parser.error("the baseline is that of the reporting half")
    return options


if __name__ == "__main__":
    main()
